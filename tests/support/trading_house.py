"""The trading slice over the real core: host threads in this process, real journal, real read database, no gateway."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.support.market_events import Listener
from tests.support.order_desk import CATALOG, caller, wire

from tickyard._core import Host, MarketView
from tickyard.base.clock import ExchangeClock, WallClock
from tickyard.base.ids import AccountId
from tickyard.engine import projector
from tickyard.engine.client import CoreClient
from tickyard.engine.events import LiveBatch
from tickyard.engine.feed import Feed
from tickyard.engine.history import History
from tickyard.engine.sqlite import SqliteDatabase
from tickyard.gateway.channels import Topics
from tickyard.gateway.route import Answer, Request
from tickyard.instruments import listing
from tickyard.trading import algo_channels, algo_routes
from tickyard.trading.algo_entry import AlgoEntry
from tickyard.trading.algo_queries import AlgoQueries
from tickyard.trading.algo_store import TriggersProjection, TriggerStore
from tickyard.trading.channels import channels
from tickyard.trading.entry import OrderEntry
from tickyard.trading.live import LiveOrders
from tickyard.trading.lookup import Lookup
from tickyard.trading.order_queries import OrderQueries
from tickyard.trading.projection import OrdersProjection
from tickyard.trading.routes import operations, routes
from tickyard.trading.store import OrderStore
from tickyard.users.seeding import seeding

ALICE, BOB, WHALE, MM1 = (AccountId(number) for number in (16, 17, 18, 19))
EVERYBODY = (ALICE, BOB, WHALE, MM1)
PATIENCE_S = 20


class ListedPrices:
    """The listing's reference prices."""

    def last_price(self, inst_id: str) -> Decimal | None:
        pair = CATALOG.by_symbol(inst_id)
        return None if pair is None else pair.reference_price

    def usd_price(self, symbol: str) -> Decimal:
        asset = CATALOG.asset_by_symbol(symbol)
        assert asset is not None
        return asset.reference_usd


@contextmanager
def core_host(home: Path) -> Iterator[Path]:
    """Run the core of a home in threads of this process."""
    host = Host.start(home, home / "core.sock")
    try:
        yield home
    finally:
        host.stop()
        host.wait()


