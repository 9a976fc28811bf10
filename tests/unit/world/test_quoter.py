"""The whole process against a small exchange on a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from tempfile import mkdtemp

from tests.support.small_exchange import REFERENCES, STAKE, SmallExchange
from tests.support.wire import PASSPHRASE, SECRET, serving

from tickyard.world import quoter
from tickyard.world.settings import Kind, Participant, Profile, WorldSettings

MONEY = {ccy: float(held) for ccy, held in STAKE.items()}


def settings(port: int, profile: Profile) -> WorldSettings:
    def who(name: str, kind: Kind, address: str) -> Participant:
        return Participant(name, kind, name, SECRET, PASSPHRASE, address, MONEY)

    return WorldSettings(
        http=f"http://127.0.0.1:{port}",
        ws=f"ws://127.0.0.1:{port}/ws/v5",
        seed=7,
        profile=profile,
        participants=(
            who("alice", Kind.MAKER, "127.0.0.11"),
            who("bob", Kind.RETAIL, "127.0.0.12"),
        ),
        venues=mkdtemp(),
        references=REFERENCES,
    )


@asynccontextmanager
async def quoting(exchange: SmallExchange, profile: Profile) -> AsyncIterator[None]:
    async with serving(exchange.gateway()) as port:
        stop = asyncio.Event()
        running = asyncio.ensure_future(quoter.run(settings(port, profile), stop))
        try:
            yield
        finally:
            stop.set()
            async with asyncio.timeout(10):
                await running


async def test_a_living_market_is_two_sided_trades_and_is_cleared_at_the_end() -> None:
    exchange = SmallExchange()
    async with quoting(exchange, Profile.LIVING):
        await exchange.until(lambda: {t["instId"] for t in exchange.trades} == set(REFERENCES))
        for inst_id in REFERENCES:
            assert exchange.best("buy", inst_id) < exchange.best("sell", inst_id)
        assert {trade["maker"] for trade in exchange.trades} == {"alice"}
        assert exchange.timers
    assert exchange.resting() == []


async def test_a_quiet_market_is_two_sided_and_has_a_last_price() -> None:
    exchange = SmallExchange()
    async with quoting(exchange, Profile.QUIET):
        await exchange.until(lambda: {t["instId"] for t in exchange.trades} == set(REFERENCES))
        assert len(exchange.trades) == len(REFERENCES)


async def test_an_empty_market_loses_what_an_earlier_run_left() -> None:
    exchange = SmallExchange()
    item = {"instId": "BTC-USDT", "side": "buy", "ordType": "limit", "px": "1", "sz": "1"}
    exchange.place("alice", item)
    exchange.place("bob", item)
    async with quoting(exchange, Profile.EMPTY):
        await exchange.until(lambda: not exchange.resting("alice"))
    assert len(exchange.resting("bob")) == 1
    assert exchange.trades == []


async def test_it_stops_when_the_exchange_is_not_there() -> None:
    stop = asyncio.Event()
    running = asyncio.ensure_future(quoter.run(settings(1, Profile.LIVING), stop))
    await asyncio.sleep(0)
    stop.set()
    async with asyncio.timeout(10):
        await running
