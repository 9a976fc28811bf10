"""A read database with the trades of a test in it, and markets that have seen the same trades."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.market_events import batch

from tickyard.engine.events import Event
from tickyard.instruments import listing
from tickyard.instruments.catalog import Catalog
from tickyard.marketdata.market import Market, Markets
from tickyard.marketdata.store import TradesProjection, TradeStore


class ReadDatabase:
    """What the projector keeps."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "read.sqlite"
        self._projection = TradesProjection()
        self._connection = sqlite3.connect(self.path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._projection.migrate(self._connection)

    def store(self, *events: Event) -> None:
        """Project events as one batch."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._projection.apply(self._connection, batch(*events))
        self._connection.execute("COMMIT")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write something else."""
        self._connection.execute("BEGIN IMMEDIATE")
        yield self._connection
        self._connection.execute("COMMIT")

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self._connection.execute(query).fetchall()

    def reader(self) -> TradeStore:
        return TradeStore(lambda: open_reader(self.path))

    def close(self) -> None:
        self._connection.close()


def open_reader(path: Path) -> sqlite3.Connection:
    """Open a read database as `engine.projection.open_reader` does."""
    return sqlite3.connect(
        f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False
    )


def catalog() -> Catalog:
    return listing.load()


def btc(markets: Markets) -> Market:
    market = markets.by_symbol("BTC-USDT")
    assert market is not None
    return market
