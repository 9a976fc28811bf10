"""Endpoints of products that there are not: nothing to list, and OKX's own codes for what would change something."""

import csv
from importlib import resources
from typing import Any

import pytest

from tickyard.base.ids import AccountId
from tickyard.gateway.route import Access, ApiError, Caller, Request, Route
from tickyard.instruments import listing
from tickyard.instruments.absent import absent, absent_routes
from tickyard.instruments.absent_channels import absent_channels
from tickyard.node import build

ROUTES: dict[tuple[str, str], Route] = {
    (route.method, route.path): route for route in absent_routes(listing.load(), build.shapes())
}


async def ask(method: str, path: str, **sent: Any) -> list[Any]:
    params, body = (sent, None) if method == "GET" else ({}, sent)
    request = Request(caller=None, params=params, body=body, received_us=0)
    data = (await ROUTES[method, f"/api/v5/{path}"].handler(request)).data
    assert isinstance(data, list)
    return data


async def code(method: str, path: str, **sent: Any) -> str:
    with pytest.raises(ApiError) as refused:
        await ask(method, path, **sent)
    return refused.value.code


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("account/positions", {}),
        ("account/positions", {"instType": "SWAP", "instId": "BTC-USDT-SWAP"}),
        ("account/interest-accrued", {}),
        ("asset/deposit-history", {}),
        ("asset/convert/currencies", {}),
        ("asset/exchange-list", {}),
        ("copytrading/public-lead-traders", {}),
        ("finance/savings/balance", {}),
        ("market/call-auction-details", {"instId": "BTC-USDT"}),
        ("market/option/instrument-family-trades", {"instFamily": "BTC-USD"}),
        ("public/discount-rate-interest-free-quota", {}),
        ("public/funding-rate", {"instId": "ANY"}),
        ("public/instrument-tick-bands", {"instType": "OPTION"}),
        ("public/mm-instrument-types", {}),
        ("public/open-interest", {"instType": "SWAP", "uly": "BTC-USDT"}),
        ("public/opt-summary", {"uly": "BTC-USD"}),
        ("public/position-tiers", {"instType": "SWAP", "tdMode": "cross"}),
        ("rfq/rfqs", {}),
        ("rubik/stat/taker-volume", {"ccy": "BTC", "instType": "CONTRACTS"}),
        ("sprd/orders-pending", {}),
        ("sprd/spreads", {}),
        ("trade/easy-convert-currency-list", {}),
        ("trade/one-click-repay-currency-list", {}),
        ("tradingBot/grid/orders-algo-pending", {"algoOrdType": "grid"}),
    ],
)
async def test_there_is_nothing_to_list(path: str, params: dict[str, str]) -> None:
    assert await ask("GET", path, **params) == []


async def test_underlyings_are_one_empty_list() -> None:
    assert await ask("GET", "public/underlying", instType="SWAP") == [[]]


async def test_what_is_needed_is_still_needed() -> None:
    assert await code("GET", "public/position-tiers", instType="SWAP") == "50014"
    assert await code("GET", "public/underlying", instType="SPOT") == "51000"
    assert await code("GET", "public/funding-rate") == "50014"
    assert await code("GET", "public/funding-rate", instId="BTC-USDT-SWAP") == "51001"
    assert await code("GET", "account/positions", instType="swap") == "51000"
    assert await code("POST", "account/set-leverage", lever="5") == "50014"


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("account/positions", {"instType": "x"}),
        ("account/positions-history", {"mgnMode": "cash"}),
        ("asset/deposit-history", {"state": "credited"}),
        ("asset/deposit-history", {"limit": "0"}),
        ("asset/withdrawal-history", {"type": "9"}),
        ("account/interest-accrued", {"after": "yesterday"}),
        ("public/open-interest", {"instType": "swap"}),
        ("public/funding-rate-history", {"instId": "BTC-USDT", "limit": "1e2"}),
    ],
)
async def test_what_is_said_wrongly_is_refused_although_nothing_is_there(
    path: str, params: dict[str, str]
) -> None:
    assert await code("GET", path, **params) == "51000"


