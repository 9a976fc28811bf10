"""What the slices of a worker share: its connections to the core, clocks, the listing, prices."""

import msgspec

from tickyard.base.clock import Clock, ExchangeClock, WallClock
from tickyard.engine.client import CoreClient
from tickyard.engine.feed import Feed
from tickyard.engine.history import History
from tickyard.gateway.channels import Topics
from tickyard.instruments import listing
from tickyard.instruments.catalog import Catalog
from tickyard.marketdata.market import Markets
from tickyard.marketdata.prices import Prices
from tickyard.marketdata.store import TradeStore
from tickyard.node import settings
from tickyard.node.home import Home


class Shared(msgspec.Struct, frozen=True):
    """One of each in a worker."""

    home: Home
    wall: Clock
    exchange: ExchangeClock
    core: CoreClient
    feed: Feed
    history: History
    trades: TradeStore
    catalog: Catalog
    topics: Topics
    markets: Markets
    prices: Prices

    async def close(self) -> None:
        """Close what was opened."""
        await self.trades.close()
        self.history.close()
        await self.feed.close()
        await self.core.close()


async def connect(home: Home) -> Shared:
    """Connect to the core of a home, and prepare what is read beside it."""
    wall, catalog = WallClock(), listing.load()
    core = await CoreClient.connect(home.core_socket)
    database = settings.read_database(home)
    markets = Markets(catalog)
    return Shared(
        home=home,
        wall=wall,
        exchange=ExchangeClock(wall),
        core=core,
        feed=await Feed.connect(home.core_socket, markets.view),
        history=History(database),
        trades=TradeStore(database),
        catalog=catalog,
        topics=Topics(),
        markets=markets,
        prices=Prices(catalog, markets),
    )
