"""Candles from before the first start: they end with the first command, and an import that was cut short begins anew."""

from contextlib import closing
from itertools import islice
from pathlib import Path

from tests.support.core_host import CoreHost

from tickyard.base.clock import HOUR_MS, MINUTE_MS
from tickyard.base.ids import Seq
from tickyard.engine.segments import EVENTS_FOLDER, SegmentReader
from tickyard.engine.sqlite import SqliteDatabase
from tickyard.marketdata import imported
from tickyard.marketdata.store import TradesProjection
from tickyard.node import past, seed
from tickyard.node.home import Home


async def test_the_import_ends_with_the_first_command_and_begins_anew_when_cut_short(
    tmp_path: Path,
) -> None:
    with CoreHost(tmp_path):
        await seed.ensure(Home(tmp_path))
    first = next(SegmentReader(tmp_path / EVENTS_FOLDER).read_from(Seq(1)))
    first_ms = first.time_ns // 1_000_000
    with closing(SqliteDatabase(tmp_path).open_writer()) as connection:
        TradesProjection().migrate(connection)
        for pieces in (3, 1):
            assert list(islice(past.importing(tmp_path, 7, connection), pieces)) == [True] * pieces
            found = imported.spans(connection)
            assert found.keys() == {MINUTE_MS, HOUR_MS}
            assert all(span.end_ms == first_ms - first_ms % MINUTE_MS for span in found.values())
            assert all(not span.is_complete for span in found.values())
        imported.complete(connection)
        assert list(past.importing(tmp_path, 7, connection)) == []
