"""Every method of every module of python-okx, called as its users call it."""

from collections.abc import Iterator
from inspect import getmembers, isfunction
from typing import Any

import pytest
from tests.support.clients.python_okx import (
    ELSEWHERE,
    MODULES,
    ORDER,
    PAIR,
    PRICE,
    PUBLIC_ONLY,
    STOP,
    SUB,
    Call,
)
from tests.support.exchange import Exchange
from tests.support.rest_client import RestClient

# The library leaves its HTTP/2 client to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
CALLS = [(module, name, call) for module, calls in MODULES.items() for name, call in calls.items()]


class Stage:
    """bob's keys, and what he has done before."""

    def __init__(self, exchange: Exchange) -> None:
        http = exchange.status()["http"]
        key = exchange.key("bob")
        login = (key["apiKey"], key["secretKey"], key["passphrase"])
        self.clients: dict[type, Any] = {
            module: module(flag="0", domain=http)
            if module in PUBLIC_ONLY
            else module(*login, flag="0", domain=http)
            for module in MODULES
        }
        self.bob, self.alice = RestClient(http, "bob"), RestClient(http, "alice")
        selling = {**ORDER, "side": "sell", "px": PRICE}
        self.alice.done("trade/order", selling)
        filled = self.bob.done("trade/order", {**ORDER, "px": PRICE})
        orders = [self.bob.done("trade/order", ORDER)["ordId"] for _ in range(3)]
        move = {"ccy": "USDT", "amt": "5", "from": "18", "to": "6"}
        moved = self.bob.done("asset/transfer", move)
        for name in (SUB, f"{SUB}2"):
            self.bob.done("users/subaccount/create-subaccount", {"subAcct": name, "type": "1"})
        for wallet in ("18", "6"):
            self.bob.done("asset/transfer", {**move, "to": wallet, "type": "1", "subAcct": SUB})
        made = self.bob.done(
            "users/subaccount/apikey", {"subAcct": SUB, "label": "x", "passphrase": "open-sesame"}
        )
        self.made = {
            "@resting": orders[0],
            "@second": orders[1],
            "@third": orders[2],
            "@filled": filled["ordId"],
            "@stop": self.bob.done("trade/order-algo", STOP)["algoId"],
            "@other": self.bob.done("trade/order-algo", STOP)["algoId"],
            "@moved": moved["transId"],
            "@key": made["apiKey"],
        }

    def named(self, sent: Any) -> Any:
        """Put what was made where its name stands."""
        if isinstance(sent, dict):
            return {name: self.named(value) for name, value in sent.items()}
        if isinstance(sent, list):
            return [self.named(value) for value in sent]
        return self.made.get(sent, sent) if isinstance(sent, str) else sent

    def back(self, rows: Any) -> Any:
        """Put names where what was made stands, so that tables need not know it."""
        names = {made: name for name, made in self.made.items()}
        return [
            {k: names.get(v, v) if isinstance(v, str) else v for k, v in row.items()}
            if isinstance(row, dict)
            else row
            for row in rows
        ]


@pytest.fixture(scope="module")
def stage(exchange: Exchange) -> Iterator[Stage]:
    made = Stage(exchange)
    yield made
    for row in made.bob.rows("trade/orders-pending", instId=PAIR):
        made.bob.done("trade/cancel-order", {"instId": PAIR, "ordId": row["ordId"]})
    for row in made.bob.rows("trade/orders-algo-pending", ordType="conditional"):
        made.bob.done("trade/cancel-algos", [{"instId": PAIR, "algoId": row["algoId"]}])
    made.bob.close()
    made.alice.close()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_method_is_called(module: type) -> None:
    offered = {
        name
        for name, _ in getmembers(module, isfunction)
        if name in vars(module) and not name.startswith("_")
    }
    assert offered == {*MODULES[module]} | ELSEWHERE.get(module, frozenset())


@pytest.mark.parametrize(
    ("module", "name", "call"),
    CALLS,
    ids=[f"{module.__name__}.{name}" for module, name, _ in CALLS],
)
def test_a_method_has_its_effect(stage: Stage, module: type, name: str, call: Call) -> None:
    answer = getattr(stage.clients[module], name)(**stage.named(dict(call.sent)))
    assert answer["code"] == call.code, answer
    if call.code == "0":
        assert call.check(stage.back(answer["data"])), answer
