"""A worker that is offered ten times what it sustains, beside readers that do not read: modest accounts lose nothing."""

from pathlib import Path

from benchmarks.crash import ANSWERED_UNKNOWN
from benchmarks.overload import CROWD, burst
from benchmarks.processes import running_exchange

from tickyard.engine import replay

SECONDS = 2
RSS_MIB_MAX = {"core": 512, "worker": 256, "fan-out": 256}
"""A worker holds 16,384 commands in flight and 1 MiB of answers for each connection; the rest is Python and the books."""
MODEST_COMMANDS_MIN = 200


def test_modest_accounts_lose_nothing_while_others_flood_their_worker(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running_exchange(home, [frozenset()], [frozenset()], crowd=CROWD) as exchange:
        # Raises when a frame was not answered, or a connection closed that is read.
        found = burst(exchange, SECONDS, patience_s=1)
    flooded = found.flooded
    assert flooded.offered > flooded.sent > flooded.answered, (
        "it was more than the worker could take"
    )
    assert found.commands > MODEST_COMMANDS_MIN
    assert found.refused == 0, "neither an order nor a cancel of a modest account"
    assert not any(flooded.codes[code] for code in ANSWERED_UNKNOWN), "every code is clear"
    assert all(found.rss_mib[name] <= most for name, most in RSS_MIB_MAX.items()), found.rss_mib
    # Money is conserved, and the journal is whole.
    assert replay.verify(home).defects == []
