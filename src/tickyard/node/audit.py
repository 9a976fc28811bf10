"""What `verify`, `replay` and `version` tell, in the words of the command line."""

from collections.abc import Callable
from importlib.metadata import version

from tickyard.engine import projection, replay
from tickyard.engine.records import Seq
from tickyard.node.home import Home

Say = Callable[[str], None]
"""Shows a person how far the work is."""


def verify_home(home: Home, say: Say) -> replay.Report:
    """Check everything that a home holds; an unreadable one is a defect too."""

    def tell(seq: Seq) -> None:
        say(f"verified up to command {seq:,} …")

    cursor = f"the cursor of {projection.READ_DATABASE}"
    try:
        cursors = {cursor: projection.newest_cursor(home.root)}
    except ValueError as error:
        report = replay.verify(home.root, tell)
        report.defects.append(replay.Defect(str(projection.READ_DATABASE), str(error)))
        return report
    return replay.verify(home.root, tell, cursors)


def replay_home(home: Home, say: Say) -> replay.Replayed:
    """Apply the whole journal again.

    Raises:
        OSError: the disk failed.
        ValueError: the journal is damaged.
    """

    def tell(seq: Seq) -> None:
        say(f"replayed up to command {seq:,} …")

    return replay.replay(home.root, tell)


def facts(report: replay.Report) -> dict[str, object]:
    """Return a report for people and programs."""
    return {
        "verified": f"commands {report.first_seq} to {report.last_seq}",
        "stateHash": report.state_hash,
        "snapshots": report.snapshots,
        "eventsUntil": report.events_until,
        "ok": not report.defects,
    }


def versions() -> dict[str, object]:
    """Return the versions of the program, the rules of the core and its records."""
    return {
        "tickyard": version("tickyard"),
        "core": replay.CORE_VERSION,
        "records": replay.RECORD_VERSION,
    }