class House:
    """One worker and everybody who trades through it."""

    def __init__(self, home: Path, core: CoreClient, feed: Feed) -> None:
        self.core = core
        self.feed = feed
        self.database = SqliteDatabase(home)
        self.history = History(self.database)
        self.topics = Topics()
        self.orders = LiveOrders(
            topics=self.topics, feed=feed, core=core, catalog=CATALOG, prices=ListedPrices()
        )
        self.triggers = algo_channels.LiveTriggers(
            topics=self.topics, feed=feed, core=core, catalog=CATALOG, prices=ListedPrices()
        )
        self._channels = {
            channel.name: channel
            for channel in (
                *channels(CATALOG, self.orders),
                *algo_channels.channels(CATALOG, self.triggers),
            )
        }
        self._wall = WallClock()
        clock = ExchangeClock(self._wall)
        entry = OrderEntry(core, CATALOG)
        past = TriggerStore(self.history)
        lookup = Lookup(core=core, past=OrderStore(self.history), triggers=past, clock=clock)
        look = OrderQueries(lookup, CATALOG)
        algo_entry = AlgoEntry(core, CATALOG)
        algo_look = AlgoQueries(core=core, past=past, catalog=CATALOG, clock=clock)
        self._routes = {
            (route.method, route.path): route
            for route in (*routes(entry, look), *algo_routes.routes(algo_entry, algo_look))
        }
        self._operations = {operation.op: operation for operation in operations(entry)}

    async def seed(self) -> None:
        """Tell the core of the listing and of everybody's money; once is enough."""
        records = [*listing.definitions(CATALOG), *seeding(CATALOG)]
        for reply in await self.core.submit_many(records):
            assert reply.refusal is None, reply

    async def post(self, who: AccountId, path: str, body: Any, *, expires_at_ms: int = 0) -> Answer:
        request = Request(caller(who), {}, body, self._wall.now_us(), expires_at_ms)
        return await self._routes["POST", f"/api/v5/trade/{path}"].handler(request)

    async def ack(self, who: AccountId, path: str, **item: Any) -> dict[str, Any]:
        (ack,) = wire(await self.post(who, path, item))
        return ack

    async def get(self, who: AccountId, path: str, **params: str) -> list[dict[str, Any]]:
        request = Request(caller(who), params, None, self._wall.now_us())
        return wire(await self._routes["GET", f"/api/v5/trade/{path}"].handler(request))

    async def place(
        self, who: AccountId, side: str, size: str, price: str = "", **more: Any
    ) -> str:
        """Place an order of BTC-USDT that is accepted; return its id."""
        ack = await self.try_to_place(who, side, size, price, **more)
        assert ack["sCode"] == "0", ack
        return str(ack["ordId"])

    async def try_to_place(
        self, who: AccountId, side: str, size: str, price: str = "", **more: Any
    ) -> dict[str, Any]:
        item = {
            "instId": "BTC-USDT",
            "tdMode": "cash",
            "side": side,
            "sz": size,
            "ordType": "limit",
        }
        if price:
            item["px"] = price
        return await self.ack(who, "order", **{**item, **more})

    async def algo(self, who: AccountId, **item: Any) -> str:
        """Place a trigger order of BTC-USDT that is accepted; return its id."""
        ack = await self.try_algo(who, **item)
        assert ack["sCode"] == "0", ack
        return str(ack["algoId"])

    async def try_algo(self, who: AccountId, **item: Any) -> dict[str, Any]:
        usual = {"instId": "BTC-USDT", "tdMode": "cash", "side": "sell", "sz": "0.01"}
        return await self.ack(who, "order-algo", **{**usual, **item})

    async def shown(self, who: AccountId, algo_id: str) -> dict[str, Any]:
        (row,) = await self.get(who, "order-algo", algoId=algo_id)
        return row

    async def trade_at(self, price: str) -> None:
        """Let two others trade at a price, which becomes the last one."""
        await self.place(MM1, "sell", "0.001", price)
        await self.place(WHALE, "buy", "0.001", price, ordType="ioc")

    async def order(self, who: AccountId, order_id: str) -> dict[str, Any]:
        (row,) = await self.get(who, "order", instId="BTC-USDT", ordId=order_id)
        return row

    async def listen(self, who: AccountId, channel: str = "orders") -> "Ear":
        arg: dict[str, Any] = {"channel": channel, "instType": "ANY"}
        found: Any = self._channels[channel]
        key = found.key(arg, caller(who))
        pending = found.prepare(key)
        if pending is not None:
            await pending
        ear = Ear()
        self.topics.add(channel, key, ear, arg)
        return ear

    async def state_hash(self) -> str:
        return (await self.core.status(with_hash=True)).state_hash

    async def follow(self) -> None:
        def take(batch: LiveBatch) -> None:
            self.orders.apply(batch)
            self.triggers.apply(batch)

        await self.feed.follow(take)


class Ear(Listener):
    """A session that can wait for what it will be sent."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Event()

    def send_frame(self, frame: bytes) -> None:
        super().send_frame(frame)
        self._news.set()

    async def hear(self, count: int) -> Sequence[dict[str, Any]]:
        """Wait for so many frames; there must be no more of them."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.frames) < count:
                self._news.clear()
                await self._news.wait()
        rows = self.rows()
        assert len(rows) == count, rows
        return rows


@asynccontextmanager
async def open_house(home: Path) -> AsyncIterator[House]:
    """Connect a worker and a projector to the host of a home; cancels everybody's orders in the end."""
    core = await CoreClient.connect(home / "core.sock")
    feed = await Feed.connect(home / "core.sock", MarketView([]))
    house, stop = House(home, core, feed), asyncio.Event()
    following = asyncio.ensure_future(house.follow())
    projecting = asyncio.ensure_future(
        projector.run(home, house.database, [OrdersProjection(), TriggersProjection()], stop)
    )
    try:
        await house.seed()
        yield house
        for who in EVERYBODY:
            await house.post(who, "mass-cancel", {"instType": "SPOT"})
            for kinds in ("conditional,oco", "trigger", "move_order_stop"):
                live = await house.get(who, "orders-algo-pending", ordType=kinds)
                for row in live:
                    item = {"instId": row["instId"], "algoId": row["algoId"]}
                    await house.post(who, "cancel-algos", [item])
    finally:
        stop.set()
        following.cancel()
        await asyncio.gather(following, projecting, return_exceptions=True)
        house.history.close()
        await feed.close()
        await core.close()
