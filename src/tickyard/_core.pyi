"""The Rust core, as Python sees it. Only `tickyard.engine` may import it."""

from asyncio import Future
from collections.abc import Callable, Iterator, Sequence
from os import PathLike
from typing import Any, Protocol, final

from tickyard.base.ids import InstrumentId, Seq

__all__ = [
    "CORE_VERSION",
    "COUNTERS_BYTES",
    "LIMITS_FROM",
    "RECORD_VERSION",
    "REJECTIONS",
    "Acknowledgement",
    "BookView",
    "BookWindow",
    "Core",
    "Counters",
    "Desk",
    "EventReader",
    "Host",
    "InFlight",
    "Items",
    "MarketView",
    "StartRefused",
    "make_snapshot",
    "oldest_events",
    "read_array",
    "read_frame",
    "read_object",
    "read_request",
    "replay",
    "tidy",
    "verify",
]

RECORD_VERSION: int
CORE_VERSION: int
COUNTERS_BYTES: int
LIMITS_FROM: int
REJECTIONS: list[str]

class StartRefused(Exception): ...

@final
class Acknowledgement:
    def __new__(cls, text: str) -> Acknowledgement: ...
    def write(self, commands: bytes, replies: bytes) -> bytes | None: ...

@final
class Core:
    def __new__(cls, snapshot: bytes | None = None) -> Core: ...
    @property
    def seq(self) -> int: ...
    @property
    def time_ns(self) -> int: ...
    @property
    def next_deadline_ns(self) -> int | None: ...
    def apply(self, records: bytes, time_ns: int) -> tuple[bytes, bytes]: ...
    def state_hash(self) -> bytes: ...
    def snapshot(self) -> bytes: ...
    def check(self) -> None: ...

@final
class Counters:
    """What was done in windows of time, in memory that processes may share."""

    def __new__(cls, descriptor: int | None = None) -> Counters: ...
    def take(
        self,
        limit: int,
        subject: int,
        detail: int,
        count: int,
        per_ms: int,
        now_ms: int,
        wanted: int = 1,
    ) -> int: ...

_Step = tuple[int, int]
_Pair = tuple[int, str, str, _Step, _Step, _Step, int, int]

class _Items(Protocol):
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[dict[str, Any]]: ...

_Number = tuple[int, int]
_Drafted = tuple[bytes, list[tuple[int, str, str]]]

@final
class Desk:
    def __new__(
        cls,
        pairs: Sequence[_Pair],
        plain: Callable[[object], str],
        counters: Counters | None,
        numbers: tuple[_Number, _Number, _Number],
    ) -> Desk: ...
    def place(self, items: _Items, account: int, expires_at_ms: int, now_ms: int) -> _Drafted: ...
    def cancel(self, items: _Items, account: int, now_ms: int) -> _Drafted: ...
    def amend(self, items: _Items, account: int, expires_at_ms: int, now_ms: int) -> _Drafted: ...
    def mass_cancel(self, items: _Items, account: int) -> _Drafted: ...
    def cancel_all_after(self, items: _Items, account: int) -> _Drafted: ...

@final
class EventReader:
    def __new__(cls, folder: str | PathLike[str], seq: int) -> EventReader: ...
    def next(self) -> tuple[int, int, int, bytes] | None: ...

@final
class Host:
    @staticmethod
    def start(
        home: str | PathLike[str],
        socket: str | PathLike[str],
        *,
        commit_gap_us: int | None = None,
        batch_commands: int | None = None,
        queue_commands: int | None = None,
        journal_segment_bytes: int | None = None,
        event_segment_bytes: int | None = None,
        floors: Sequence[tuple[str, int]] | None = None,
    ) -> Host: ...
    @property
    def started_at(self) -> int: ...
    def stop(self) -> None: ...
    def wait(self) -> None: ...

@final
class InFlight:
    def __new__(cls, boot: int) -> InFlight: ...
    def __len__(self) -> int: ...
    def add(self, records: bytes, deadline_ms: int, waiter: Future[bytes]) -> bytes: ...
    def settle(self, replies: bytes) -> tuple[list[tuple[Future[bytes], bytes]], list[int]]: ...
    def record(self, counter: int) -> bytes: ...
    def again(self) -> bytes: ...
    @property
    def next_deadline_ms(self) -> int | None: ...
    def expire(self, now_ms: int) -> list[Future[bytes]]: ...

@final
class Items:
    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> dict[str, Any]: ...
    def __iter__(self) -> Iterator[dict[str, Any]]: ...

@final
class MarketView:
    """The books of all listed instruments, kept up by the bytes of event batches."""

    def __new__(
        cls, listing: Sequence[tuple[int, tuple[int, int], tuple[int, int]]]
    ) -> MarketView: ...
    def apply(self, events: bytes, start: int = 0) -> tuple[tuple[InstrumentId, ...], bytes]: ...
    def book(self, instrument: int) -> BookView: ...

@final
class BookView:
    """One book of a view: price levels, no orders. Lists of levels are JSON without brackets: asks, bids."""

    @property
    def seq(self) -> Seq: ...
    @property
    def time_ms(self) -> int: ...
    @property
    def level_counts(self) -> tuple[int, int]: ...
    @property
    def best_ask(self) -> tuple[int, int, int] | None: ...
    @property
    def best_bid(self) -> tuple[int, int, int] | None: ...
    def load(
        self,
        *,
        read_at: int,
        changed_at: int,
        time_ms: int,
        bids: Sequence[tuple[int, int, int]],
        asks: Sequence[tuple[int, int, int]],
    ) -> None: ...
    def top(self, count: int) -> tuple[bytes, bytes]: ...
    def short_top(self, count: int) -> tuple[bytes, bytes]: ...
    def window(self, depth: int) -> BookWindow: ...

@final
class BookWindow:
    """What the subscribers of one stream of book updates have."""

    @property
    def seq(self) -> Seq: ...
    @property
    def time_ms(self) -> int: ...
    def levels(self) -> tuple[bytes, bytes]: ...
    def checksum(self) -> int: ...
    def advance(self) -> tuple[bytes, bytes]: ...

def make_snapshot(home: str | PathLike[str], keep: int, at_least: int) -> int | None: ...
def oldest_events(home: str | PathLike[str]) -> int: ...
def read_array(text: bytes) -> Items | None: ...
def read_frame(text: bytes) -> tuple[str, str, Items] | None: ...
def read_object(text: bytes) -> Items | None: ...
def read_request(text: bytes) -> tuple[bytes, bytes, dict[bytes, bytes], bytes] | None: ...
def replay(
    home: str | PathLike[str], progress: Callable[[int], object] | None = None
) -> tuple[int, bytes]: ...
def tidy(
    home: str | PathLike[str], keep: int | None, floors: Sequence[tuple[str, int]]
) -> tuple[int, int, int, int]: ...
def verify(
    home: str | PathLike[str],
    progress: Callable[[int], object] | None = None,
    floors: Sequence[tuple[str, int]] | None = None,
) -> tuple[int, int, bytes, int, int, list[tuple[str, str]], list[tuple[str, str]]]: ...
