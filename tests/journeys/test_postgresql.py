"""An exchange whose settings name a PostgreSQL server: history goes away and comes back, orders go on."""

from pathlib import Path

import ccxt
import pytest
from tests.support.exchange import Exchange, kill, tickyard
from tests.support.postgres import PostgresServer


def test_history_survives_the_server_and_the_projector(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    exchange = Exchange(tmp_path / "home")
    with (exchange.home / "settings.toml").open("a") as settings:
        settings.write(f'read_database = "{postgres.address()}"\n')
    with exchange:
        alice, bob = exchange.ccxt("alice"), exchange.ccxt("bob")
        _trade(alice, bob, times=3)
        assert len(alice.fetch_my_trades("BTC/USDT")) == 3

        postgres.stop()
        try:
            _trade(alice, bob, times=2)
            with pytest.raises(ccxt.RequestTimeout, match="50004"):
                alice.fetch_my_trades("BTC/USDT")
            exchange.wait_for(lambda status: "history stands still: " in status.get("reason", ""))
        finally:
            postgres.start()
        exchange.wait_ready()
        assert len(alice.fetch_my_trades("BTC/USDT")) == 5
        exchange.wait_for(lambda status: "reason" not in status)

        projector = exchange.status()["pids"]["projector"]
        kill(projector)
        _trade(alice, bob, times=1)
        exchange.wait_ready(without=projector)
        assert len(alice.fetch_my_trades("BTC/USDT")) == 6
        home = ("--home", str(exchange.home))
        for command in ("verify", "rebuild", "verify"):
            done = tickyard(command, *home, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
        assert len(alice.fetch_my_trades("BTC/USDT")) == 6
        assert not (exchange.home / "read" / "read.sqlite").exists()


def _trade(alice: ccxt.okx, bob: ccxt.okx, *, times: int) -> None:
    for _ in range(times):
        alice.create_order("BTC/USDT", "limit", "buy", 0.001, 60_000)
        bob.create_order("BTC/USDT", "limit", "sell", 0.001, 60_000)
