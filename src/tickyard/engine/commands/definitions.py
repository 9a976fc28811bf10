"""What is listed and set: assets, instruments, accounts, fees."""

from struct import Struct

from tickyard.engine.commands.layout import HEADER, name, wide
from tickyard.engine.records import (
    AccountId,
    AssetId,
    CommandKind,
    InstrumentId,
    InstrumentState,
    SelfTrade,
)

_DEFINE_ASSET = Struct(HEADER + "IB3x16s80x")
_DEFINE_INSTRUMENT = Struct(HEADER + "II16s16sIB3x6q32s104x")
_SET_INSTRUMENT_STATE = Struct(HEADER + "IB99x")
_DEFINE_ACCOUNT = Struct(HEADER + "IBB98x")
_DEFINE_FEE_LEVEL = Struct(HEADER + "qqB87x")


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
        wide(tick),
        wide(lot),
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
