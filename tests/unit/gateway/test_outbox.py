from typing import TYPE_CHECKING

from tickyard.gateway.outbox import (
    BEHIND_S_MAX,
    GROUP_CONNECTIONS,
    GROUPS_MAX,
    UNSENT_BYTES_MAX,
    Flusher,
    Outbox,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class Wire:
    """A sink whose other end reads when the test says so."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.backlog = 0

    def write(self, data: bytes) -> None:
        self.writes.append(data)

    def unsent(self) -> int:
        return self.backlog

    def close(self, code: int, reason: str) -> None:
        raise AssertionError("the outbox only tells")


class Turn:
    """A turn of the loop that ends when the test says so."""

    def __init__(self) -> None:
        self.callbacks: list[Callable[[], None]] = []
        self.wire = Wire()
        self.slow = 0
        self.flusher = Flusher(self.callbacks.append)
        self.outbox = Outbox(self.wire, self.flusher, self.too_slow)

    def too_slow(self) -> None:
        self.slow += 1
        self.outbox.discard()

    def end(self) -> None:
        callbacks = self.callbacks.copy()
        self.callbacks.clear()
        for callback in callbacks:
            callback()


def test_frames_of_one_turn_leave_in_one_write() -> None:
    turn = Turn()
    for frame in (b"a", b"b", b"c"):
        turn.outbox.put(frame)
    assert turn.wire.writes == []
    assert len(turn.callbacks) == 1
    turn.end()
    assert turn.wire.writes == [b"abc"]


def test_all_connections_are_flushed_by_one_callback() -> None:
    turn = Turn()
    other = Wire()
    second = Outbox(other, turn.flusher, turn.too_slow)
    turn.outbox.put(b"a")
    second.put(b"b")
    assert len(turn.callbacks) == 1
    turn.end()
    assert (turn.wire.writes, other.writes) == ([b"a"], [b"b"])


def test_the_next_turn_flushes_again() -> None:
    turn = Turn()
    turn.outbox.put(b"a")
    turn.end()
    turn.outbox.put(b"b")
    turn.end()
    assert turn.wire.writes == [b"a", b"b"]


def test_a_client_with_too_much_unsent_is_too_slow() -> None:
    turn = Turn()
    turn.wire.backlog = UNSENT_BYTES_MAX
    turn.outbox.put(b"a")
    turn.end()
    assert turn.slow == 1
    assert turn.wire.writes == []


def test_nothing_piles_up_within_a_turn_either() -> None:
    turn = Turn()
    for _ in range(5):
        turn.outbox.put(b"x" * (UNSENT_BYTES_MAX // 4))
    assert turn.slow == 1
    turn.end()
    assert turn.wire.writes == []


def test_a_client_that_takes_nothing_for_five_seconds_is_too_slow() -> None:
    turn = Turn()
    turn.outbox.put(b"abc")
    turn.end()
    turn.wire.backlog = 3
    for second in range(BEHIND_S_MAX):
        turn.outbox.check(100 + second)
        assert turn.slow == 0
    turn.outbox.check(100 + BEHIND_S_MAX)
    assert turn.slow == 1


def test_a_client_that_is_never_done_but_keeps_up_is_not_too_slow() -> None:
    turn = Turn()
    turn.wire.backlog = 3
    for second in range(60):
        turn.outbox.put(b"abc")
        turn.end()
        turn.outbox.check(100 + second)
    assert turn.slow == 0


class Rounds(Turn):
    """A worker that publishes to many, whose next group has its turn when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.timers: list[Callable[[], None]] = []
        self.flusher = Flusher(
            self.callbacks.append, lambda _s, call: self.timers.append(call), slot_ms=5
        )

    def listener(self) -> tuple[Outbox, Wire, "Callable[[bytes], None]"]:
        wire = Wire()
        outbox = Outbox(wire, self.flusher, self.too_slow)
        return outbox, wire, self.flusher.share(outbox)

    def slot(self) -> None:
        timers = self.timers.copy()
        self.timers.clear()
        for timer in timers:
            timer()


def test_what_is_published_waits_for_its_turn_in_a_round() -> None:
    rounds = Rounds()
    _, wire, share = rounds.listener()
    for frame in (b"a", b"b"):
        share(frame)
        rounds.flusher.published()
    rounds.end()
    assert wire.writes == []
    assert len(rounds.timers) == 1
    rounds.slot()
    assert wire.writes == [b"ab"]
    rounds.flusher.published()
    assert len(rounds.timers) == 1


def test_who_gets_the_same_frames_shares_one_piece() -> None:
    rounds = Rounds()
    listeners = [rounds.listener() for _ in range(3)]
    for frame in (b"first", b"second"):
        for _, _, share in listeners:
            share(frame)
    listeners[2][2](b"more")
    rounds.flusher.published()
    rounds.slot()
    first, second, third = (wire.writes for _, wire, _ in listeners)
    assert first[0] is second[0]
    assert (first, third) == ([b"firstsecond"], [b"firstsecondmore"])


def test_an_answer_leaves_at_the_end_of_the_turn_and_overtakes_nothing() -> None:
    rounds = Rounds()
    outbox, wire, share = rounds.listener()
    share(b"push")
    rounds.flusher.published()
    outbox.put(b"answer")
    rounds.end()
    assert wire.writes == [b"pushanswer"]
    rounds.slot()
    assert wire.writes == [b"pushanswer"]


def test_nobody_slow_keeps_others_from_their_turn() -> None:
    rounds = Rounds()
    slow, slow_wire, share_slow = rounds.listener()
    _, wire, share = rounds.listener()
    slow_wire.backlog = UNSENT_BYTES_MAX
    share_slow(b"a")
    share(b"a")
    rounds.flusher.published()
    rounds.slot()
    assert (rounds.slow, slow_wire.writes, wire.writes) == (1, [], [b"a"])
    rounds.flusher.leave(slow)
    share_slow(b"b")
    share(b"b")
    rounds.flusher.published()
    rounds.slot()
    assert (slow_wire.writes, wire.writes) == ([], [b"a", b"b"])


def test_many_are_served_group_by_group() -> None:
    rounds = Rounds()
    listeners = [rounds.listener() for _ in range(2 * GROUP_CONNECTIONS + 1)]
    for _, _, share in listeners:
        share(b"a")
    rounds.flusher.published()
    served = []
    for _ in range(3):
        rounds.slot()
        served.append(sum(bool(wire.writes) for _, wire, _ in listeners))
    assert served == [GROUP_CONNECTIONS, 2 * GROUP_CONNECTIONS, 2 * GROUP_CONNECTIONS + 1]
    assert rounds.timers == []


def test_a_round_has_no_more_than_so_many_groups() -> None:
    rounds = Rounds()
    listeners = [rounds.listener() for _ in range(2 * GROUPS_MAX * GROUP_CONNECTIONS)]
    for _, _, share in listeners:
        share(b"a")
    rounds.flusher.published()
    for _ in range(GROUPS_MAX):
        rounds.slot()
    assert all(wire.writes == [b"a"] for _, wire, _ in listeners)


def test_what_is_published_during_a_round_reaches_all_within_the_next() -> None:
    rounds = Rounds()
    listeners = [rounds.listener() for _ in range(GROUP_CONNECTIONS + 1)]
    late = listeners[:0]
    for frame in (b"a", b"b"):
        for _, _, share in listeners + late:
            share(frame)
        rounds.flusher.published()
        rounds.slot()
        late.append(rounds.listener())
    while rounds.timers:
        rounds.slot()
    received = [b"".join(wire.writes) for _, wire, _ in listeners + late]
    assert received == [b"ab"] * len(listeners) + [b"b", b""]


def test_who_leaves_during_a_round_is_sent_nothing_more() -> None:
    rounds = Rounds()
    listeners = [rounds.listener() for _ in range(GROUP_CONNECTIONS + 1)]
    for _, _, share in listeners:
        share(b"a")
    rounds.flusher.published()
    rounds.slot()
    outbox, wire, share = listeners[-1]
    rounds.flusher.leave(outbox)
    share(b"b")
    rounds.slot()
    assert wire.writes == []
