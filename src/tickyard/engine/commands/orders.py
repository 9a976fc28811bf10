"""Orders, and the timer that cancels them."""

from struct import Struct
from typing import Final

from tickyard.engine.commands.layout import CLIENT_ID_SIZE, HEADER, TAG_SIZE, name
from tickyard.engine.records import (
    ANY_INSTRUMENT,
    NO_ORDER,
    AccountId,
    CommandKind,
    InstrumentId,
    OrderId,
    OrderType,
    SelfTrade,
    Side,
    TradeMode,
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

_PLACE_ORDER = Struct(HEADER + "IBBBBqqQ32s16sq16x")
_CANCEL_ORDER = Struct(HEADER + "I4xQ32s56x")
_AMEND_ORDER = Struct(HEADER + "I4xQqq32s32sQ")
_MASS_CANCEL = Struct(HEADER + "I100x")
_CANCEL_ALL_AFTER = Struct(HEADER + "Q16s80x")


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
    slippage_ppb: int = 0,
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
        slippage_ppb: how far from the best price of the other side a market order may trade, in parts per billion
            of that price; 0 for as far as the book reaches.
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
        slippage_ppb,
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
