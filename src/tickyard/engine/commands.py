"""Commands as the bytes that go into the journal; those of trigger orders are in `trigger_commands`.

Each function returns one record of `crates/types/src/command` with a zero origin; the client stamps the origin
when it sends the record. Numbers outside their field raise `struct.error`, names that are too long `ValueError`;
what the numbers mean is judged by the core alone.
"""

from struct import Struct
from typing import Final

from tickyard.engine.command_layout import CLIENT_ID_SIZE, HEADER, TAG_SIZE, name
from tickyard.engine.records import (
    ANY_INSTRUMENT,
    NO_ORDER,
    AccountId,
    AssetId,
    CommandKind,
    InstrumentId,
    InstrumentState,
    OrderId,
    OrderType,
    PostingReason,
    SelfTrade,
    Side,
    TradeMode,
    Wallet,
)

SIZE_IN_QUOTE: Final = 1
"""Flag of a market order: its size is quote money, in notional units."""
BAN_AMEND: Final = 2
"""Flag of a market order: refuse it rather than shrink it."""
CLAMP_PRICE: Final = 4
"""Flag of an order or amendment: move a price beyond the bounds to the bound."""
CANCEL_ON_FAIL: Final = 1
"""Flag of an amendment: cancel the order when it cannot be amended."""

ATTACHED: Final = 8
"""Flag of an order: trigger orders wait for its fill."""
TRIGGERED: Final = 16
"""Flag of an order, not of a command: a trigger order placed it."""
BY_LEG: Final = 32
"""Beside `TRIGGERED`: it is a take-profit or a stop-loss."""
BY_TRAILING: Final = 64
"""Beside `TRIGGERED`: it is a trailing stop."""

_KEY_SIZE: Final = 16
_PLACE_ORDER = Struct(HEADER + "IBBBBqqQ32s16s24x")
_CANCEL_ORDER = Struct(HEADER + "I4xQ32s56x")
_AMEND_ORDER = Struct(HEADER + "I4xQqq32s32sQ")
_MASS_CANCEL = Struct(HEADER + "I100x")
_CANCEL_ALL_AFTER = Struct(HEADER + "Q16s80x")
_TRANSFER = Struct(HEADER + "II16sIBB2x16s56x")
_CREDIT_OR_DEBIT = Struct(HEADER + "IBB2x16s16s64x")
_DEFINE_ASSET = Struct(HEADER + "IB3x16s80x")
_DEFINE_INSTRUMENT = Struct(HEADER + "II16s16sIB3x6q32s104x")
_SET_INSTRUMENT_STATE = Struct(HEADER + "IB99x")
_DEFINE_ACCOUNT = Struct(HEADER + "IBB98x")
_DEFINE_FEE_LEVEL = Struct(HEADER + "qqB87x")
_SET_INDEX_PRICE = Struct(HEADER + "I4xqqq72x")


def place_order(
    *,
    account: AccountId,
    instrument: InstrumentId,
    side: Side,
    order_type: OrderType,
    price: int,
    size: int,
    trade_mode: TradeMode = TradeMode.CASH,
    self_trade: SelfTrade = SelfTrade.ACCOUNT_DEFAULT,
    client_id: bytes = b"",
    tag: bytes = b"",
    expires_at_ms: int = 0,
    size_in_quote: bool = False,
    ban_amend: bool = False,
    clamp_price: bool = False,
) -> bytes:
    """Place an order.

    Args:
        account: whose order it is.
        instrument: where.
        side: which way.
        order_type: how it meets the book.
        price: ticks; 0 for market orders.
        size: lots; notional units with `size_in_quote`.
        trade_mode: where its money comes from.
        self_trade: self-trade prevention; the account's own setting by default.
        client_id: the client's name for it, up to 32 ASCII letters and digits.
        tag: the client's or broker's mark, up to 16 ASCII letters and digits.
        expires_at_ms: refused when exchange time has passed this; 0 for never.
        size_in_quote: the size of a market order is quote money to spend or to receive.
        ban_amend: refuse a market order rather than shrink it to the money that is there.
        clamp_price: move a price beyond the bounds to the bound instead of refusing it.
    """
    flags = (
        (SIZE_IN_QUOTE if size_in_quote else 0)
        | (BAN_AMEND if ban_amend else 0)
        | (CLAMP_PRICE if clamp_price else 0)
    )
    return _PLACE_ORDER.pack(
        CommandKind.PLACE_ORDER,
        flags,
        account,
        instrument,
        side,
        order_type,
        trade_mode,
        self_trade,
        price,
        size,
        expires_at_ms,
        name(client_id, CLIENT_ID_SIZE),
        name(tag, TAG_SIZE),
    )


