"""Bytes of events to Structs. Layouts are those of `crates/types/src/event`."""

from collections.abc import Callable
from struct import Struct
from typing import Final

from tickyard.engine.events import (
    AccountDefined,
    AssetDefined,
    Event,
    FeeLevelDefined,
    IndexPriceSet,
    InstrumentDefined,
    LevelChanged,
    OrderAccepted,
    OrderAmended,
    OrderClosed,
    Posted,
    TimerChanged,
    Traded,
    TriggerChanged,
)
from tickyard.engine.records import (
    AmendResult,
    CancelSource,
    EventKind,
    InstrumentState,
    OrderState,
    OrderType,
    PostingReason,
    PriceType,
    SelfTrade,
    Side,
    TradeMode,
    TriggerKind,
    TriggerState,
    Wallet,
)

# An i128 is read as low half (Q) and high half (q). Enums are looked up: calling the class costs five times as much.
_START: Final = Struct("<BxH")
_HEADER = "<4xIQQ"
_ORDER_ACCEPTED = Struct(_HEADER + "QIIqqBBBBB3x32s16sQ8x")
_TRADED = Struct(_HEADER + "QqqIBBBxQQIIqqIIq" + "Qq" * 7 + "q24x")
_ORDER_CLOSED = Struct(_HEADER + "QIIqqBB38x")
_ORDER_AMENDED = Struct(_HEADER + "QIIqqqBB6x32s24x")
_POSTED = Struct(_HEADER + "IIQqQqQqqqQQIBBBBB3xI16s")
_LEVEL_CHANGED = Struct(_HEADER + "qqIIB7x")
_TIMER_CHANGED = Struct(_HEADER + "Q16sIIB7x")
_ASSET_DEFINED = Struct(_HEADER + "IB3x16s16x")
_INSTRUMENT_DEFINED = Struct(_HEADER + "IIQqQqIB3x6q32s40x")
_ACCOUNT_DEFINED = Struct(_HEADER + "IIBB6x")
_FEE_LEVEL_DEFINED = Struct(_HEADER + "qqB7x")
_INDEX_PRICE_SET = Struct(_HEADER + "I4xqqq")

_TRIGGER_CHANGED = Struct(_HEADER + "QIIQq4qqqqqQqqQqQQQ32s16s32sHBBBBBBBBBB4x")

SIDES = {v.value: v for v in Side}
ORDER_TYPES = {v.value: v for v in OrderType}
TRADE_MODES = {v.value: v for v in TradeMode}
SELF_TRADES = {v.value: v for v in SelfTrade}
ORDER_STATES = {v.value: v for v in OrderState}
_CANCEL_SOURCES = {v.value: v for v in CancelSource}
_AMEND_RESULTS = {v.value: v for v in AmendResult}
_WALLETS = {v.value: v for v in Wallet}
_REASONS = {v.value: v for v in PostingReason}
_INSTRUMENT_STATES = {v.value: v for v in InstrumentState}
_TRIGGER_KINDS = {v.value: v for v in TriggerKind}
_TRIGGER_STATES = {v.value: v for v in TriggerState}
_PRICE_TYPES = {v.value: v for v in PriceType}


def decode(buffer: bytes | memoryview, start: int = 0) -> list[Event]:
    """Decode events that lie end to end.

    Args:
        buffer: whole events and nothing else after `start`.
        start: where the first one begins.

    Returns:
        The events in their order.

    Raises:
        ValueError: the bytes are no events of this version.
    """
    events: list[Event] = []
    at, end = start, len(buffer)
    while at + _START.size <= end:
        kind, size = _START.unpack_from(buffer, at)
        decoder = _DECODERS.get(kind)
        if decoder is None or size != decoder[0] or at + size > end:
            raise ValueError(f"no event at byte {at}: kind {kind}, size {size}")
        events.append(decoder[1](buffer, at))
        at += size
    if at != end:
        raise ValueError(f"no event at byte {at}: {end - at} bytes")
    return events


