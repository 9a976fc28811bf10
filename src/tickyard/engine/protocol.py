"""The frames between this process and the core's host: `docs/reference/core-socket.md`.

A frame is `u32 length, u8 kind, u8[3] zero, u32 request, payload`; the length counts what follows it.
"""

from collections.abc import Iterator
from enum import IntEnum
from struct import Struct
from typing import Final

from tickyard.engine.records import CommandKind

FRAME: Final = Struct("<IB3xI")
FRAME_REST: Final = 8
"""Bytes of a frame that its length counts beside the payload."""
MAX_FRAME: Final = 1 << 20
"""The longest payload that the host accepts."""
RECORD: Final = 128
"""Bytes of nearly all commands."""
WIDE_RECORDS: Final = {
    CommandKind.DEFINE_INSTRUMENT: 256,
    CommandKind.PLACE_TRIGGER: 192,
    CommandKind.AMEND_TRIGGER: 192,
    CommandKind.PLACE_ORDER_ATTACHED: 1096,
    CommandKind.AMEND_ORDER_ATTACHED: 656,
}
"""Bytes of the others."""


class FrameKind(IntEnum):
    """What a frame carries. An answer has its question's kind and request number."""

    SUBMIT = 1
    OPEN_ORDERS = 2
    ORDER = 3
    BALANCES = 4
    BOOK = 5
    ACCOUNT = 6
    DEFINITIONS = 7
    STATUS = 8
    HAS_KEY = 9
    SUBSCRIBE = 10
    WATCH = 11
    EVENTS = 13
    BUSY = 14
    TRIGGERS = 15
    COUNTS = 16


ACCOUNT_IN_INSTRUMENT: Final = Struct("<II")
ORDER_QUERY: Final = Struct("<IIQ32s")
ACCOUNT_QUERY: Final = Struct("<I")
BOOK_QUERY: Final = Struct("<II")
STATUS_QUERY: Final = Struct("<I")
SUBSCRIBE: Final = Struct("<Q")
WATCH: Final = Struct("<I")
WATCHED: Final = Struct("<I4xQ")
EVENT_BATCH: Final = Struct("<QQQ")


def frame(kind: FrameKind, request: int, payload: bytes | bytearray) -> bytes:
    """Write one frame."""
    return FRAME.pack(FRAME_REST + len(payload), kind, request) + payload


def split_records(records: bytes | bytearray) -> Iterator[bytes | bytearray]:
    """Cut concatenated commands into payloads that the host accepts."""
    start = at = 0
    while at < len(records):
        size = WIDE_RECORDS.get(CommandKind(records[at]), RECORD)
        if at + size - start > MAX_FRAME:
            yield records[start:at]
            start = at
        at += size
    if start < at:
        yield records[start:at]


class FrameReader:
    """Cuts a stream of bytes into frames."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Take bytes as they come; yield the frames that they complete: (kind, request, payload)."""
        rest = self._rest
        # Nearly always whole frames come; then nothing is copied twice.
        source: bytes | bytearray = data
        if rest:
            rest += data
            source = rest
        at, end = 0, len(source)
        while end - at >= FRAME.size:
            length, kind, request = FRAME.unpack_from(source, at)
            after = at + FRAME.size - FRAME_REST + length
            if after > end:
                break
            yield kind, request, bytes(source[at + FRAME.size : after])
            at = after
        if source is rest:
            del rest[:at]
        elif at < end:
            rest += data[at:]
