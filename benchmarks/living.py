"""The whole exchange with its demo market, as a user starts it: what it takes, how late its streams are, what its page costs."""

import gzip
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from playwright.sync_api import CDPSession, Response, WebSocket, expect
from tests.support.browser import chromium

from benchmarks.crowd import Member
from benchmarks.listeners import listening
from benchmarks.pairs import PAIRS
from benchmarks.processes import cpu_ns
from benchmarks.row import Row, machine
from benchmarks.scope import ROOT, Measurement, Scope, scratch
from benchmarks.trades import Takers

_TICKYARD: Final = ROOT / ".venv" / "bin" / "tickyard"
_MIB: Final = 1 << 20
_EXCHANGE_MIB: Final = 1_023
_STREAM_P99_US: Final = 250_000
_TRADES_PER_S: Final = 100
"""Made beside the demo market's own, in the pair that the page shows."""
_TAKERS: Final = [
    Member.of_demo(name) for name in ("whale", "mm1", "quoter1", "quoter2", "quoter3")
]
"""Each makes twenty trades a second, of the thirty that the rate limits allow."""
_PAIR: Final = "BTC-USDT"
_SWAP: Final = [
    {
        "instId": _PAIR,
        "tdMode": "cash",
        "side": side,
        "ordType": "market",
        "sz": "0.00001",
        "tgtCcy": "base_ccy",
    }
    for side in ("buy", "sell")
]
"""Taken from the demo market's makers, and given back."""
_LOOK_EVERY_MS: Final = 10
_MAIN_THREAD_PERCENT: Final = 35
_JAVASCRIPT_BYTES: Final = 300_000


def _rows(scope: Scope) -> Iterator[Row]:
    window = scope.pick(60, 5)
    with _living(scope) as home:
        scope.say(f"it lives for {window} s")
        time.sleep(window)
        status = _status(home)
        yield _memory(status, "memory_exchange", f"a living demo after {window} s")
        yield from _streams(scope, status, window)
        yield from _page(scope, status["http"], window)


def _memory(status: dict[str, Any], name: str, what: str) -> Row:
    each = {role: _resident(_pids(pids)) for role, pids in status["pids"].items()}
    parts = ", ".join(f"{role} {size / _MIB:.0f}" for role, size in each.items())
    return Row(
        name=name,
        value=round(sum(each.values()) / _MIB),
        unit="MiB",
        conditions=(
            f"resident memory of all processes of {what}, pages that they share counted once for each: {parts}; "
            f"{machine()}"
        ),
        target={"value": ("<=", _EXCHANGE_MIB)},
    )


def _streams(scope: Scope, status: dict[str, Any], window: int) -> Iterator[Row]:
    connections = scope.pick(1_000, 100)
    pairs = [pair.name for pair in PAIRS]
    scope.say(f"{connections:,} connections listen for {window} s")
    with listening(_port(status["http"]), connections, pairs) as listeners:
        listeners.reset()
        before = _cpu_ns(status)
        time.sleep(window)
        used = _cpu_ns(status)
        heard = listeners.heard()
        after = _memory(
            status, "living_memory", f"a living demo with {connections:,} listeners for {window} s"
        )
    yield Row(
        name="living_fanout_p99",
        value=heard.p99_us,
        unit="us",
        conditions=(
            "from the time of a trade of the demo market, in whole ms, to its arrival in the client; "
            f"{connections:,} connections with `tickers` and `trades` of {len(pairs)} pairs, {heard.pushes // window:,} "
            f"pushes/s for {window} s; CPU in % of a core: {_busy(before, used, window)}; {machine()}"
        ),
        target={"value": ("<=", _STREAM_P99_US)},
        latency=heard.latency,
    )
    yield after


def _page(scope: Scope, url: str, window: int) -> Iterator[Row]:
    scope.say(f"a browser looks at a market for {window} s")
    scripts: list[bytes] = []
    frames = 0

    def loaded(response: Response) -> None:
        if response.request.resource_type == "script":
            scripts.append(response.body())

    def opened(stream: WebSocket) -> None:
        stream.on("framereceived", heard)

    def heard(_: object) -> None:
        nonlocal frames
        frames += 1

    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.on("response", loaded)
        page.on("websocket", opened)
        page.goto(f"{url}/trade/{_PAIR}")
        expect(page.get_by_label("live", exact=True)).to_be_visible()
        size = sum(len(gzip.compress(script)) for script in scripts)
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable")
        takers = Takers(_port(url), _TAKERS, _SWAP)
        used, frames = _main_thread_s(devtools), 0
        began = time.monotonic()
        while (passed := time.monotonic() - began) < window:
            while takers.sent < passed * _TRADES_PER_S:
                takers.trade()
            takers.receive(0)
            # The browser's messages are read while we wait.
            page.wait_for_timeout(_LOOK_EVERY_MS)
        used = _main_thread_s(devtools) - used
        takers.settle()
        takers.close()
    yield Row(
        name="page_main_thread",
        value=round(100 * used / passed, 1),
        unit="%",
        conditions=(
            f"of the time that Chromium's main thread works for the trading page of {_PAIR}, {frames / passed:.0f} "
            f"messages/s, {window} s, browser on the same machine; {machine()}"
        ),
        target={"value": ("<=", _MAIN_THREAD_PERCENT)},
    )
    yield Row(
        name="page_javascript",
        value=size,
        unit="bytes",
        conditions=f"{len(scripts)} scripts of the trading page, compressed with gzip; {machine()}",
        target={"value": ("<=", _JAVASCRIPT_BYTES)},
    )


def _main_thread_s(devtools: CDPSession) -> float:
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None, "Invariant: it listens somewhere"
    return port


@contextmanager
def _living(scope: Scope) -> Iterator[tuple[str, ...]]:
    with scratch() as folder:
        scope.say("a demo market starts")
        home = ("--home", str(folder / "home"))
        try:
            _tickyard("up", *home, "--http-port", "0", "--tls-port", "0", "--detach")
            yield home
        finally:
            _tickyard("down", *home)


def _status(home: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(_tickyard("status", *home, "-o", "json"))
    return found


def _tickyard(*arguments: str) -> bytes:
    command = [str(_TICKYARD), *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout  # noqa: S603  # our own command


def _cpu_ns(status: dict[str, Any]) -> dict[str, int]:
    return {role: sum(map(cpu_ns, _pids(pids))) for role, pids in status["pids"].items()}


def _busy(before: dict[str, int], after: dict[str, int], seconds: int) -> str:
    shares = {role: (ns - before[role]) / seconds / 10**7 for role, ns in after.items()}
    ordered = sorted(shares.items(), key=lambda one: -one[1])
    return ", ".join(f"{role} {share:.1f}" for role, share in ordered)


def _pids(found: int | Sequence[int]) -> Sequence[int]:
    return [found] if isinstance(found, int) else found


def _resident(pids: Sequence[int]) -> int:
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1]) * 1_024
    return total


MEASUREMENTS: Final = [
    Measurement(
        (
            "memory_exchange",
            "living_fanout_p99",
            "living_memory",
            "page_main_thread",
            "page_javascript",
        ),
        _rows,
    )
]
