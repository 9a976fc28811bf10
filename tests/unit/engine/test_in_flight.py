"""A private read is answered once. What commands do in flight: `crates/entry/tests/in_flight.rs`."""

import pytest

from tickyard.engine.errors import CoreBusy, CoreTimeout
from tickyard.engine.in_flight import ANSWER_WITHIN_MS, Queries
from tickyard.engine.protocol import FrameKind


async def test_a_query_is_answered_by_its_number() -> None:
    queries = Queries()
    one, two = (queries.add(FrameKind.STATUS, b"", 0) for _ in range(2))
    queries.settle(2, b"second")
    queries.settle(1, b"first")
    queries.settle(1, b"again")
    assert (await one.done, await two.done) == (b"first", b"second")


async def test_a_query_may_be_turned_away_or_wait_too_long() -> None:
    queries = Queries()
    one, two = (queries.add(FrameKind.STATUS, b"", 0) for _ in range(2))
    queries.fail_one(1, CoreBusy())
    with pytest.raises(CoreBusy):
        await one.done
    assert list(queries.waiting()) == [two]
    queries.expire(ANSWER_WITHIN_MS)
    with pytest.raises(CoreTimeout):
        await two.done
    assert queries.next_deadline_ms() is None
