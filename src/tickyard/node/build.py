"""Puts a worker together: the only file that knows every slice's routes and channels."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from tickyard.account import balances as portfolios
from tickyard.account import channels as account_channels
from tickyard.account import routes as account_routes
from tickyard.account import store as account_store
from tickyard.account import streams as account_streams
from tickyard.engine import Counters
from tickyard.engine.events import LiveBatch
from tickyard.engine.segments import EVENTS_FOLDER, SegmentReader
from tickyard.gateway import openapi
from tickyard.gateway.app import Gateway
from tickyard.gateway.channels import Channel
from tickyard.gateway.route import Operation, Route
from tickyard.gateway.server import Server
from tickyard.gateway.site_proxy import SiteProxy
from tickyard.indices import routes as index_routes
from tickyard.instruments import absent, absent_channels
from tickyard.instruments import channels as instrument_channels
from tickyard.instruments import routes as instrument_routes
from tickyard.instruments.price_limits import PriceLimitChannel
from tickyard.marketdata import live as marketdata_live
from tickyard.marketdata import routes as marketdata_routes
from tickyard.marketdata.channels import Streams
from tickyard.node import records
from tickyard.node.home import Home
from tickyard.node.shared import Shared, connect
from tickyard.site import paths
from tickyard.trading import algo_channels, algo_routes, algo_store
from tickyard.trading import channels as trading_channels
from tickyard.trading import live as trading_live
from tickyard.trading import lookup as trading_lookup
from tickyard.trading import routes as trading_routes
from tickyard.trading import store as trading_store
from tickyard.trading.algo_entry import AlgoEntry
from tickyard.trading.algo_queries import AlgoQueries
from tickyard.trading.entry import OrderEntry
from tickyard.trading.order_queries import OrderQueries
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


class _Part(msgspec.Struct, frozen=True):
    """What a slice brings along."""

    routes: Sequence[Route] = ()
    operations: Sequence[Operation] = ()
    channels: Sequence[Channel] = ()
    follows: Sequence[Callable[[LiveBatch], None]] = ()
    """Takes each batch with events, in this order."""
    runs: Mapping[str, Callable[[], Coroutine[Any, Any, None]]] = {}
    """Runs until the worker ends, by a name for people."""


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
    shared = await connect(home)
    streams = Streams(
        shared.markets,
        shared.topics,
        history=shared.trades,
        index_history=shared.trades.indices,
        clock=shared.exchange,
    )
    live_markets = marketdata_live.LiveMarkets(
        shared.markets,
        streams,
        core=shared.core,
        store=shared.trades,
        segments=SegmentReader(home.root / EVENTS_FOLDER),
        clock=shared.exchange,
    )
    recorded, sub_accounts = _people(shared)
    await recorded.load()
    parts = (
        await _instruments(shared),
        _market_data(shared, live_markets, streams),
        *_trading(shared, counters),
        _account(shared, sub_accounts),
        _Part(routes=users_routes.routes(sub_accounts), runs={"keys": recorded.follow}),
    )
    site = SiteProxy(home.site_socket, paths.serves)
    gateway = Gateway(
        routes=[route for part in parts for route in part.routes],
        operations=[operation for part in parts for operation in part.operations],
        channels=[channel for part in parts for channel in part.channels],
        topics=shared.topics,
        keys=KeyStores(DemoKeyStore(), recorded),
        wall=shared.wall,
        exchange=shared.exchange,
        worker=worker,
        is_ready=lambda: live_markets.is_loaded and shared.core.is_connected,
        site=site,
        shapes=shapes(),
        counters=counters,
    )
    try:
        await _run(shared, live_markets, parts, serving(gateway), stop, on_ready)
    finally:
        await site.close()
        await shared.close()


def _people(shared: Shared) -> tuple[RecordedKeys, SubAccounts]:
    """What a worker has of the records: everybody's keys, and what owners of sub-accounts do with those."""
    people, vault = records.people(shared.home), records.vault(shared.home)
    sub_accounts = SubAccounts(
        store=people,
        keys=Keys(people, vault, shared.wall),
        openings=Openings(people.accounts, shared.core, shared.catalog),
        wall=shared.wall,
    )
    return RecordedKeys(people.keys, vault, shared.wall), sub_accounts