def _order_accepted(data: bytes | memoryview, at: int) -> OrderAccepted:
    (
        index,
        seq,
        time_ns,
        order_id,
        account,
        instrument,
        price,
        size,
        side,
        order_type,
        trade_mode,
        self_trade,
        flags,
        client_id,
        tag,
        trigger_id,
    ) = _ORDER_ACCEPTED.unpack_from(data, at)
    return OrderAccepted(
        seq,
        index,
        time_ns,
        order_id,
        account,
        instrument,
        price,
        size,
        SIDES[side],
        ORDER_TYPES[order_type],
        TRADE_MODES[trade_mode],
        SELF_TRADES[self_trade],
        flags,
        client_id.rstrip(b"\0"),
        tag.rstrip(b"\0"),
        trigger_id,
    )


def _traded(data: bytes | memoryview, at: int) -> Traded:
    (
        index,
        seq,
        time_ns,
        trade_id,
        price,
        size,
        instrument,
        taker_side,
        taker_state,
        maker_state,
        taker_order,
        maker_order,
        taker_account,
        maker_account,
        taker_filled,
        maker_filled,
        taker_fee_asset,
        maker_fee_asset,
        taker_rate_ppb,
        taker_cost_low,
        taker_cost_high,
        maker_cost_low,
        maker_cost_high,
        taker_fee_low,
        taker_fee_high,
        maker_fee_low,
        maker_fee_high,
        taker_total_low,
        taker_total_high,
        maker_total_low,
        maker_total_high,
        rebate_low,
        rebate_high,
        maker_rate_ppb,
    ) = _TRADED.unpack_from(data, at)
    return Traded(
        seq,
        index,
        time_ns,
        trade_id,
        price,
        size,
        instrument,
        SIDES[taker_side],
        ORDER_STATES[taker_state],
        ORDER_STATES[maker_state],
        taker_order,
        maker_order,
        taker_account,
        maker_account,
        taker_filled,
        maker_filled,
        taker_fee_asset,
        maker_fee_asset,
        taker_rate_ppb,
        taker_cost_high << 64 | taker_cost_low,
        maker_cost_high << 64 | maker_cost_low,
        taker_fee_high << 64 | taker_fee_low,
        maker_fee_high << 64 | maker_fee_low,
        taker_total_high << 64 | taker_total_low,
        maker_total_high << 64 | maker_total_low,
        rebate_high << 64 | rebate_low,
        maker_rate_ppb,
    )


def _order_closed(data: bytes | memoryview, at: int) -> OrderClosed:
    index, seq, time_ns, order_id, account, instrument, filled, size, state, source = (
        _ORDER_CLOSED.unpack_from(data, at)
    )
    return OrderClosed(
        seq,
        index,
        time_ns,
        order_id,
        account,
        instrument,
        filled,
        size,
        ORDER_STATES[state],
        _CANCEL_SOURCES[source],
    )


def _order_amended(data: bytes | memoryview, at: int) -> OrderAmended:
    (
        index,
        seq,
        time_ns,
        order_id,
        account,
        instrument,
        price,
        size,
        filled,
        state,
        result,
        request_id,
    ) = _ORDER_AMENDED.unpack_from(data, at)
    return OrderAmended(
        seq,
        index,
        time_ns,
        order_id,
        account,
        instrument,
        price,
        size,
        filled,
        ORDER_STATES[state],
        _AMEND_RESULTS[result],
        request_id.rstrip(b"\0"),
    )


def _posted(data: bytes | memoryview, at: int) -> Posted:
    (
        index,
        seq,
        time_ns,
        account,
        asset,
        amount_low,
        amount_high,
        balance_low,
        balance_high,
        fee_low,
        fee_high,
        size,
        price,
        order_id,
        trade_id,
        instrument,
        wallet,
        reason,
        side,
        is_taker,
        counter_wallet,
        counter_account,
        key,
    ) = _POSTED.unpack_from(data, at)
    return Posted(
        seq,
        index,
        time_ns,
        account,
        asset,
        amount_high << 64 | amount_low,
        balance_high << 64 | balance_low,
        fee_high << 64 | fee_low,
        size,
        price,
        order_id,
        trade_id,
        instrument,
        _WALLETS[wallet],
        _REASONS[reason],
        SIDES.get(side),
        is_taker == 1,
        _WALLETS.get(counter_wallet),
        counter_account,
        key,
    )


