"""The market of a demo lives: every book is two-sided, people of each kind of pair trade, and a sweep is mended.

Rate limits are on, as for everybody: the simulated participants live within them.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import ccxt
import pytest
from tests.support.exchange import PATIENCE_S, Exchange

from tickyard.world.profiles import profile_name

EXPECTED_REFUSALS = {"51400", "51503"}
"""Amends of orders that were filled meanwhile."""


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exchange]:
    home = tmp_path_factory.mktemp("market") / "home"
    with Exchange(home, profile="living", rate_limits="on") as exchange:
        yield exchange


def eventually(look: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not look():
        assert time.monotonic() < ends, what
        time.sleep(0.2)


def tickers(exchange: Exchange) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = exchange.ccxt().public_get_market_tickers({"instType": "SPOT"})[
        "data"
    ]
    return found


def test_every_book_has_two_sides_that_do_not_cross(living: Exchange) -> None:
    eventually(
        lambda: all(row["bidPx"] and row["askPx"] for row in tickers(living)), "a book is empty"
    )
    rows = tickers(living)
    assert len(rows) >= 20
    assert all(float(row["bidPx"]) < float(row["askPx"]) for row in rows)


def test_books_of_majors_are_deep(living: Exchange) -> None:
    public = living.ccxt()

    def is_deep() -> bool:
        book = public.fetch_order_book("BTC/USDT", 100)
        return min(len(book["bids"]), len(book["asks"])) >= 20

    eventually(is_deep, "the book of BTC-USDT is thin")


def test_pairs_of_every_kind_trade(living: Exchange) -> None:
    def have_traded() -> bool:
        traded = {profile_name(row["instId"]) for row in tickers(living) if row["last"]}
        return traded == {"major", "mid", "small", "stable"}

    eventually(have_traded, "a kind of pair never trades")


def test_a_coin_costs_the_same_whichever_way_it_is_bought(living: Exchange) -> None:
    eventually(lambda: all(row["bidPx"] and row["askPx"] for row in tickers(living)), "")
    middle = {
        row["instId"]: (float(row["bidPx"]) + float(row["askPx"])) / 2 for row in tickers(living)
    }
    over = middle["ETH-BTC"] * middle["BTC-USDT"]
    assert over == pytest.approx(middle["ETH-USDT"], rel=0.002)


def test_a_book_that_somebody_sweeps_is_mended_soon(living: Exchange) -> None:
    whale, public = living.ccxt("whale"), living.ccxt()
    asks = public.fetch_order_book("LINK/USDT", 100)["asks"]
    whale.create_order("LINK/USDT", "market", "buy", round(0.8 * sum(row[1] for row in asks), 1))

    def is_mended() -> bool:
        book = public.fetch_order_book("LINK/USDT", 100)
        best = book["asks"][0][0] / book["bids"][0][0] if book["asks"] and book["bids"] else 2
        return len(book["asks"]) >= len(asks) / 2 and best < 1.002

    eventually(is_mended, "the book of LINK-USDT stays thin")


def test_cancel_all_after_is_admitted_once_a_second(living: Exchange) -> None:
    alice = living.ccxt("alice")

    def code() -> str:
        try:
            return str(alice.private_post_trade_cancel_all_after({"timeOut": "0"})["code"])
        except ccxt.RateLimitExceeded as refused:
            return "50011" if '"code":"50011"' in str(refused) else str(refused)

    eventually(lambda: code() == "50011", "nobody is held to the limit")
    eventually(lambda: code() == "0", "the limit never ends")


def test_nothing_is_refused_that_need_not_be(living: Exchange) -> None:
    log = (living.home / "run" / "world.log").read_text()
    refused = [line for line in log.splitlines() if "refused" in line]
    assert [line for line in refused if not any(code in line for code in EXPECTED_REFUSALS)] == []
