from typing import TYPE_CHECKING

from tickyard.gateway.outbox import BEHIND_S_MAX, UNSENT_BYTES_MAX, Flusher, Outbox

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
