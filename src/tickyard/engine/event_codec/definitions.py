"""What is listed and set: assets, instruments, accounts, fees."""

from struct import Struct

from tickyard.engine.event_codec.layout import HEADER, SELF_TRADES, Decoders
from tickyard.engine.events import AccountDefined, AssetDefined, FeeLevelDefined, InstrumentDefined
from tickyard.engine.records import EventKind, InstrumentState

_ASSET_DEFINED = Struct(HEADER + "IB3x16s16x")
_INSTRUMENT_DEFINED = Struct(HEADER + "IIQqQqIB3x6q32s40x")
_ACCOUNT_DEFINED = Struct(HEADER + "IIBB6x")
_FEE_LEVEL_DEFINED = Struct(HEADER + "qqB7x")
_INSTRUMENT_STATES = {v.value: v for v in InstrumentState}


def _asset_defined(data: bytes | memoryview, at: int) -> AssetDefined:
    index, seq, time_ns, asset, unit_digits, symbol = _ASSET_DEFINED.unpack_from(data, at)
    return AssetDefined(seq, index, time_ns, asset, unit_digits, symbol.rstrip(b"\0"))


def _instrument_defined(data: bytes | memoryview, at: int) -> InstrumentDefined:
    (
        index,
        seq,
        time_ns,
        instrument,
        base,
        tick_low,
        tick_high,
        lot_low,
        lot_high,
        quote,
        state,
        min_size,
        max_limit_size,
        max_market_size,
        max_market_amount,
        min_price,
        max_price,
        symbol,
    ) = _INSTRUMENT_DEFINED.unpack_from(data, at)
    return InstrumentDefined(
        seq,
        index,
        time_ns,
        instrument,
        base,
        tick_high << 64 | tick_low,
        lot_high << 64 | lot_low,
        quote,
        _INSTRUMENT_STATES[state],
        min_size,
        max_limit_size,
        max_market_size,
        max_market_amount,
        min_price,
        max_price,
        symbol.rstrip(b"\0"),
    )


def _account_defined(data: bytes | memoryview, at: int) -> AccountDefined:
    index, seq, time_ns, account, master, fee_level, self_trade = _ACCOUNT_DEFINED.unpack_from(
        data, at
    )
    return AccountDefined(seq, index, time_ns, account, master, fee_level, SELF_TRADES[self_trade])


def _fee_level_defined(data: bytes | memoryview, at: int) -> FeeLevelDefined:
    index, seq, time_ns, maker_ppb, taker_ppb, level = _FEE_LEVEL_DEFINED.unpack_from(data, at)
    return FeeLevelDefined(seq, index, time_ns, maker_ppb, taker_ppb, level)


DECODERS: Decoders = {
    EventKind.ASSET_DEFINED: (_ASSET_DEFINED.size, _asset_defined),
    EventKind.INSTRUMENT_DEFINED: (_INSTRUMENT_DEFINED.size, _instrument_defined),
    EventKind.ACCOUNT_DEFINED: (_ACCOUNT_DEFINED.size, _account_defined),
    EventKind.FEE_LEVEL_DEFINED: (_FEE_LEVEL_DEFINED.size, _fee_level_defined),
}
