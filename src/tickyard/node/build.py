"""Puts a worker together: the only file that knows every slice's routes and channels."""

import asyncio
from collections.abc import Callable, Mapping

from tickyard.account import balances as portfolios
from tickyard.account import channels as account_channels
from tickyard.account import routes as account_routes
from tickyard.account import store as account_store
from tickyard.account import streams as account_streams
from tickyard.base.clock import ExchangeClock, WallClock
from tickyard.engine import Counters
from tickyard.engine.client import CoreClient
from tickyard.engine.events import LiveBatch
from tickyard.engine.feed import Feed
from tickyard.engine.history import History
from tickyard.engine.segments import EVENTS_FOLDER, SegmentReader
from tickyard.gateway import openapi
from tickyard.gateway.app import Gateway
from tickyard.gateway.channels import Topics
from tickyard.gateway.server import Server
from tickyard.gateway.site_proxy import SiteProxy
from tickyard.indices import routes as index_routes
from tickyard.instruments import absent, absent_channels, listing
from tickyard.instruments import channels as instrument_channels
from tickyard.instruments import routes as instrument_routes
from tickyard.instruments.price_limits import PriceLimitChannel
from tickyard.marketdata import live as marketdata_live
from tickyard.marketdata import market as marketdata_market
from tickyard.marketdata import prices as marketdata_prices
from tickyard.marketdata import routes as marketdata_routes
from tickyard.marketdata import store as marketdata_store
from tickyard.marketdata.channels import Streams
from tickyard.node import records, settings
from tickyard.node.home import Home
from tickyard.site import paths
from tickyard.trading import algo_channels, algo_routes, algo_store
from tickyard.trading import channels as trading_channels
from tickyard.trading import live as trading_live
from tickyard.trading import lookup as trading_lookup
from tickyard.trading import routes as trading_routes
from tickyard.trading import store as trading_store
from tickyard.users import DemoKeyStore, KeyStores, uid_of
from tickyard.users import routes as users_routes
from tickyard.users.keys import Keys
from tickyard.users.opening import Openings
from tickyard.users.recorded_keys import RecordedKeys
from tickyard.users.sub_accounts import SubAccounts

_SLICES = ("instruments", "marketdata", "trading", "account", "users")


def shapes() -> Mapping[str, openapi.Shape]:
    """Return what the endpoints of every slice take and give."""
    return {**absent.shapes(), **openapi.load(f"tickyard.{name}" for name in _SLICES)}


