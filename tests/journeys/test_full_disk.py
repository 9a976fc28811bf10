"""Disks without a free byte, and one that fails: what is not kept is not acknowledged, and room sets it going again."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import ccxt
import pytest
from tests.support.disks import ThinDisk, fill, give_back_zeros, small_disk, thin_disk
from tests.support.exchange import PATIENCE_S, Exchange, tickyard
from tests.support.load import Trader
from tests.support.named_tests import broken_on_purpose
from tests.support.promises import check

from tickyard.engine import replay

FULL = "No space left on device"
PARTS = {"journal": 100, "events": 64, "snapshots": 16, "read": 32}
"""Parts of a home, and megabytes that each has here; a segment of the journal takes 64, and another has no room."""
SEGMENT_BYTES = 64 << 20
WHOLE = 110
"""Megabytes of a whole home on one disk."""

pytestmark = broken_on_purpose


@pytest.fixture
def parted(tmp_path: Path) -> Iterator[Exchange]:
    """An exchange with a small disk for each part of its home."""
    with ExitStack() as stack:
        for part, megabytes in PARTS.items():
            stack.enter_context(small_disk(tmp_path / "home" / part, megabytes=megabytes))
        yield stack.enter_context(Exchange(tmp_path / "home"))


def test_f09_each_part_of_a_home_may_be_full_and_room_alone_sets_it_going_again(
    parted: Exchange,
) -> None:
    trader = _trader(parted)
    _trade(parted, trader, 0.5)
    _stops_and_goes_on(parted, trader, parted.home / "events")

    # Nobody waits for a snapshot, and orders need no history.
    ballast = _fill(parted.home / "snapshots")
    with pytest.raises(OSError, match=FULL):
        replay.make_snapshot(parted.home, at_least=1)
    _goes_on(parted, trader)
    ballast.unlink()
    assert replay.make_snapshot(parted.home, at_least=1)

    ballast = _fill(parted.home / "read")
    placed = len(trader.placed)
    _trade_until(parted, trader, "database or disk is full")
    assert len(trader.placed) > placed
    ballast.unlink()
    _goes_on(parted, trader)
    # Last: the blocks that the segment has lost are not its own again.
    _stops_and_goes_on(parted, trader, parted.home / "journal")
    _verify(parted)


def test_f09_a_whole_home_may_be_full_and_room_alone_sets_it_going_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with small_disk(home, megabytes=WHOLE), Exchange(home) as exchange:
        # A sell of the trader's own may take all of its bids out of the book; this one lies below.
        exchange.ccxt("bob").create_order("BTC/USDT", "limit", "buy", 0.001, 50_000)
        trader = _trader(exchange)
        _trade(exchange, trader, 0.5)
        public = exchange.ccxt()
        ballast = _fill(home)
        _nothing_is_acknowledged(exchange, trader, FULL)
        # What everybody may see is in memory, and the logs have no room either: neither stands in the way.
        assert public.fetch_order_book("BTC/USDT")["bids"]
        assert public.fetch_ticker("BTC/USDT")["bid"]
        ballast.unlink()
        _goes_on(exchange, trader)
        _verify(exchange)


def test_f05_after_a_sync_that_failed_nothing_is_acknowledged_and_a_repaired_disk_has_it_all(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    with (
        small_disk(tmp_path / "pool", megabytes=120) as pool,
        thin_disk(pool, home / "journal", megabytes=100) as disk,
        Exchange(home) as exchange,
    ):
        trader = _trader(exchange)
        _trade(exchange, trader, 0.5)
        _wait_for_spare(disk.folder)
        ballast = disk.use_up()
        _nothing_is_acknowledged(exchange, trader, "its disk failed")
        assert "sync the journal: " in (home / "run" / "core.log").read_text()

        # The kernel lets nobody write to such a file system until it was looked at.
        _repair(exchange, disk, ballast)
        _goes_on(exchange, trader)
        _verify(exchange)


def test_f05_a_disk_that_answers_with_eio_acknowledges_nothing_and_has_it_all_once_it_works(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    with (
        small_disk(tmp_path / "pool", megabytes=120) as pool,
        thin_disk(pool, home / "journal", megabytes=100) as disk,
        Exchange(home) as exchange,
    ):
        trader = _trader(exchange)
        _trade(exchange, trader, 0.5)
        _wait_for_spare(disk.folder)
        disk.cut_off(megabytes=4)
        _nothing_is_acknowledged(exchange, trader, "its disk failed")
        assert "Input/output error" in (home / "run" / "core.log").read_text()

        # Mounted anew, the image is whole again.
        _repair(exchange, disk)
        _goes_on(exchange, trader)
        _verify(exchange)


def _repair(exchange: Exchange, disk: ThinDisk, ballast: Path | None = None) -> None:
    """Do what an operator does with a disk that has failed."""
    exchange.stop()
    disk.unmount()
    if ballast is not None:
        ballast.unlink()
    disk.check()
    disk.mount()
    exchange.start()


def _stops_and_goes_on(exchange: Exchange, trader: Trader, part: Path) -> None:
    ballast = _fill(part)
    _nothing_is_acknowledged(exchange, trader, FULL)
    ballast.unlink()
    _goes_on(exchange, trader)


def _trader(exchange: Exchange) -> Trader:
    return Trader(exchange.key("alice"), prefix="alice", seed=1)


def _fill(disk: Path) -> Path:
    """Take every byte of a disk, also those that the segment of the journal has in advance."""
    ballast = fill(disk)
    for journal in (disk, disk / "journal"):
        _wait_for_spare(journal)
    for segment in disk.rglob("*.log"):
        give_back_zeros(segment)
    return fill(disk, ballast)


def _wait_for_spare(journal: Path) -> None:
    """Wait until the next segment has all its bytes, or has found no room and has given back what it had taken."""
    spare = journal / "next.tmp"
    with suppress(FileNotFoundError):
        while spare.stat().st_blocks * 512 < SEGMENT_BYTES:
            time.sleep(0.02)


def _trade(exchange: Exchange, trader: Trader, seconds: float) -> None:
    """Trade for so long, connecting again when cut off."""

    async def trade(ws: str) -> None:
        try:
            async with asyncio.timeout(seconds):
                while True:
                    await trader.trade_until_cut_off(ws)
                    await asyncio.sleep(0.05)
        except TimeoutError:
            return

    asyncio.run(trade(exchange.status()["ws"]))


def _trade_until(exchange: Exchange, trader: Trader, reason: str) -> None:
    """Trade until the exchange says what is wrong."""
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        _trade(exchange, trader, 0.3)
        status = exchange.status()
        if reason in status.get("reason", ""):
            return
    raise AssertionError(f"it does not say {reason!r}: {status}{exchange.logs()}")


def _nothing_is_acknowledged(exchange: Exchange, trader: Trader, reason: str) -> None:
    """Orders are answered with an error, in time, and none is acknowledged; the exchange says why."""
    _trade_until(exchange, trader, reason)
    placed, canceled = len(trader.placed), len(trader.canceled)
    _trade(exchange, trader, 1)
    assert (len(trader.placed), len(trader.canceled)) == (placed, canceled)
    client = exchange.ccxt("alice")
    client.timeout = 8_000
    # It may be carried out later: what it is told is that nobody knows.
    name = f"refused{placed}"
    trader.sent.add(name)
    with pytest.raises(ccxt.OperationFailed, match=r'"code":"5000[14]"'):
        client.create_order("BTC/USDT", "limit", "buy", 0.001, 1, {"clOrdId": name})


def _goes_on(exchange: Exchange, trader: Trader) -> None:
    """Without anybody's doing orders are acknowledged again, and what was acknowledged before is there."""
    exchange.wait_ready()
    placed = len(trader.placed)
    _trade(exchange, trader, 1)
    assert len(trader.placed) > placed
    exchange.wait_ready()
    check(exchange.ccxt("alice"), trader)


def _verify(exchange: Exchange) -> None:
    done = tickyard("verify", "--home", str(exchange.home), check=False)
    assert done.returncode == 0, done.stdout + done.stderr
