"""What becomes of trigger orders."""

from struct import Struct

from tickyard.engine.event_codec.layout import HEADER, ORDER_TYPES, SIDES, TRADE_MODES, Decoders
from tickyard.engine.events import TriggerChanged
from tickyard.engine.records import EventKind, PriceType, TriggerKind, TriggerState

_TRIGGER_CHANGED = Struct(HEADER + "QIIQq4qqqqqQqqQqQQQ32s16s32sHBBBBBBBBBB4x")
_TRIGGER_KINDS = {v.value: v for v in TriggerKind}
_TRIGGER_STATES = {v.value: v for v in TriggerState}
_PRICE_TYPES = {v.value: v for v in PriceType}


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


DECODERS: Decoders = {
    EventKind.TRIGGER_CHANGED: (_TRIGGER_CHANGED.size, _trigger_changed),
}
