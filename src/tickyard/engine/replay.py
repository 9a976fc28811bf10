"""Work on the journal of a home: snapshots, replay, verification. All of it may run beside the host."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from tickyard import _core
from tickyard._core import CORE_VERSION, RECORD_VERSION
from tickyard.engine.records import Seq

__all__ = [
    "CORE_VERSION",
    "KEEP_SNAPSHOTS",
    "RECORD_VERSION",
    "Defect",
    "Replayed",
    "Report",
    "Tidied",
    "make_snapshot",
    "replay",
    "tidy",
    "verify",
]

KEEP_SNAPSHOTS: Final = 3
"""How many whole snapshots are kept."""

Progress = Callable[[Seq], object]
"""Is told now and then which command a long work has reached."""


class Replayed(msgspec.Struct, frozen=True):
    """What a replay ended with."""

    seq: Seq
    """The newest command."""
    state_hash: str
    """Hexadecimal; equal journals have equal ones."""


class Tidied(msgspec.Struct, frozen=True):
    """What became smaller."""

    segments: int
    """Compressed ones."""
    from_bytes: int
    """What these took before; of a plain segment the empty end counts, too."""
    to_bytes: int
    """What they take now."""
    removed: int
    """Segments that are not kept any more."""


class Defect(msgspec.Struct, frozen=True):
    """Something that is wrong with a home."""

    where: str
    """A file and a byte, or a sequence."""
    what: str


class Report(msgspec.Struct, frozen=True):
    """What a verification found."""

    first_seq: Seq
    """The first command that was replayed; what is older is held by the oldest snapshot."""
    last_seq: Seq
    """The newest command that was replayed."""
    state_hash: str
    """Hexadecimal; the state after `last_seq`."""
    snapshots: int
    """Snapshots whose state the replay had, too."""
    events_until: Seq
    """Events up to here are those of the replay."""
    defects: list[Defect]
    """Empty when all is well."""
    unfinished: list[Defect]
    """What a dead writer left half done; the next start puts it in order."""


def make_snapshot(home: Path, *, keep: int = KEEP_SNAPSHOTS, at_least: int = 1) -> Seq | None:
    """Replay from the newest snapshot and write the next one, then remove the oldest.

    Args:
        home: the home folder.
        keep: how many whole snapshots stay.
        at_least: do nothing before so many commands have come since the newest.

    Returns:
        The sequence of the new snapshot; None when nothing was done.

    Raises:
        OSError: the disk failed; the snapshots that were there are untouched.
        ValueError: journal and events do not agree, or one is damaged.
    """
    try:
        made = _core.make_snapshot(home, keep, at_least)
    except _core.StartRefused as error:
        raise ValueError(str(error)) from error
    return Seq(made) if made is not None else None


def tidy(home: Path, *, keep_bytes: int | None, cursors: Mapping[str, Seq]) -> Tidied:
    """Compress sealed segments that a snapshot covers; remove the oldest when a home keeps a bounded tail.

    Args:
        home: the home folder.
        keep_bytes: how much journal and events may take before the oldest segments go; None keeps all.
        cursors: what reads the events, and up to where it has; what comes after is kept, and so is whatever the oldest
            snapshot or an open file of another process needs.

    Raises:
        OSError: the disk failed; what is kept is whole.
        ValueError: a segment is damaged; nothing was removed.
    """
    return Tidied(*_core.tidy(home, keep_bytes, list(cursors.items())))


def replay(home: Path, progress: Progress | None = None) -> Replayed:
    """Apply the whole journal to a new core; from the oldest snapshot when the first commands are not kept.

    Raises:
        OSError: the disk failed, or there is no journal.
        ValueError: the journal is damaged, or no snapshot holds what is not kept.
    """
    seq, state_hash = _core.replay(home, _typed(progress))
    return Replayed(Seq(seq), state_hash.hex())


def verify(
    home: Path,
    progress: Progress | None = None,
    cursors: Mapping[str, Seq] | None = None,
) -> Report:
    """Check hash chain, replay, snapshots, events and the sums of the ledger.

    Args:
        home: the home folder.
        progress: told now and then how far the work is.
        cursors: what has seen the events, and up to where; journal and events must reach that far.

    Raises:
        OSError: the disk failed, or there is no home.
    """
    first, last, state_hash, snapshots, events_until, defects, unfinished = _core.verify(
        home, _typed(progress), list((cursors or {}).items())
    )
    return Report(
        Seq(first),
        Seq(last),
        state_hash.hex(),
        snapshots,
        Seq(events_until),
        [Defect(where, what) for where, what in defects],
        [Defect(where, what) for where, what in unfinished],
    )


def _typed(progress: Progress | None) -> Callable[[int], object] | None:
    return None if progress is None else lambda seq: progress(Seq(seq))