def cancel_order(
    *,
    account: AccountId,
    instrument: InstrumentId,
    order_id: OrderId = NO_ORDER,
    client_id: bytes = b"",
) -> bytes:
    """Cancel one order, by order id, else by client id."""
    return _CANCEL_ORDER.pack(
        CommandKind.CANCEL_ORDER,
        0,
        account,
        instrument,
        order_id,
        name(client_id, CLIENT_ID_SIZE),
    )


def amend_order(
    *,
    account: AccountId,
    instrument: InstrumentId,
    order_id: OrderId = NO_ORDER,
    client_id: bytes = b"",
    price: int = 0,
    size: int = 0,
    request_id: bytes = b"",
    cancel_on_fail: bool = False,
    clamp_price: bool = False,
    expires_at_ms: int = 0,
) -> bytes:
    """Change price or total size of a resting order, keeping its id.

    Args:
        account: whose order it is.
        instrument: where; must be the order's own.
        order_id: which; 0 when named by client id.
        client_id: which, when `order_id` is 0.
        price: new price in ticks; 0 leaves it.
        size: new total size in lots, filled part included; 0 leaves it.
        request_id: the client's name for this amendment.
        cancel_on_fail: cancel the order when it cannot be amended.
        clamp_price: move a price beyond the bounds to the bound instead of refusing it.
        expires_at_ms: refused when exchange time has passed this; 0 for never.
    """
    flags = (CANCEL_ON_FAIL if cancel_on_fail else 0) | (CLAMP_PRICE if clamp_price else 0)
    return _AMEND_ORDER.pack(
        CommandKind.AMEND_ORDER,
        flags,
        account,
        instrument,
        order_id,
        price,
        size,
        name(client_id, CLIENT_ID_SIZE),
        name(request_id, CLIENT_ID_SIZE),
        expires_at_ms,
    )


def mass_cancel(*, account: AccountId, instrument: InstrumentId = ANY_INSTRUMENT) -> bytes:
    """Cancel every live order of the account, in one instrument or (0) in all."""
    return _MASS_CANCEL.pack(CommandKind.MASS_CANCEL, 0, account, instrument)


def cancel_all_after(*, account: AccountId, timeout_ms: int, tag: bytes = b"") -> bytes:
    """Arm, re-arm or (0) disarm the timer that cancels the account's orders, or those with the tag."""
    return _CANCEL_ALL_AFTER.pack(
        CommandKind.CANCEL_ALL_AFTER, 0, account, timeout_ms, name(tag, TAG_SIZE)
    )


def transfer(
    *,
    account: AccountId,
    from_account: AccountId,
    to_account: AccountId,
    asset: AssetId,
    amount: int,
    from_wallet: Wallet,
    to_wallet: Wallet,
    key: bytes,
) -> bytes:
    """Move money between wallets of one account, or between accounts of one master, once per key.

    Args:
        account: who acts.
        from_account: from whom.
        to_account: to whom.
        asset: of what.
        amount: how much, in the asset's unit.
        from_wallet: out of which wallet.
        to_wallet: into which wallet.
        key: 16 bytes that name the movement for ever.
    """
    return _TRANSFER.pack(
        CommandKind.TRANSFER,
        0,
        account,
        from_account,
        to_account,
        _wide(amount),
        asset,
        from_wallet,
        to_wallet,
        _key(key),
    )


def credit(
    *,
    account: AccountId,
    asset: AssetId,
    amount: int,
    key: bytes,
    wallet: Wallet = Wallet.FUNDING,
    reason: PostingReason = PostingReason.CREDIT,
) -> bytes:
    """Bring money in from outside, once per key; `amount` is in the asset's unit."""
    return _CREDIT_OR_DEBIT.pack(
        CommandKind.CREDIT, 0, account, asset, wallet, reason, _wide(amount), _key(key)
    )