async def _instruments(shared: Shared) -> _Part:
    catalog = shared.catalog
    states = instrument_channels.InstrumentsChannel(catalog, shared.topics)
    price_limits = PriceLimitChannel(catalog, shared.topics, shared.exchange)
    definitions = await shared.core.definitions()
    for defined in definitions.instruments:
        catalog.follow(defined)
    for said in definitions.index_prices:
        catalog.follow_index(said)
    return _Part(
        routes=[
            *instrument_routes.routes(catalog, shared.exchange),
            *absent.absent_routes(catalog, shapes()),
        ],
        channels=[
            *instrument_channels.channels(states, price_limits),
            *absent_channels.absent_channels(catalog),
        ],
        follows=(states.follow, price_limits.follow),
        runs={"price limits": price_limits.run},
    )


def _market_data(
    shared: Shared, live_markets: marketdata_live.LiveMarkets, streams: Streams
) -> _Part:
    return _Part(
        routes=[
            *marketdata_routes.routes(
                shared.markets,
                live_markets,
                history=shared.trades,
                index_history=shared.trades.indices,
                prices=shared.prices,
                clock=shared.exchange,
            ),
            *index_routes.routes(shared.catalog, shared.home.run),
        ],
        channels=streams.channels(),
        runs={"market data streams": streams.run},
    )


def _trading(shared: Shared, counters: Counters | None) -> Iterator[_Part]:
    """Orders, then trigger orders."""
    catalog, core = shared.catalog, shared.core
    past_triggers = algo_store.TriggerStore(shared.history)
    orders = trading_live.LiveOrders(
        topics=shared.topics, feed=shared.feed, core=core, catalog=catalog, prices=shared.prices
    )
    entry = OrderEntry(core, catalog, counters)
    lookup = trading_lookup.Lookup(
        core=core,
        past=trading_store.OrderStore(shared.history),
        triggers=past_triggers,
        clock=shared.exchange,
    )
    yield _Part(
        routes=trading_routes.routes(entry, OrderQueries(lookup, catalog)),
        operations=trading_routes.operations(entry),
        channels=trading_channels.channels(catalog, orders),
        follows=(orders.apply,),
    )
    triggers = algo_channels.LiveTriggers(
        topics=shared.topics, feed=shared.feed, core=core, catalog=catalog, prices=shared.prices
    )
    algo_look = AlgoQueries(core=core, past=past_triggers, catalog=catalog, clock=shared.exchange)
    yield _Part(
        routes=algo_routes.routes(AlgoEntry(core, catalog), algo_look),
        channels=algo_channels.channels(catalog, triggers),
        follows=(triggers.apply,),
    )


def _account(shared: Shared, sub_accounts: SubAccounts) -> _Part:
    catalog, core, prices = shared.catalog, shared.core, shared.prices
    balances = account_streams.BalanceStreams(
        portfolios=portfolios.Portfolios(core=core, catalog=catalog, prices=prices),
        watcher=shared.feed,
        catalog=catalog,
    )
    return _Part(
        routes=account_routes.routes(
            core=core,
            ledger=account_store.BillStore(shared.history),
            catalog=catalog,
            prices=prices,
            clock=shared.exchange,
            uid_of=uid_of,
            relatives=sub_accounts,
        ),
        channels=account_channels.channels(catalog, balances),
        follows=(balances.apply,),
        runs={"balance streams": balances.run},
    )


async def _run(
    shared: Shared,
    live_markets: marketdata_live.LiveMarkets,
    parts: Sequence[_Part],
    server: Server,
    stop: asyncio.Event,
    on_ready: Callable[[], None],
) -> None:
    """Follow the core, run what slices run, and serve until told to stop."""
    followers = [take for part in parts for take in part.follows]

    def take(batch: LiveBatch) -> None:
        shared.exchange.observe(batch.time_ns)
        live_markets.apply(batch)
        if batch.events:
            for follower in followers:
                follower(batch)

    async def follow() -> None:
        await live_markets.load()
        await shared.feed.follow(take)

    async def serve() -> None:
        await server.run(stop, on_ready)
        for task in running:
            task.cancel()

    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(follow(), name="feed")]
        for part in parts:
            for name, run in part.runs.items():
                running.append(tasks.create_task(run(), name=name))
        tasks.create_task(serve(), name="server")