def _level_changed(data: bytes | memoryview, at: int) -> LevelChanged:
    index, seq, time_ns, price, size, instrument, orders, side = _LEVEL_CHANGED.unpack_from(
        data, at
    )
    return LevelChanged(seq, index, time_ns, price, size, instrument, orders, SIDES[side])


def _timer_changed(data: bytes | memoryview, at: int) -> TimerChanged:
    index, seq, time_ns, trigger_ms, tag, account, canceled, has_fired = _TIMER_CHANGED.unpack_from(
        data, at
    )
    return TimerChanged(
        seq, index, time_ns, trigger_ms, tag.rstrip(b"\0"), account, canceled, has_fired == 1
    )


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


def _index_price_set(data: bytes | memoryview, at: int) -> IndexPriceSet:
    index, seq, time_ns, instrument, price, highest_buy, lowest_sell = _INDEX_PRICE_SET.unpack_from(
        data, at
    )
    return IndexPriceSet(seq, index, time_ns, instrument, price, highest_buy, lowest_sell)


def _trigger_changed(data: bytes | memoryview, at: int) -> TriggerChanged:
    (
        index,
        seq,
        time_ns,
        trigger_id,
        account,
        instrument,
        parent,
        size,
        take_trigger,
        take_price,
        stop_trigger,
        stop_price,
        callback_ratio_ppb,
        callback_spread,
        active_price,
        extreme,
        order_id,
        order_size,
        order_price,
        fired_trade,
        fired_price,
        fired_seq,
        fired_ns,
        created_ns,
        client_id,
        tag,
        request_id,
        failure,
        kind,
        side,
        order_type,
        trade_mode,
        state,
        fired_leg,
        flags,
        take_type,
        stop_type,
        is_amendment,
    ) = _TRIGGER_CHANGED.unpack_from(data, at)
    return TriggerChanged(
        seq,
        index,
        time_ns,
        trigger_id,
        account,
        instrument,
        parent,
        size,
        (take_trigger, take_price, stop_trigger, stop_price),
        callback_ratio_ppb,
        callback_spread,
        active_price,
        extreme,
        order_id,
        order_size,
        order_price,
        fired_trade,
        fired_price,
        fired_seq,
        fired_ns,
        created_ns,
        client_id.rstrip(b"\0"),
        tag.rstrip(b"\0"),
        request_id.rstrip(b"\0"),
        failure,
        _TRIGGER_KINDS[kind],
        SIDES[side],
        ORDER_TYPES[order_type],
        TRADE_MODES[trade_mode],
        _TRIGGER_STATES[state],
        fired_leg,
        flags,
        (_PRICE_TYPES[take_type], _PRICE_TYPES[stop_type]),
        is_amendment == 1,
    )


_DECODERS: Final[dict[int, tuple[int, Callable[[bytes | memoryview, int], Event]]]] = {
    EventKind.ORDER_ACCEPTED: (_ORDER_ACCEPTED.size, _order_accepted),
    EventKind.TRADED: (_TRADED.size, _traded),
    EventKind.ORDER_CLOSED: (_ORDER_CLOSED.size, _order_closed),
    EventKind.ORDER_AMENDED: (_ORDER_AMENDED.size, _order_amended),
    EventKind.POSTED: (_POSTED.size, _posted),
    EventKind.LEVEL_CHANGED: (_LEVEL_CHANGED.size, _level_changed),
    EventKind.TIMER_CHANGED: (_TIMER_CHANGED.size, _timer_changed),
    EventKind.ASSET_DEFINED: (_ASSET_DEFINED.size, _asset_defined),
    EventKind.INSTRUMENT_DEFINED: (_INSTRUMENT_DEFINED.size, _instrument_defined),
    EventKind.ACCOUNT_DEFINED: (_ACCOUNT_DEFINED.size, _account_defined),
    EventKind.FEE_LEVEL_DEFINED: (_FEE_LEVEL_DEFINED.size, _fee_level_defined),
    EventKind.INDEX_PRICE_SET: (_INDEX_PRICE_SET.size, _index_price_set),
    EventKind.TRIGGER_CHANGED: (_TRIGGER_CHANGED.size, _trigger_changed),
}
