"""The endpoints of market data in one process, with a read database and no core."""

from collections.abc import Iterator
from typing import Any, Protocol

import msgspec
import pytest
from tests.support.market_events import BTC, level, live, traded
from tests.support.market_history import MarketDatabase, catalog

from tickyard.base.clock import DAY_MS, ManualClock
from tickyard.base.errors import TickyardError
from tickyard.base.ids import InstrumentId, Seq
from tickyard.engine import BookRow, CoreStatus, EventBatch, IndexPriceSet
from tickyard.gateway.channels import Topics
from tickyard.gateway.route import Request, Route
from tickyard.marketdata.channels import Streams
from tickyard.marketdata.live import Core, LiveMarkets, Segments
from tickyard.marketdata.market import Markets
from tickyard.marketdata.prices import Prices
from tickyard.marketdata.routes import routes

NOW_MS = 20_000 * DAY_MS + 30_000


class Followed(Core, Segments, Protocol):
    """The core and its event segments in one."""


class Follower:
    """The part of a worker that follows the core: markets, their streams, and what is read of the past."""

    def __init__(self, core: Followed, database: MarketDatabase, clock: ManualClock) -> None:
        self.markets = Markets(catalog())
        self.store = database.reader()
        self.topics = Topics()
        self.streams = Streams(
            self.markets,
            self.topics,
            history=self.store,
            index_history=self.store.indices,
            clock=clock,
        )
        self.live = LiveMarkets(
            self.markets,
            self.streams,
            core=core,
            store=self.store,
            segments=core,
            clock=clock,
        )


class MarketDesk(Follower):
    """The endpoints of a worker that has seen some trading."""

    def __init__(self, database: MarketDatabase) -> None:
        clock = ManualClock(NOW_MS * 1_000_000)
        super().__init__(self, database, clock)
        prices = Prices(catalog(), self.markets)
        found = routes(
            self.markets,
            self.live,
            history=self.store,
            index_history=self.store.indices,
            prices=prices,
            clock=clock,
        )
        self.routes: dict[str, Route] = {route.path: route for route in found}
        self.database = database
        self.seq = 0

    async def book(self, instrument: InstrumentId, depth: int) -> BookRow:
        del instrument, depth
        return BookRow(Seq(0), 0, [], [])

    async def status(self) -> CoreStatus:
        return CoreStatus(Seq(self.seq), NOW_MS * 1_000_000, "")

    def read_from(self, seq: Seq) -> Iterator[EventBatch]:
        del seq
        return iter(())

    def trade(self, *prices: int, ago_ms: int = 0, size: int = 100_000_000) -> None:
        """Trade once at each price."""
        first = self.seq + 1
        self.seq += len(prices)
        events = [
            traded(number, price, size, ms=NOW_MS - ago_ms)
            for number, price in enumerate(prices, first)
        ]
        self.database.store(*events)
        self.live.apply(live(self.markets.view, *events))

    def say_index(self, price: int, ago_ms: int = 0) -> None:
        """Tell the index price of BTC-USDT."""
        self.seq += 1
        time_ns = (NOW_MS - ago_ms) * 1_000_000
        event = IndexPriceSet(Seq(self.seq), 0, time_ns, BTC, price, 0, 0)
        self.database.store(event)
        self.live.apply(live(self.markets.view, event))

    def rest(self, side: str, price: int, size: int = 5) -> None:
        self.seq += 1
        rested = level(self.seq, side, price, size, ms=NOW_MS)
        self.live.apply(live(self.markets.view, rested))

    async def get(self, path: str, **params: str) -> list[Any]:
        request = Request(caller=None, params=params, body=None, received_us=0)
        answer = await self.routes[f"/api/v5/{path}"].handler(request)
        assert answer.code == "0"
        rows: list[Any] = msgspec.json.decode(msgspec.json.encode(answer.data))
        return rows

    async def refusal(self, path: str, **params: str) -> str:
        with pytest.raises(TickyardError) as refused:
            await self.get(path, **params)
        return refused.value.code
