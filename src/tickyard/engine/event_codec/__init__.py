"""Bytes of events to Structs. Layouts are those of `crates/types/src/event`, file by file."""

from struct import Struct
from typing import Final

from tickyard.engine.event_codec import definitions, market, money, orders, triggers
from tickyard.engine.event_codec.layout import Decoders
from tickyard.engine.events import Event

_START: Final = Struct("<BxH")


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


_DECODERS: Final[Decoders] = {
    **orders.DECODERS,
    **triggers.DECODERS,
    **market.DECODERS,
    **money.DECODERS,
    **definitions.DECODERS,
}
