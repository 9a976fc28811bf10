"""What Prometheus sees of a running exchange, and of one that is down."""

import re
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.exchange import COMMAND, Exchange


@contextmanager
def _scraping(home: Path) -> Iterator[str]:
    """Start `tickyard metrics` on any port; gives its address."""
    command = (*COMMAND, "metrics", "--home", str(home), "--port", "0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0


def _scrape(url: str) -> dict[str, float]:
    with urllib.request.urlopen(url, timeout=20) as answer:
        text = answer.read().decode()
    return {name: float(value) for name, value in re.findall(r"^(tickyard_\S+) (\S+)$", text, re.M)}


def test_metrics_tell_of_commands_processes_and_answers(exchange: Exchange) -> None:
    answers = 'tickyard_answers_total{role="gateway",worker="1",status="2xx"}'
    with _scraping(exchange.home) as url:
        before = _scrape(url)
        client = exchange.ccxt("alice")
        order = client.create_order("BTC/USDT", "limit", "buy", 0.001, 30_000)
        client.cancel_order(order["id"], "BTC/USDT")
        after = _scrape(url)
    assert after["tickyard_ready"] == 1
    assert after["tickyard_commands_total"] >= before["tickyard_commands_total"] + 2
    assert after[answers] > before[answers]
    assert after['tickyard_process_resident_bytes{role="core",worker="1"}'] > 1e6
    assert after['tickyard_files_bytes{part="journal"}'] > 0
    assert 'tickyard_projection_behind_commands{projection="orders"}' in after
    assert after['tickyard_websockets{role="fanout",worker="1"}'] >= 0
    assert (
        after["tickyard_core_commit_seconds_count"] > before["tickyard_core_commit_seconds_count"]
    )
    assert after["tickyard_core_accounts"] > 0
    assert after['tickyard_core_commands_refused_total{reason="full"}'] == 0
    assert 'tickyard_connections{protocol="websocket"}' in after


def test_an_exchange_that_is_down_is_not_ready(tmp_path: Path) -> None:
    with _scraping(tmp_path / "home") as url:
        assert _scrape(url)["tickyard_ready"] == 0
