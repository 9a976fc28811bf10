"""The whole REST surface, by tables: what is served, every member of every row, pages and their order, every code.

What OKX documents stands in `vectors/reference.json`: each endpoint with the members of its rows; none of what this
exchange has no product for, which `tests/unit/instruments/test_absent.py` shows.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from tests.support.exchange import Exchange
from tests.support.fields import VECTORS, expected_of, spelled
from tests.support.rest_client import RestClient

from tickyard.node import build

REFERENCE: Final[Mapping[str, list[str]]] = json.loads((VECTORS / "reference.json").read_text())
OTHERS: Final = frozenset(
    {
        "POST trade/order-algo", "POST trade/amend-algos", "POST trade/cancel-algos",
        "POST trade/cancel-advance-algos", "GET trade/order-algo", "GET trade/orders-algo-pending",
        "GET trade/orders-algo-history", "GET trade/account-rate-limit", "GET market/exchange-rate",
        "GET market/index-components",
    }
)  # fmt: skip
"""What may be missing: trigger orders, rate limits and index prices have suites of their own."""
PAIR: Final = "DOT-USDT"
MADE: Final = 5
PAGE_MAX: Final = 100

NOT_TEXT: Final[Mapping[str, type]] = {
    "instIdCode": int, "seqId": int, "prevSeqId": int, "futureSettlement": bool, "canDep": bool,
    "canWd": bool, "canInternal": bool, "mainNet": bool, "needTag": bool, "autoLoan": bool,
    "enableSpotBorrow": bool, "spotBorrowAutoRepay": bool, "collateralEnabled": bool,
    "collateralRestrict": bool, "enable": bool, "gAuth": bool, "canTransOut": bool, "ifDma": bool,
    "result": bool, "enabled": bool,
}  # fmt: skip
"""Members that are no texts. Source: spec of the wire, section 1, rule 1."""


class Desk:
    """Two traders who have done some of everything in one pair, and what came of it."""

    def __init__(self, http: str) -> None:
        self.alice, self.bob = RestClient(http, "alice"), RestClient(http, "bob")
        order = {"instId": PAIR, "tdMode": "cash", "ordType": "limit", "sz": "10"}
        for _ in range(MADE):
            self.alice.done("trade/order", {**order, "side": "sell", "px": "6.2"})
            self.bob.done("trade/order", {**order, "side": "buy", "px": "6.2"})
            dropped = self.alice.done("trade/order", {**order, "side": "sell", "px": "6.5"})
            self.alice.done("trade/cancel-order", {"instId": PAIR, "ordId": dropped["ordId"]})
            self.resting = self.alice.done("trade/order", {**order, "side": "sell", "px": "6.5"})
        move = {"ccy": "USDT", "amt": "1"}
        for number in range(MADE):
            there = {"from": "18", "to": "6"} if number % 2 == 0 else {"from": "6", "to": "18"}
            self.moved = self.alice.done("asset/transfer", {**move, **there})
        if not self.alice.rows("users/subaccount/list", subAcct="surface"):
            self.alice.done(
                "users/subaccount/create-subaccount", {"subAcct": "surface", "type": "1"}
            )
            self.alice.done(
                "users/subaccount/apikey",
                {"subAcct": "surface", "label": "x", "passphrase": "open-sesame"},
            )
        there = {"type": "1", "subAcct": "surface", "from": "18"}
        for wallet in ("18", "6"):
            self.alice.done("asset/transfer", {**move, **there, "to": wallet})


@pytest.fixture(scope="module")
def desk(exchange: Exchange) -> Iterator[Desk]:
    made = Desk(exchange.status()["http"])
    yield made
    for row in made.alice.rows("trade/orders-pending", instId=PAIR):
        made.alice.done("trade/cancel-order", {"instId": PAIR, "ordId": row["ordId"]})
    made.alice.close()
    made.bob.close()


def test_everything_that_okx_documents_is_served(exchange: Exchange) -> None:
    answer = RestClient(exchange.status()["http"], "alice")
    served = {
        f"{method.upper()} {path.removeprefix('/api/v5/')}"
        for path, methods in answer._session.get(
            f"{exchange.status()['http']}/openapi.json", timeout=30
        ).json()["paths"].items()
        for method in methods
    }  # fmt: skip
    answer.close()
    assert REFERENCE.keys() - served <= OTHERS
    assert {
        f"{m} {p.removeprefix('/api/v5/')}" for m, p in map(str.split, build.shapes())
    } >= served


ASKED: Final[Mapping[str, Mapping[str, str]]] = {
    "account/account-position-risk": {},
    "account/balance": {},
    "account/bills": {},
    "account/bills-archive": {},
    "account/config": {},
    "account/instruments": {"instType": "SPOT"},
    "account/max-avail-size": {"instId": PAIR, "tdMode": "cash"},
    "account/max-size": {"instId": PAIR, "tdMode": "cash"},
    "account/max-withdrawal": {},
    "account/subaccount/balances": {"subAcct": "surface"},
    "account/subaccount/max-withdrawal": {"subAcct": "surface"},
    "account/subtypes": {},
    "account/trade-fee": {"instType": "SPOT"},
    "asset/asset-valuation": {},
    "asset/balances": {},
    "asset/bills": {},
    "asset/bills-history": {},
    "asset/currencies": {},
    "asset/subaccount/balances": {"subAcct": "surface"},
    "asset/subaccount/bills": {},
    "asset/transfer-state": {"transId": "moved"},
    "market/books": {"instId": PAIR, "sz": "5"},
    "market/books-full": {"instId": PAIR, "sz": "5"},
    "market/history-trades": {"instId": PAIR},
    "market/platform-24-volume": {},
    "market/ticker": {"instId": PAIR},
    "market/tickers": {"instType": "SPOT"},
    "market/trades": {"instId": PAIR},
    "public/instruments": {"instType": "SPOT"},
    "public/price-limit": {"instId": PAIR},
    "public/time": {},
    "trade/fills": {},
    "trade/fills-history": {"instType": "SPOT"},
    "trade/order": {"instId": PAIR, "ordId": "resting"},
    "trade/orders-history": {"instType": "SPOT"},
    "trade/orders-history-archive": {"instType": "SPOT"},
    "trade/orders-pending": {},
    "users/subaccount/apikey": {"subAcct": "surface"},
    "users/subaccount/list": {},
}


@pytest.mark.parametrize("path", ASKED)
def test_every_row_has_every_member_as_text(desk: Desk, path: str) -> None:
    known = {"moved": desk.moved["transId"], "resting": desk.resting["ordId"]}
    rows = desk.alice.rows(path, **{n: known.get(v, v) for n, v in ASKED[path].items()})
    assert rows
    for row in rows:
        assert expected_of(row, REFERENCE[f"GET {path}"]) <= spelled(row)
        _check_types(row, path)


def _check_types(row: Mapping[str, Any], path: str) -> None:
    for name, value in row.items():
        if isinstance(value, dict):
            _check_types(value, path)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    _check_types(item, path)
        else:
            assert type(value) is NOT_TEXT.get(name, str), (path, name, value)


PAGES: Final[Mapping[str, tuple[Mapping[str, str], str]]] = {
    # what is asked, and the member by which pages are turned
    "account/bills": ({}, "billId"),
    "account/bills-archive": ({"type": "1"}, "billId"),
    "asset/bills": ({}, "ts"),
    "market/history-trades": ({"instId": PAIR}, "tradeId"),
    "trade/fills": ({"instId": PAIR}, "billId"),
    "trade/fills-history": ({"instType": "SPOT", "instId": PAIR}, "billId"),
    "trade/orders-history": ({"instType": "SPOT", "instId": PAIR}, "ordId"),
    "trade/orders-history-archive": ({"instType": "SPOT", "instId": PAIR}, "ordId"),
    "trade/orders-pending": ({"instId": PAIR}, "ordId"),
}


@pytest.mark.parametrize("path", PAGES)
def test_pages_go_from_new_to_old_and_leave_nothing_out(desk: Desk, path: str) -> None:
    asked, cursor = PAGES[path]
    whole = desk.alice.rows(path, **asked)
    numbers = [int(row[cursor]) for row in whole]
    assert len(whole) >= MADE - 1
    assert numbers == sorted(numbers, reverse=True)
    older = desk.alice.rows(path, **asked, after=whole[1][cursor], limit="2")
    after = [row for row in whole if int(row[cursor]) < numbers[1]]
    assert older == after[:2]
    newer = desk.alice.rows(path, **asked, before=whole[2][cursor])
    assert newer == [row for row in whole if int(row[cursor]) > numbers[2]]
    if len(whole) < PAGE_MAX:
        assert desk.alice.rows(path, **asked, after=whole[-1][cursor]) == []
    assert desk.alice.rows(path, **asked, limit="12000") == whole
    assert len(desk.alice.rows(path, **asked, limit="1")) == 1


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("account/bills", {}),
        ("trade/fills", {"instId": PAIR}),
        ("trade/orders-history", {"instType": "SPOT", "instId": PAIR}),
    ],
)
def test_times_include_both_ends(desk: Desk, path: str, asked: Mapping[str, str]) -> None:
    whole = desk.alice.rows(path, **asked)
    member = "cTime" if path == "trade/orders-history" else "ts"
    first, last = whole[-1][member], whole[0][member]
    assert desk.alice.rows(path, **asked, begin=first, end=last) == whole
    assert desk.alice.rows(path, **asked, begin=str(int(last) + 1)) == []
    if len(whole) < PAGE_MAX:
        assert desk.alice.rows(path, **asked, end=str(int(first) - 1)) == []


def test_candles_go_from_new_to_old(desk: Desk) -> None:
    rows = desk.alice.rows("market/candles", instId=PAIR, bar="1s", limit="300")
    times = [int(row[0]) for row in rows]
    assert times == sorted(times, reverse=True)
    assert all(len(row) == 9 and all(type(value) is str for value in row) for row in rows)


ORDER: Final = {
    "instId": PAIR,
    "tdMode": "cash",
    "side": "buy",
    "ordType": "limit",
    "px": "0.1",
    "sz": "10",
}
TRANSFER: Final = {"ccy": "USDT", "amt": "1", "from": "6", "to": "18"}
Ask = Callable[[RestClient], dict[str, Any]]


def _order(**changed: Any) -> Ask:
    body = {name: value for name, value in {**ORDER, **changed}.items() if value is not None}
    return lambda client: client.post("trade/order", body)


def _get(path: str, **params: str) -> Ask:
    return lambda client: client.get(path, **params)


def _post(path: str, body: Any) -> Ask:
    return lambda client: client.post(path, body)


CODES: Final[Mapping[str, Ask]] = {
    "50002": _post("trade/order", "text"),
    "50005": _get("trade/nothing"),
    "50014": _get("market/ticker"),
    "50015": _get("trade/order", instId=PAIR),
    "50025": _get("account/balance", ccy=",".join(["BTC"] * 21)),
    "50038": _post("asset/convert/estimate-quote", {}),
    "50039": _get("market/history-trades", instId=PAIR, type="2", before="1"),
    "50115": _get("trade/cancel-order"),
    "51000": _order(side="hold"),
    "51001": _get("market/ticker", instId="X-Y"),
    "51003": _post("trade/amend-order", {"instId": PAIR, "newSz": "1"}),
    "51005": _order(sz="99999999999"),
    "51006": _order(px="99999999"),
    "51008": _order(side="sell", px="6.5", sz="1000000"),
    "51010": _post("account/set-leverage", {"lever": "5", "mgnMode": "cross"}),
    "51012": _get("account/balance", ccy="XYZ"),
    "51015": _get("public/convert-contract-coin", instId=PAIR, sz="1"),
    "51020": _order(sz="0.01"),
    "51111": _post("trade/batch-orders", [ORDER] * 21),
    "51121": _order(sz="10.00000000001"),
    "51139": _order(reduceOnly="true"),
    "51204": _order(px=None),
    "51400": _post("trade/cancel-order", {"instId": PAIR, "ordId": "1"}),
    "51406": _post("trade/cancel-batch-orders", [{"instId": PAIR, "ordId": "1"}] * 21),
    "51500": _post("trade/amend-order", {"instId": PAIR, "ordId": "1"}),
    "51501": _post("trade/amend-batch-orders", [{"instId": PAIR, "ordId": "1"}] * 21),
    "51503": _post("trade/amend-order", {"instId": PAIR, "ordId": "1", "newSz": "1"}),
    "51514": _order(px="0." + "1" * 40),
    "51603": _get("trade/order", instId=PAIR, ordId="1"),
    "54084": _order(ordType="market", slippagePct="0.06"),
    "54085": _order(slippagePct="0.01"),
    "54036": _order(ordType="fok", stpMode="cancel_both"),
    "58114": _post("asset/transfer", {**TRANSFER, "amt": "0"}),
    "58115": _post("asset/transfer", {**TRANSFER, "type": "1", "subAcct": "nobody"}),
    "58116": _post("asset/transfer", {**TRANSFER, "amt": "99999999", "from": "18", "to": "6"}),
    "58123": _post("asset/transfer", {**TRANSFER, "to": "6"}),
    "58129": _post("asset/transfer", {**TRANSFER, "type": "3"}),
    "58350": _post("asset/transfer", {**TRANSFER, "amt": "99999999"}),
    "59200": _post(
        "account/demo-adjust-balance",
        {"type": "reduce", "adjustments": [{"ccy": "USDT", "amt": "99999999999"}]},
    ),
    "59505": _post(
        "users/subaccount/apikey", {"subAcct": "surface", "label": "x", "passphrase": "short"}
    ),
    "59506": _post("users/subaccount/delete-apikey", {"subAcct": "surface", "apiKey": "x"}),
    "59510": _get("account/subaccount/balances", subAcct="nobody"),
    "59515": _post("users/subaccount/create-subaccount", {"subAcct": "y", "type": "5"}),
    "59601": _post("users/subaccount/create-subaccount", {"subAcct": "surface", "type": "1"}),
}
"""A request for each code that one request is enough for."""

ELSEWHERE: Final[Mapping[str, str]] = {
    "50000": "hostile/test_rest_requests.py", "50006": "hostile/test_rest_requests.py",
    "50103": "hostile/test_rest_requests.py", "50104": "hostile/test_rest_requests.py",
    "50105": "hostile/test_rest_requests.py", "50106": "hostile/test_rest_requests.py",
    "50107": "hostile/test_rest_requests.py", "50111": "hostile/test_rest_requests.py",
    "50112": "hostile/test_rest_requests.py", "50102": "hostile/test_rest_requests.py",
    "50113": "hostile/test_rest_requests.py", "50119": "hostile/test_rest_requests.py",
    "50120": "hostile/test_rest_requests.py", "50004": "unit/gateway/test_rest.py",
    "50026": "unit/gateway/test_rest.py", "50013": "unit/gateway/test_shares.py",
    "50100": "unit/gateway/test_signature.py", "50110": "unit/gateway/test_signature.py",
    "50036": "unit/gateway/test_rest.py", "50037": "integration/test_trading.py", "50040": "unit/account/test_demo_balance.py", "58119": "unit/account/test_family.py",
    "59500": "unit/account/test_family.py", "59507": "unit/account/test_family.py",
    "59501": "unit/users/test_sub_accounts.py", "59603": "unit/users/test_sub_accounts.py",
    "54009": "hostile/items/orders.py",
}  # fmt: skip
"""Where codes are shown that need more than one request, or another gateway."""


REFUSED: Final[tuple[tuple[str, Mapping[str, str], str], ...]] = (
    ("public/mark-price", {"instType": "x"}, "51000"),
    ("public/mark-price", {}, "50014"),
    ("public/mark-price", {"instId": "X-Y"}, "51001"),
    ("market/mark-price-candles", {"instId": PAIR, "bar": "1w"}, "51000"),
    ("market/mark-price-candles", {"instId": "X-Y"}, "51001"),
    ("account/account-position-risk", {"instType": "x"}, "51000"),
    ("account/max-size", {"instId": PAIR, "tdMode": "cash", "ccy": "XYZ"}, "51012"),
    ("account/max-avail-size", {"instId": PAIR, "tdMode": "cash", "ccy": "XYZ"}, "51012"),
    ("account/positions", {"instType": "x"}, "51000"),
    ("account/interest-accrued", {"ccy": "XYZ"}, "51012"),
    ("asset/bills", {"thirdPartyType": "9"}, "51000"),
    ("asset/bills", {"clientId": "a-b"}, "51000"),
    ("asset/deposit-history", {"ccy": "XYZ"}, "51012"),
    ("asset/deposit-history", {"limit": "abc"}, "51000"),
    ("asset/transfer-state", {"type": "9", "transId": "1"}, "51000"),
    ("asset/subaccount/managed-subaccount-bills", {"limit": "abc"}, "51000"),
    ("trade/order-algo", {"algoClOrdId": "a-b"}, "51000"),
)
"""Queries that look as if nothing was there, and are wrong."""


@pytest.mark.parametrize(("path", "asked", "code"), REFUSED)
def test_a_query_that_is_wrong_is_not_answered_with_nothing(
    desk: Desk, path: str, asked: Mapping[str, str], code: str
) -> None:
    assert desk.alice.get(path, **asked)["code"] == code


def test_a_transfer_keeps_its_name(desk: Desk) -> None:
    name = f"rent{desk.moved['transId']}"
    made = desk.alice.done("asset/transfer", {**TRANSFER, "clientId": name})
    assert made["clientId"] == name
    for asked in ({"transId": made["transId"]}, {"clientId": name}):
        (state,) = desk.alice.rows("asset/transfer-state", **asked)
        assert (state["transId"], state["clientId"]) == (made["transId"], name)
    assert desk.alice.rows("asset/bills")[0]["clientId"] == name
    assert desk.alice.rows("account/bills")[0]["clOrdId"] == ""


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_its_request(desk: Desk, code: str) -> None:
    answer = CODES[code](desk.alice)
    told = [item["sCode"] for item in answer["data"] if "sCode" in item] or [answer["code"]]
    assert told == [code], answer


@pytest.mark.parametrize("code", ELSEWHERE)
def test_codes_that_are_shown_elsewhere_are(code: str) -> None:
    text = (Path(__file__).parent.parent / ELSEWHERE[code]).read_text()
    assert re.search(rf'"{code}"', text)
