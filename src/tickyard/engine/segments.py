"""Events from the beginning of the home, for readers that keep a cursor."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

from tickyard import _core
from tickyard._core import EventReader
from tickyard.engine.event_codec import decode
from tickyard.engine.events import EventBatch
from tickyard.engine.records import Seq

EVENTS_FOLDER: Final = Path("events")
"""Where the segments stand in a home."""
POLL_MS: Final = 20
"""How often the end is looked at for more."""


class SegmentReader:
    """Reads the event segments of a home, also while a host writes them.

    Every batch is one frame of the journal, or a part of one when it is long; a command's events are never parted.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def oldest_seq(self) -> Seq:
        """Return the oldest command whose events are kept; 1 when none were removed."""
        return oldest_events(self._folder.parent)

    def read_from(self, seq: Seq) -> Iterator[EventBatch]:
        """Yield what there is from the command `seq` on, then stop.

        Args:
            seq: the first command that is wanted; from 1.

        Raises:
            OSError: the folder cannot be read.
            ValueError: the segments are damaged, or no longer reach back to `seq`.
        """
        reader = EventReader(str(self._folder), seq)
        while (found := reader.next()) is not None:
            yield _batch(found)

    def tail(self, seq: Seq) -> Iterator[EventBatch | None]:
        """Yield everything from the command `seq` on, for ever, and None whenever there is no more yet.

        Raises as `read_from`.
        """
        reader = EventReader(str(self._folder), seq)
        while True:
            found = reader.next()
            yield None if found is None else _batch(found)

    async def follow(self, seq: Seq) -> AsyncIterator[EventBatch]:
        """Yield everything from the command `seq` on, for ever; raises as `read_from`."""
        reader = EventReader(str(self._folder), seq)
        while True:
            found = reader.next()
            if found is None:
                await asyncio.sleep(POLL_MS / 1000)
            else:
                yield _batch(found)


def oldest_events(home: Path) -> Seq:
    """Return the oldest command whose events a home keeps; 1 when none were removed."""
    return Seq(_core.oldest_events(home))


def _batch(found: tuple[int, int, int, bytes]) -> EventBatch:
    first, last, time_ns, events = found
    return EventBatch(Seq(first), Seq(last), time_ns, decode(events))
