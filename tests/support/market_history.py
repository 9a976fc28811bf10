"""A read database with the trades of a test in it, and markets that have seen the same trades."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.market_events import batch

from tickyard.engine.database import Connection, ReadDatabase
from tickyard.engine.events import Event
from tickyard.instruments import listing
from tickyard.instruments.catalog import Catalog
from tickyard.marketdata.market import Market, Markets
from tickyard.marketdata.store import TradesProjection, TradeStore


class MarketDatabase:
    """What the projector keeps."""

    def __init__(self, database: ReadDatabase) -> None:
        self.place = database
        self._readers: list[Connection] = []
        self._projection = TradesProjection()
        self._connection = database.open_writer()
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS cursors (projection TEXT PRIMARY KEY, seq INTEGER)"
        )
        self._projection.migrate(self._connection)

    def store(self, *events: Event) -> None:
        """Project events as one batch."""
        self._connection.begin_writing()
        self._projection.apply(self._connection, batch(*events))
        self._connection.commit()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Write something else."""
        self._connection.begin_writing()
        yield self._connection
        self._connection.commit()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self._connection.execute(query).fetchall()

    def reader(self) -> TradeStore:
        return TradeStore(self)

    def open_reader(self) -> Connection:
        """Open it as the database does; it is closed with this."""
        self._readers.append(self.place.open_reader())
        return self._readers[-1]

    def close(self) -> None:
        for connection in (self._connection, *self._readers):
            connection.close()


def catalog() -> Catalog:
    return listing.load()


def btc(markets: Markets) -> Market:
    market = markets.by_symbol("BTC-USDT")
    assert market is not None
    return market