def debit(
    *,
    account: AccountId,
    asset: AssetId,
    amount: int,
    key: bytes,
    wallet: Wallet = Wallet.FUNDING,
    reason: PostingReason = PostingReason.DEBIT,
) -> bytes:
    """Take money out, once per key; `amount` is in the asset's unit."""
    return _CREDIT_OR_DEBIT.pack(
        CommandKind.DEBIT, 0, account, asset, wallet, reason, _wide(amount), _key(key)
    )


def define_asset(*, asset: AssetId, symbol: bytes, unit_digits: int = 18) -> bytes:
    """List an asset. The same definition again changes nothing, another one is refused."""
    return _DEFINE_ASSET.pack(CommandKind.DEFINE_ASSET, 0, 0, asset, unit_digits, name(symbol, 16))


def define_instrument(
    *,
    instrument: InstrumentId,
    symbol: bytes,
    base: AssetId,
    quote: AssetId,
    tick: int,
    lot: int,
    min_size: int,
    max_limit_size: int,
    max_market_size: int,
    max_market_amount: int,
    min_price: int,
    max_price: int,
    state: InstrumentState = InstrumentState.LIVE,
) -> bytes:
    """List a spot instrument. The same definition again changes nothing, another one is refused.

    Args:
        instrument: its id; dense, from 1.
        symbol: its name on the wire, up to 32 ASCII characters.
        base: what is traded.
        quote: what is paid.
        tick: one tick of price, quote units (10^-18) per whole base coin.
        lot: one lot of size, in the base asset's unit.
        min_size: smallest order, in lots.
        max_limit_size: largest limit order, in lots.
        max_market_size: largest market order by base, in lots.
        max_market_amount: largest market order by quote, in notional units.
        min_price: lowest price accepted, in ticks.
        max_price: highest price accepted, in ticks.
        state: state at listing.
    """
    return _DEFINE_INSTRUMENT.pack(
        CommandKind.DEFINE_INSTRUMENT,
        0,
        0,
        instrument,
        base,
        _wide(tick),
        _wide(lot),
        quote,
        state,
        min_size,
        max_limit_size,
        max_market_size,
        max_market_amount,
        min_price,
        max_price,
        name(symbol, 32),
    )


def set_instrument_state(*, instrument: InstrumentId, state: InstrumentState) -> bytes:
    """Open, halt or resume an instrument."""
    return _SET_INSTRUMENT_STATE.pack(CommandKind.SET_INSTRUMENT_STATE, 0, 0, instrument, state)


def define_account(
    *,
    account: AccountId,
    master: AccountId,
    fee_level: int = 0,
    self_trade: SelfTrade = SelfTrade.CANCEL_MAKER,
) -> bytes:
    """Open an account or change its settings; `master` is fixed once set."""
    return _DEFINE_ACCOUNT.pack(
        CommandKind.DEFINE_ACCOUNT, 0, account, master, fee_level, self_trade
    )


def define_fee_level(*, level: int, maker_ppb: int, taker_ppb: int) -> bytes:
    """Set a row of the fee table, in parts per billion of the trade's value; negative rates are rebates."""
    return _DEFINE_FEE_LEVEL.pack(CommandKind.DEFINE_FEE_LEVEL, 0, 0, maker_ppb, taker_ppb, level)


def set_index_price(
    *, instrument: InstrumentId, price: int, highest_buy: int = 0, lowest_sell: int = 0
) -> bytes:
    """Say what an instrument is worth outside, and bound the prices of its orders.

    Args:
        instrument: which.
        price: the index price in ticks; 0 when there is none.
        highest_buy: of buy orders, in ticks; 0 for the bound of the listing.
        lowest_sell: of sell orders, in ticks; 0 for the bound of the listing.
    """
    return _SET_INDEX_PRICE.pack(
        CommandKind.SET_INDEX_PRICE, 0, 0, instrument, price, highest_buy, lowest_sell
    )


def _key(key: bytes) -> bytes:
    """Check the length of a movement's key."""
    if len(key) != _KEY_SIZE:
        raise ValueError(f"a key of {_KEY_SIZE} bytes was {len(key)} long")
    return key


def _wide(amount: int) -> bytes:
    """Write an i128."""
    return amount.to_bytes(16, "little", signed=True)
