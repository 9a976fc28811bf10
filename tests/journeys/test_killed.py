"""SIGKILL under load, of everything and of each process alone: no promise is broken."""

import asyncio
import os
import random
import signal
from pathlib import Path

import pytest
from tests.support.exchange import Exchange, tickyard
from tests.support.load import Trader
from tests.support.promises import check
from tests.support.stops import StopTrader

KILLS = int(os.environ.get("TICKYARD_KILLS", "5"))
ALONE = ("core", "gateway", "projector", "snapshots", "supervisor")


@pytest.fixture
def traders(fresh_exchange: Exchange) -> list[Trader]:
    return [
        Trader(fresh_exchange.key(name), prefix=name, seed=seed)
        for seed, name in enumerate(("alice", "bob"))
    ]


def test_everything_is_killed_at_random_points(
    fresh_exchange: Exchange, traders: list[Trader]
) -> None:
    rng = random.Random(11)
    stops, fired = StopTrader("whale"), 0
    for _ in range(KILLS):
        with stops.at_work(fresh_exchange.status()["http"]):
            asyncio.run(_trade_for(fresh_exchange, traders, rng.uniform(0.1, 1.0)))
            fresh_exchange.kill_everything()
        fresh_exchange.start()
        _check_all(fresh_exchange, traders)
        fired = stops.check(fresh_exchange.status()["http"])
    assert sum(len(trader.placed) for trader in traders) > KILLS
    assert fired
    _verify(fresh_exchange)


@pytest.mark.parametrize("role", ALONE)
def test_one_process_is_killed_and_comes_back_by_itself(
    fresh_exchange: Exchange, traders: list[Trader], role: str
) -> None:
    pids = fresh_exchange.status()["pids"][role]
    victim = pids[0] if isinstance(pids, list) else pids
    stops = StopTrader("whale")
    with stops.at_work(fresh_exchange.status()["http"]):
        asyncio.run(_trade_for(fresh_exchange, traders, 1, kill=victim))
    if role == "supervisor":
        fresh_exchange.start()
    fresh_exchange.wait_ready(without=victim)
    _check_all(fresh_exchange, traders)
    assert stops.check(fresh_exchange.status()["http"])
    _verify(fresh_exchange)


def test_a_restart_keeps_the_state(fresh_exchange: Exchange, traders: list[Trader]) -> None:
    asyncio.run(_trade_for(fresh_exchange, traders, 0.3))
    before = fresh_exchange.status()
    fresh_exchange.stop()
    assert fresh_exchange.status()["state"] == "stopped"
    fresh_exchange.start()
    after = fresh_exchange.status()
    assert (after["stateHash"], after["seq"]) == (before["stateHash"], before["seq"])


async def _trade_for(
    exchange: Exchange, traders: list[Trader], seconds: float, *, kill: int | None = None
) -> None:
    """Let the traders trade, and kill a process in the middle if one is named."""
    ws = exchange.status()["ws"]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_trade_on(trader, ws)) for trader in traders]
        await asyncio.sleep(seconds / 2)
        if kill is not None:
            os.kill(kill, signal.SIGKILL)
        await asyncio.sleep(seconds / 2)
        for task in tasks:
            task.cancel()


async def _trade_on(trader: Trader, ws: str) -> None:
    """Trade, and connect again when cut off."""
    while True:
        await trader.trade_until_cut_off(ws)
        await asyncio.sleep(0.05)


def _check_all(exchange: Exchange, traders: list[Trader]) -> None:
    for trader, name in zip(traders, ("alice", "bob"), strict=True):
        check(exchange.ccxt(name), trader)


def _verify(exchange: Exchange) -> None:
    done = tickyard("verify", "--home", str(exchange.home), check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert Path(exchange.home).exists()
