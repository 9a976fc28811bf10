"""A person signs up, secures the entry, makes a key, and a client from the registry trades with it."""

from decimal import Decimal
from pathlib import Path

import ccxt
import httpx
import pyotp
import pytest
from tests.support.exchange import Exchange
from tests.support.money import balances

PASSWORD = "violet tractor seventeen"
PERSON = {"email": "ada@example.org", "password": PASSWORD}


def client(exchange: Exchange, key: dict[str, str]) -> ccxt.okx:
    config = exchange.ccxt_config() | {
        "apiKey": key["apiKey"],
        "secret": key["secretKey"],
        "password": key["passphrase"],
    }
    return ccxt.okx(config)


def test_sign_up_secure_trade_log_out_and_come_back_after_a_crash(tmp_path: Path) -> None:
    with Exchange(tmp_path / "home") as exchange:
        browser = httpx.Client(base_url=f"{exchange.status()['http']}/site/v1", timeout=20)
        me = browser.post("sign-up", json=PERSON).json()
        assert me["email"] == "ada@example.org"
        # Whoever comes next through the same worker brings no cookie, and is nobody.
        stranger = httpx.get(f"{exchange.status()['http']}/site/v1/me")
        assert stranger.json() is None

        secret = browser.post("second-factor/begin", json={}).json()["secret"]
        code = pyotp.TOTP(secret).now()
        assert browser.post("second-factor/confirm", json={"code": code}).status_code == 200

        wish = {"label": "bot", "passphrase": "open-sesame", "permissions": ["trade"]}
        key = browser.post("keys/make", json=wish).json()
        ada, maker = client(exchange, key), exchange.ccxt("mm1")
        maker.create_order("BTC/USDT", "limit", "sell", 0.1, 70000)
        ada.create_order("BTC/USDT", "market", "buy", 0.1)
        assert balances(ada)["USDT"][0] == Decimal(100_000) - Decimal(7_000)
        assert ada.fetch_my_trades("BTC/USDT")[0]["amount"] == 0.1

        page = client(exchange, browser.post("session-key", json={}).json())
        assert balances(page) == balances(ada)

        sub = browser.post("accounts/add", json={"name": "grid1"}).json()
        sub_key = browser.post("keys/make", json={**wish, "account": sub["account"]}).json()
        assert balances(client(exchange, sub_key)) == {}

        browser.post("log-out", json={})
        with pytest.raises(ccxt.ExchangeError, match="50119"):
            page.fetch_balance()
        assert balances(ada)["USDT"][0] == Decimal(93_000)

        exchange.kill_everything()
        exchange.start()
        assert balances(ada)["USDT"][0] == Decimal(93_000)
        browser = httpx.Client(base_url=f"{exchange.status()['http']}/site/v1", timeout=20)
        needed = browser.post("log-in", json=PERSON)
        assert needed.json()["error"]["code"] == "code_needed"
        used = browser.post("log-in", json={**PERSON, "code": code})
        assert used.json()["error"]["code"] == "code_wrong"
        newer = pyotp.TOTP(secret).at(0, counter_offset=_step() + 1)
        assert browser.post("log-in", json={**PERSON, "code": newer}).status_code == 200

        assert browser.post("keys/delete", json={"name": key["apiKey"]}).status_code == 200
        with pytest.raises(ccxt.ExchangeError, match="50119"):
            ada.fetch_balance()


def _step() -> int:
    import time  # noqa: PLC0415  # the authenticator's own clock

    return int(time.time()) // 30
