"""The snapshot process: now and then the next snapshot, then a smaller home; once a day fee levels are reviewed."""

import asyncio
from typing import Final

from tickyard.base import log
from tickyard.base.clock import WallClock
from tickyard.engine import replay
from tickyard.engine.cursors import kept_cursors
from tickyard.engine.database import Unavailable
from tickyard.engine.records import Seq
from tickyard.node import tables
from tickyard.node.fee_day import review_when_due
from tickyard.node.home import Home
from tickyard.node.settings import Settings, read_database

SNAPSHOT_EVERY_S: Final = 300
_logger = log.logger("node")


async def run(home: Home, settings: Settings, stop: asyncio.Event) -> None:
    """Do so until told to stop.

    Raises:
        ValueError: no snapshot can be made: what is needed for it is damaged.
    """
    while not stop.is_set():
        try:
            async with asyncio.timeout(SNAPSHOT_EVERY_S):
                await stop.wait()
        except TimeoutError:
            await _once(home, settings)


async def _once(home: Home, settings: Settings) -> None:
    try:
        await asyncio.to_thread(keep_small, home, settings)
    except OSError as error:
        # A full disk, perhaps: the snapshots that are there stay, and the journal has the rest.
        _logger.error("snapshot.failed", error=str(error))  # noqa: TRY400  # a traceback says no more
    await review_when_due(home, WallClock())


def keep_small(home: Home, settings: Settings) -> None:
    """Write a snapshot, compress what it covers, and remove what the home need not keep.

    Raises:
        OSError: the disk failed; nothing that is needed was removed.
        ValueError: no snapshot can be made: what is needed for it is damaged.
    """
    seq = replay.make_snapshot(home.root)
    _logger.info("snapshot.made", seq=seq)
    try:
        tidied = replay.tidy(
            home.root, keep_bytes=settings.keep_bytes, cursors=_cursors(home, settings)
        )
    except ValueError as error:
        # An old segment, which the running exchange does not need: nothing is removed until a person has looked.
        _logger.error("home.damaged", reason=str(error))  # noqa: TRY400  # the reason names the place
        return
    if tidied.segments or tidied.removed:
        _logger.info(
            "home.tidied",
            segments=tidied.segments,
            from_bytes=tidied.from_bytes,
            to_bytes=tidied.to_bytes,
            removed=tidied.removed,
        )


def _cursors(home: Home, settings: Settings) -> dict[str, Seq]:
    """Only of tables that there still are: a cursor that nobody moves would keep everything."""
    names = [each.name for each in tables.projections()]
    try:
        found = kept_cursors(home.root, read_database(home, settings))
    except Unavailable:
        # Nobody knows what they still need.
        found = dict.fromkeys(names, Seq(0))
    return {f"the cursor of {name}": found[name] for name in names if name in found}
