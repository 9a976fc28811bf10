"""What is not answered stays in flight, and is answered once."""

import pytest
from tests.support.core_market import ALICE, limit

from tickyard.engine.errors import CoreBusy, CoreTimeout
from tickyard.engine.in_flight import ANSWER_WITHIN_MS, Commands, Queries
from tickyard.engine.protocol import FrameKind
from tickyard.engine.records import OrderId, Refusal, Seq, Side
from tickyard.engine.replies import Reply

RECORD = limit(ALICE, Side.BUY, 1)


def reply(counter: int, refusal: Refusal | None = None) -> Reply:
    return Reply(counter, Seq(counter), 0, OrderId(0), 0, refusal, b"")


async def test_origins_are_counted_within_a_run_of_its_own() -> None:
    commands, others = Commands(), Commands()
    sent = commands.add([RECORD, RECORD], 0).payload + commands.add([RECORD], 0).payload
    assert [int.from_bytes(sent[at + 16 : at + 24], "little") for at in (0, 128, 256)] == [1, 2, 3]
    assert sent[8:16] == sent[128 + 8 : 128 + 16]
    assert sent[8:16] != others.add([RECORD], 0).payload[8:16]
    assert sent[:8] == RECORD[:8]
    assert sent[24:128] == RECORD[24:]


async def test_a_call_is_answered_in_its_order_when_all_answers_are_there() -> None:
    commands = Commands()
    call = commands.add([RECORD, RECORD], 0)
    commands.settle(reply(2))
    assert not call.done.done()
    commands.settle(reply(1))
    assert [one.counter for one in await call.done] == [1, 2]
    assert len(commands) == 0


async def test_everything_unanswered_is_sent_again_in_its_order() -> None:
    commands = Commands()
    first, second = commands.add([RECORD, RECORD], 0), commands.add([RECORD], 0)
    commands.settle(reply(1))
    assert commands.again() == bytes(first.payload[128:] + second.payload)


async def test_not_journalled_is_no_answer_to_a_command_that_was_sent_before() -> None:
    commands = Commands()
    call = commands.add([RECORD], 0)
    commands.again()
    assert not commands.settle(reply(1, Refusal.BUSY))
    assert commands.record(1) == bytes(call.payload)
    assert commands.settle(reply(1))
    assert (await call.done)[0].refusal is None
    assert commands.record(1) == b""


async def test_not_journalled_is_an_answer_to_the_first_sending() -> None:
    commands = Commands()
    call = commands.add([RECORD], 0)
    assert commands.settle(reply(1, Refusal.UNAVAILABLE))
    assert (await call.done)[0].refusal is Refusal.UNAVAILABLE


async def test_a_call_that_waited_too_long_has_an_unknown_outcome() -> None:
    commands = Commands()
    late, later = commands.add([RECORD, RECORD], 0), commands.add([RECORD], 1)
    assert commands.next_deadline_ms() == ANSWER_WITHIN_MS
    commands.settle(reply(1))
    commands.expire(ANSWER_WITHIN_MS)
    with pytest.raises(CoreTimeout):
        await late.done
    assert commands.settle(reply(2)), "the answer comes too late and is dropped"
    assert commands.again() == bytes(later.payload)
    assert commands.next_deadline_ms() == ANSWER_WITHIN_MS + 1


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
