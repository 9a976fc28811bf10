"""The process of the simulated participants.

It may be started at any time and any number of times: quotes have fixed names, so a second start takes over
the orders of the first. When it is told to stop it cancels its quotes; when it dies, the exchange cancels
them a minute later (cancel-all-after), and whoever starts before that takes them over.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec
import structlog

from tickyard.base.clock import WallClock
from tickyard.world.client import Client, Row
from tickyard.world.errors import Lost, Refused
from tickyard.world.fair import FairPrices
from tickyard.world.maker import Maker, withdraw
from tickyard.world.pair import Pair
from tickyard.world.rng import Rng
from tickyard.world.settings import Profile, WorldSettings, behaviour
from tickyard.world.taker import Taker

log = structlog.get_logger()

_RETRY_S: Final = 0.2
_CLEAN_UP_S: Final = 1.2
"""How long a stop may take to cancel the quotes."""
_DEAD_MAN_S: Final = 60
_DEAD_MAN_EVERY_S: Final = 20
_QUIET_REFRESH_S: Final = 15
_QUIET_TRADES_PER_MINUTE: Final = 0.05


class _Market(msgspec.Struct, frozen=True):
    """What the exchange says of itself at the beginning."""

    pairs: list[Pair]
    last: list[tuple[str, float]]
    """Last prices, of pairs that have traded."""


async def run(settings: WorldSettings, stop: asyncio.Event) -> None:
    """Take part until told to stop; then cancel the quotes, within two seconds.

    Args:
        settings: who, where and how.
        stop: ends it.
    """
    clock = WallClock()
    makers = [Client(settings.http, settings.ws, who, clock) for who in settings.makers]
    taker = Client(settings.http, settings.ws, settings.taker, clock)
    clients = (*makers, taker)
    async with asyncio.TaskGroup() as tasks:
        connections = [tasks.create_task(client.keep_connected()) for client in clients]
        playing = tasks.create_task(_play(settings, makers, taker))
        await stop.wait()
        playing.cancel()
        await asyncio.wait([playing])
        await _clean_up(makers)
        for connection in connections:
            connection.cancel()
    for client in clients:
        client.close()


async def _play(settings: WorldSettings, makers: Sequence[Client], taker: Client) -> None:
    if settings.profile is Profile.EMPTY:
        for maker in makers:
            await _patiently_withdraw(maker)
        return
    is_living = settings.profile is Profile.LIVING
    market = await _look(taker)
    rng = Rng(settings.seed, "fair prices")
    fair = FairPrices(settings.references, rng, is_moving=is_living)
    fair.begin_at(market.last)
    async with asyncio.TaskGroup() as tasks:
        for maker in makers:
            tasks.create_task(_hold_dead_man(maker))
        tasks.create_task(_advance(fair))
        pairs = [pair for pair in market.pairs if fair.knows(pair.base, pair.quote)]
        for number, pair in enumerate(pairs):
            _join(tasks, settings, pair, makers[number % len(makers)], taker, fair)
    log.info("quoter.ended")


def _join(
    tasks: asyncio.TaskGroup,
    settings: WorldSettings,
    pair: Pair,
    maker: Client,
    taker: Client,
    fair: FairPrices,
) -> None:
    """Let a maker and a taker begin in one pair."""
    is_living = settings.profile is Profile.LIVING
    how = behaviour(pair.inst_id)

    def price() -> float:
        return fair.price(pair.base, pair.quote)

    def usd() -> float:
        return fair.usd(pair.base)

    quotes = Maker(
        pair,
        how,
        maker,
        fair=price,
        usd_per_base=usd,
        rng=Rng(settings.seed, f"maker {pair.inst_id}"),
        refresh_s=how.refresh_ms / 1000 if is_living else _QUIET_REFRESH_S,
        is_restless=is_living,
    )
    trades = Taker(
        pair,
        how,
        taker,
        fair=price,
        usd_per_base=usd,
        rng=Rng(settings.seed, f"taker {pair.inst_id}"),
        per_minute=how.trades_per_minute if is_living else _QUIET_TRADES_PER_MINUTE,
    )
    tasks.create_task(quotes.run(), name=f"maker {pair.inst_id}")
    tasks.create_task(trades.run(quotes.quoted), name=f"taker {pair.inst_id}")


async def _look(client: Client) -> _Market:
    """Ask what can be traded and where prices stand, until the exchange answers."""
    while True:
        try:
            rows = await client.get("public/instruments", instType="SPOT")
            tickers = await client.get("market/tickers", instType="SPOT")
        except (Lost, Refused) as error:
            log.debug("quoter.waiting", error=str(error))
            await asyncio.sleep(_RETRY_S)
            continue
        pairs = [pair for pair in map(Pair.of, rows) if pair.is_live]
        return _Market(pairs, [_last(row) for row in tickers if row["last"]])


def _last(row: Row) -> tuple[str, float]:
    return row["instId"], float(row["last"])


async def _advance(fair: FairPrices) -> None:
    """Let fair prices follow the time since the beginning."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while True:
        fair.advance(int((loop.time() - began) * 1000))
        await asyncio.sleep(_RETRY_S)


async def _hold_dead_man(client: Client) -> None:
    """Keep the exchange from cancelling the quotes, as long as we live."""
    while True:
        try:
            await client.post("trade/cancel-all-after", {"timeOut": str(_DEAD_MAN_S)})
        except (Lost, Refused) as error:
            log.debug("quoter.timer_not_held", client=client.name, error=str(error))
            await asyncio.sleep(_RETRY_S)
        else:
            await asyncio.sleep(_DEAD_MAN_EVERY_S)


async def _clean_up(makers: Sequence[Client]) -> None:
    """Cancel the quotes if the exchange still answers; else its timer will."""
    try:
        async with asyncio.timeout(_CLEAN_UP_S), asyncio.TaskGroup() as tasks:
            for maker in makers:
                tasks.create_task(withdraw(maker))
    except* (TimeoutError, Lost, Refused):
        log.info("quoter.left_quotes")


async def _patiently_withdraw(client: Client) -> None:
    while True:
        await client.ready()
        try:
            await withdraw(client)
        except (Lost, Refused) as error:
            log.debug("quoter.waiting", error=str(error))
            await asyncio.sleep(_RETRY_S)
        else:
            return