async def serve_gateway(
    home: Home,
    *,
    worker: int,
    counters: Counters | None,
    serving: Callable[[Gateway], Server],
    stop: asyncio.Event,
    on_ready: Callable[[], None],
) -> None:
    """Serve the OKX wire until `stop` is set: order entry and fan-out, which differ in their sockets alone.

    Args:
        home: of the exchange.
        worker: a number that no other live worker has.
        counters: where calls are counted, with the other workers; None to limit nothing.
        serving: makes the server: where its connections come from.
        stop: ends it.
        on_ready: called once connections are accepted.
    """
    wall = WallClock()
    exchange = ExchangeClock(wall)
    core = await CoreClient.connect(home.core_socket)
    database = settings.read_database(home)
    history = History(database)
    catalog = listing.load()
    topics = Topics()

    markets = marketdata_market.Markets(catalog)
    feed = await Feed.connect(home.core_socket, markets.view)
    prices = marketdata_prices.Prices(catalog, markets)
    trades = marketdata_store.TradeStore(database)
    streams = Streams(markets, topics, history=trades, index_history=trades.indices, clock=exchange)
    live_markets = marketdata_live.LiveMarkets(
        markets,
        streams,
        core=core,
        store=trades,
        segments=SegmentReader(home.root / EVENTS_FOLDER),
        clock=exchange,
    )

    instrument_states = instrument_channels.InstrumentsChannel(catalog, topics)
    price_limits = PriceLimitChannel(catalog, topics, exchange)
    definitions = await core.definitions()
    for defined in definitions.instruments:
        catalog.follow(defined)
    for said in definitions.index_prices:
        catalog.follow_index(said)

    live_orders = trading_live.LiveOrders(
        topics=topics, feed=feed, core=core, catalog=catalog, prices=prices
    )
    past_triggers = algo_store.TriggerStore(history)
    entry = trading_routes.OrderEntry(core, catalog, counters)
    queries = trading_routes.OrderQueries(
        trading_lookup.Lookup(
            core=core,
            past=trading_store.OrderStore(history),
            triggers=past_triggers,
            clock=exchange,
        ),
        catalog,
    )

    live_triggers = algo_channels.LiveTriggers(
        topics=topics, feed=feed, core=core, catalog=catalog, prices=prices
    )
    triggers = algo_routes.AlgoOrders(
        core=core, past=past_triggers, catalog=catalog, clock=exchange
    )

    ledger = account_store.BillStore(history)
    live_balances = account_streams.BalanceStreams(
        portfolios=portfolios.Portfolios(core=core, catalog=catalog, prices=prices),
        watcher=feed,
        catalog=catalog,
    )

    people, vault = records.people(home), records.vault(home)
    recorded = RecordedKeys(people, vault, wall)
    sub_accounts = SubAccounts(
        store=people,
        keys=Keys(people, vault, wall),
        openings=Openings(people, core, catalog),
        wall=wall,
    )
    await recorded.load()
    site = SiteProxy(home.site_socket, paths.serves)
    gateway = Gateway(
        routes=[
            *instrument_routes.routes(catalog, exchange),
            *absent.absent_routes(catalog),
            *marketdata_routes.routes(
                markets,
                live_markets,
                history=trades,
                index_history=trades.indices,
                prices=prices,
                clock=exchange,
            ),
            *index_routes.routes(catalog, home.run),
            *trading_routes.routes(entry, queries),
            *algo_routes.routes(triggers),
            *account_routes.routes(
                core=core,
                ledger=ledger,
                catalog=catalog,
                prices=prices,
                clock=exchange,
                uid_of=uid_of,
                relatives=sub_accounts,
            ),
            *users_routes.routes(sub_accounts),
        ],
        operations=trading_routes.operations(entry),
        channels=[
            *instrument_channels.channels(instrument_states, price_limits),
            *absent_channels.absent_channels(catalog),
            *streams.channels(),
            *trading_channels.channels(catalog, live_orders),
            *algo_channels.channels(catalog, live_triggers),
            *account_channels.channels(catalog, live_balances),
        ],
        topics=topics,
        keys=KeyStores(DemoKeyStore(), recorded),
        wall=wall,
        exchange=exchange,
        worker=worker,
        is_ready=lambda: live_markets.is_loaded and core.is_connected,
        site=site,
        shapes=shapes(),
        counters=counters,
    )
    server = serving(gateway)

    def take(batch: LiveBatch) -> None:
        exchange.observe(batch.time_ns)
        live_markets.apply(batch)
        if batch.events:
            instrument_states.follow(batch)
            price_limits.follow(batch)
            live_orders.apply(batch)
            live_triggers.apply(batch)
            live_balances.apply(batch)

    async def follow() -> None:
        await live_markets.load()
        await feed.follow(take)

    async def serve() -> None:
        await server.run(stop, on_ready)
        for task in followers:
            task.cancel()

    try:
        async with asyncio.TaskGroup() as tasks:
            followers = [
                tasks.create_task(follow(), name="feed"),
                tasks.create_task(recorded.follow(), name="keys"),
                tasks.create_task(streams.run(), name="market data streams"),
                tasks.create_task(price_limits.run(), name="price limits"),
                tasks.create_task(live_balances.run(), name="balance streams"),
            ]
            tasks.create_task(serve(), name="server")
    finally:
        await site.close()
        await trades.close()
        history.close()
        await feed.close()
        await core.close()
