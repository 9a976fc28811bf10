"""The system kills a process that has no memory left: no promise is broken, and it comes back by itself."""

import asyncio
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.support.exchange import PATIENCE_S, Exchange, tickyard
from tests.support.load import Trader
from tests.support.named_tests import NOT_POSSIBLE, broken_on_purpose
from tests.support.promises import check

pytestmark = broken_on_purpose

_GROUPS = Path("/sys/fs/cgroup/memory")
_FEW_BYTES = 64 << 10


@pytest.fixture
def group() -> Iterator[Path]:
    """A control group that allows next to no memory beyond what a process has already."""
    path = _GROUPS / f"tickyard-test-{os.getpid()}"
    try:
        path.mkdir()
        (path / "memory.limit_in_bytes").write_text(str(_FEW_BYTES))
    except OSError as error:
        pytest.skip(f"{NOT_POSSIBLE}: {error}")
    yield path
    with suppress(OSError):
        path.rmdir()


@pytest.mark.parametrize("role", ["core", "gateway"])
def test_f35_a_process_that_runs_out_of_memory_comes_back_and_loses_nothing(
    fresh_exchange: Exchange, group: Path, role: str
) -> None:
    traders = [
        Trader(fresh_exchange.key(name), prefix=name, seed=seed)
        for seed, name in enumerate(("alice", "bob"))
    ]
    pids = fresh_exchange.status()["pids"][role]
    victim = pids[0] if isinstance(pids, list) else pids
    ws = fresh_exchange.status()["ws"]
    # Watched before it is in want of memory: it may die at once.
    watch = os.pidfd_open(victim)
    try:
        (group / "cgroup.procs").write_text(str(victim))
        asyncio.run(_trade_until_it_dies(traders, ws, watch))
    finally:
        os.close(watch)
    fresh_exchange.wait_ready(without=victim)
    said = (fresh_exchange.home / "run" / "supervisor.log").read_text()
    assert re.search(rf"process\.died .*code=-9 .*role={role}", said), said
    for trader, name in zip(traders, ("alice", "bob"), strict=True):
        check(fresh_exchange.ccxt(name), trader)
    done = tickyard("verify", "--home", str(fresh_exchange.home), check=False)
    assert done.returncode == 0, done.stdout + done.stderr


async def _trade_until_it_dies(traders: list[Trader], ws: str, watch: int) -> None:
    death = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(watch, death.set)
    try:
        async with asyncio.TaskGroup() as group, asyncio.timeout(PATIENCE_S):
            tasks = [group.create_task(_trade_on(trader, ws)) for trader in traders]
            await death.wait()
            for task in tasks:
                task.cancel()
    finally:
        loop.remove_reader(watch)


async def _trade_on(trader: Trader, ws: str) -> None:
    while True:
        await trader.trade_until_cut_off(ws)
        await asyncio.sleep(0.05)
