"""What is measured, without processes: every metric of the list, and none that is not in it."""

import os
from pathlib import Path

import pytest

from tickyard.base.ids import Seq
from tickyard.engine.projector import Projector
from tickyard.engine.rows import CoreCounts, CoreStatus
from tickyard.engine.segments import SegmentReader
from tickyard.engine.sqlite import SqliteDatabase
from tickyard.gateway.vitals import Counts
from tickyard.indices import published
from tickyard.indices.published import PublishedComponent, PublishedIndex
from tickyard.indices.sources import rules
from tickyard.instruments import listing
from tickyard.node import measures, status, tables
from tickyard.node.exposition import Family
from tickyard.node.home import Home
from tickyard.node.metric_families import Core, Worker, families

CORE = Core(
    CoreStatus(Seq(7), 0, ""),
    CoreCounts(
        accounts=3,
        instruments=26,
        open_orders=5,
        triggers=1,
        waiting={"cancel": 2},
        appended=40,
        refused={"full": 1},
        commits=9,
        commit_ns=4_500_000,
        commits_within_us=[(250, 4), (1_000, 9)],
    ),
)
NOW = status.Status(state=status.READY, pids={"supervisor": os.getpid()})
WORKERS: list[Worker] = [
    ({"role": "gateway", "worker": "1"}, Counts(3, 1, 9, {"2xx": 4}, 0, 0)),
    ({"role": "fanout", "worker": "1"}, Counts(0, 5, 5, {"2xx": 0}, 0, 0)),
    ({"role": "fanout", "worker": "2"}, Counts(0, 7, 7, {"2xx": 0}, 0, 0)),
]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path / "home")
    found.create()
    found.snapshots.mkdir()
    (found.snapshots / "1.snap").touch()
    connection = SqliteDatabase(found.root).open_writer()
    Projector(connection, tables.projections(), SegmentReader(found.events))
    connection.close()
    return found


def publish(home: Home, *, without: str = "", only: int | None = None) -> None:
    """Publish indices of which one venue has no part, perhaps not of all pairs."""
    parts = tuple(
        PublishedComponent(source.name, "BTC-USD", "1", "1", "0.25")
        for source in rules().source
        if source.name != without
    )
    pairs = listing.load().instruments[:only]
    published.write(home.run, {pair.symbol: PublishedIndex("1", 1, parts) for pair in pairs})


def samples(home: Home) -> dict[str, list[tuple[dict[str, str], float]]]:
    found = families(home, NOW, CORE, WORKERS)
    return {
        family.measure.name: [(dict(labels), value) for labels, value in family.samples]
        for family in found
        if isinstance(family, Family)
    }


def test_every_metric_of_the_list_is_told_and_no_other(home: Home) -> None:
    publish(home)
    found = list(families(home, NOW, CORE, WORKERS))
    assert {family.measure for family in found} == set(measures.ALL)
    assert all(list(family.lines()) for family in found)


def test_commits_are_told_in_seconds(home: Home) -> None:
    found = "\n".join(
        line for family in families(home, NOW, CORE, WORKERS) for line in family.lines()
    )
    assert 'core_commit_seconds_bucket{le="0.00025"} 4' in found
    assert "core_commit_seconds_sum 0.0045" in found


def test_connections_are_summed_over_all_workers(home: Home) -> None:
    found = samples(home)
    assert found["connections"] == [({"protocol": "http"}, 3), ({"protocol": "websocket"}, 13)]
    assert [value for _, value in found["websockets"]] == [1, 5, 7]


def test_a_venue_that_dropped_out_of_the_indices_is_seen(home: Home) -> None:
    first, *others = [source.name for source in rules().source]
    publish(home, without=first)
    found = samples(home)
    pairs = len(listing.load().instruments)
    parts = {labels["venue"]: value for labels, value in found["index_venue_pairs"]}
    assert parts == {first: 0} | dict.fromkeys(others, pairs)
    assert found["index_venues_least"] == [({}, len(others))]
    publish(home, only=pairs - 1)
    assert samples(home)["index_venues_least"] == [({}, 0)]


def test_without_a_core_there_is_less_to_tell(home: Home) -> None:
    found = {family.measure.name for family in families(home, NOW, None, [])}
    assert "commands_total" not in found
