"""Frames are cut wherever the stream is cut."""

import pytest
from tests.support.core_market import ALICE, definitions, limit

from tickyard.engine.protocol import MAX_FRAME, FrameKind, FrameReader, frame, split_records
from tickyard.engine.records import Side


@pytest.mark.parametrize("step", [1, 5, 12, 13, 1000])
def test_frames_are_cut_wherever_the_stream_is_cut(step: int) -> None:
    sent = [
        (FrameKind.BOOK, 1, b"abc"),
        (FrameKind.STATUS, 2, b""),
        (FrameKind.EVENTS, 3, b"x" * 40),
    ]
    stream = b"".join(frame(*one) for one in sent)
    reader = FrameReader()
    received = [
        one for at in range(0, len(stream), step) for one in reader.feed(stream[at : at + step])
    ]
    assert received == sent


def test_a_long_submission_is_cut_between_commands() -> None:
    wide = next(record for record in definitions() if len(record) == 256)
    records = (limit(ALICE, Side.BUY, 1) + wide) * (MAX_FRAME // 300)
    parts = list(split_records(records))
    assert len(parts) == 2
    assert b"".join(parts) == records
    assert all(len(part) <= MAX_FRAME for part in parts)
    assert list(split_records(b"")) == []