async def test_currencies_that_there_are_not_have_no_history() -> None:
    for path in ("asset/deposit-history", "account/interest-accrued", "asset/deposit-address"):
        assert await code("GET", path, ccy="XYZ") == "51012"
        assert await ask("GET", path, ccy="USDT") == []


async def test_every_state_of_a_withdrawal_may_be_asked_for() -> None:
    for state in (*range(-3, 3), *range(4, 13), 15, 16, 17, 19):
        if state not in {3, 11}:
            assert await ask("GET", "asset/withdrawal-history", state=str(state)) == []


async def test_other_account_modes_are_refused() -> None:
    leverage = {"instId": "BTC-USDT", "lever": 5, "mgnMode": "cross"}
    assert await code("POST", "account/set-leverage", **leverage) == "51010"
    assert await code("GET", "account/leverage-info", mgnMode="cross") == "51010"
    order = {"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "market", "sz": "1"}
    assert await code("POST", "trade/order-precheck", **order) == "51010"
    assert await code("POST", "trade/close-position", instId="X", mgnMode="cross") == "51010"


async def test_products_and_rails_that_a_demo_has_not_are_refused() -> None:
    assert await code("POST", "asset/withdrawal", ccy="BTC", amt="1") == "50038"
    assert await code("POST", "trade/easy-convert", fromCcy=["BTC"], toCcy="USDT") == "50038"
    assert ROUTES["POST", "/api/v5/asset/withdrawal"].access is Access.WITHDRAW


async def test_no_spread_and_no_contract_has_any_name() -> None:
    assert await code("GET", "sprd/books", sprdId="BTC-USDT_BTC-USDT-SWAP") == "51001"
    order = {"sprdId": "x", "side": "buy", "ordType": "limit", "sz": "1", "px": "1"}
    assert await code("POST", "sprd/order", **order) == "51001"
    asked = {"sz": "1"}
    assert await code("GET", "public/convert-contract-coin", instId="BTC-USDT", **asked) == "51015"
    assert await code("GET", "public/convert-contract-coin", instId="X", **asked) == "51001"


def test_each_row_of_the_table_is_one_route_in_the_order_of_paths() -> None:
    text = resources.files("tickyard.instruments").joinpath("data", "absent.csv").read_text()
    rows = [(row["path"], row["method"]) for row in csv.DictReader(text.splitlines())]
    assert rows == sorted(set(rows))
    assert len(ROUTES) == len(rows) == len(absent())
    for (method, _), route in ROUTES.items():
        assert route.limit
        assert route.summary
        if method == "GET":
            assert route.access in (Access.READ, Access.PUBLIC)


SILENT = {channel.name: channel for channel in absent_channels(listing.load())}
ALICE = Caller(AccountId(16), "uid", AccountId(16), "key", frozenset())


@pytest.mark.parametrize(
    "arg",
    [
        {"channel": "liquidation-warning", "instType": "ANY"},
        {"channel": "account-greeks"},
        {"channel": "deposit-info", "ccy": "BTC"},
        {"channel": "grid-orders-spot", "instType": "SPOT"},
        {"channel": "liquidation-orders", "instType": "SWAP"},
        {"channel": "call-auction-details", "instId": "BTC-USDT"},
    ],
)
def test_channels_of_absent_products_can_be_subscribed_to(arg: dict[str, str]) -> None:
    channel = SILENT[arg["channel"]]
    key = channel.key(arg, ALICE)
    assert key == channel.key(dict(arg), ALICE)
    assert channel.opened(key, None, arg, ALICE) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "arg",
    [
        {"channel": "liquidation-warning"},
        {"channel": "liquidation-orders", "instType": "SPOT"},
        {"channel": "call-auction-details", "instId": "X"},
        {"channel": "deposit-info", "ccy": ["BTC"]},
        {"channel": "grid-orders-spot", "instType": ["SPOT"]},
    ],
)
def test_streams_that_there_cannot_be_are_refused(arg: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as refused:
        SILENT[arg["channel"]].key(arg, ALICE)
    assert refused.value.code == "60018"


def test_private_streams_differ_by_account() -> None:
    arg = {"channel": "account-greeks"}
    bob = Caller(AccountId(17), "uid", AccountId(17), "key", frozenset())
    assert SILENT["account-greeks"].key(arg, ALICE) != SILENT["account-greeks"].key(arg, bob)
