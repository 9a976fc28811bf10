"""The core without journal or sockets."""

import pytest
from tests.support.core_market import ALICE, BOB, BTC_USDT, definitions, limit

from tickyard._core import Core
from tickyard.engine import commands
from tickyard.engine.event_codec import decode
from tickyard.engine.events import OrderAccepted, Posted, Traded
from tickyard.engine.records import InstrumentState, Refusal, Side
from tickyard.engine.replies import decode_replies


def market() -> Core:
    core = Core()
    replies, _ = core.apply(b"".join(definitions()), 1)
    assert all(reply.refusal is None for reply in decode_replies(replies))
    return core


def test_commands_go_in_and_replies_and_events_come_out() -> None:
    core = market()
    replies, events = core.apply(limit(ALICE, Side.BUY, 100) + limit(BOB, Side.SELL, 100), 2)
    assert [reply.seq for reply in decode_replies(replies)] == [11, 12]
    kinds = [type(event) for event in decode(events)]
    assert kinds.count(OrderAccepted) == 2
    assert kinds.count(Traded) == 1
    assert sum(e.amount for e in decode(events) if isinstance(e, Posted) and e.asset == 1) == 0
    assert (core.seq, core.time_ns, core.next_deadline_ns) == (12, 2, None)
    core.check()


def test_a_refusal_changes_nothing() -> None:
    core = market()
    before = core.state_hash()
    replies, events = core.apply(limit(ALICE, Side.BUY, 100, 10**12), 2)
    assert next(decode_replies(replies)).refusal is Refusal.LIMIT_SIZE_ABOVE_MAXIMUM
    assert (core.state_hash(), events) == (before, b"")


def test_a_snapshot_is_the_same_core() -> None:
    core = market()
    core.apply(limit(ALICE, Side.BUY, 100), 2)
    copy = Core(core.snapshot())
    assert copy.state_hash() == core.state_hash()
    halt = commands.set_instrument_state(instrument=BTC_USDT, state=InstrumentState.SUSPENDED)
    assert copy.apply(halt, 3) == core.apply(halt, 3)
    with pytest.raises(ValueError, match="snapshot"):
        Core(b"no snapshot")


def test_a_timer_says_when_it_fires() -> None:
    core = market()
    core.apply(commands.cancel_all_after(account=ALICE, timeout_ms=10_000), 5_000_000)
    assert core.next_deadline_ns == 10_005_000_000


def test_bytes_that_are_no_commands_are_refused() -> None:
    with pytest.raises(ValueError, match="no commands"):
        Core().apply(b"?", 1)
