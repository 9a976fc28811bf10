"""What becomes of orders, and of the timer that cancels them."""

from struct import Struct

from tickyard.engine.event_codec.layout import (
    HEADER,
    ORDER_STATES,
    ORDER_TYPES,
    SELF_TRADES,
    SIDES,
    TRADE_MODES,
    Decoders,
)
from tickyard.engine.events import OrderAccepted, OrderAmended, OrderClosed, TimerChanged
from tickyard.engine.records import AmendResult, CancelSource, EventKind

_ORDER_ACCEPTED = Struct(HEADER + "QIIqqBBBBB3x32s16sQ8x")
_ORDER_CLOSED = Struct(HEADER + "QIIqqBB38x")
_ORDER_AMENDED = Struct(HEADER + "QIIqqqBB6x32s24x")
_TIMER_CHANGED = Struct(HEADER + "Q16sIIB7x")
_CANCEL_SOURCES = {v.value: v for v in CancelSource}
_AMEND_RESULTS = {v.value: v for v in AmendResult}


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


def _timer_changed(data: bytes | memoryview, at: int) -> TimerChanged:
    index, seq, time_ns, trigger_ms, tag, account, canceled, has_fired = _TIMER_CHANGED.unpack_from(
        data, at
    )
    return TimerChanged(
        seq, index, time_ns, trigger_ms, tag.rstrip(b"\0"), account, canceled, has_fired == 1
    )


DECODERS: Decoders = {
    EventKind.ORDER_ACCEPTED: (_ORDER_ACCEPTED.size, _order_accepted),
    EventKind.ORDER_CLOSED: (_ORDER_CLOSED.size, _order_closed),
    EventKind.ORDER_AMENDED: (_ORDER_AMENDED.size, _order_amended),
    EventKind.TIMER_CHANGED: (_TIMER_CHANGED.size, _timer_changed),
}
