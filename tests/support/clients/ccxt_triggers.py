"""Trigger orders by ccxt: each method and each way to say what is wanted, with its effect."""

from collections.abc import Callable, Mapping
from typing import Any, Final

SYMBOL: Final = "LTC/USDT"
PRICE: Final = 72.0
"""Where both have traded last when a call begins; nothing else is in this book."""
SIMPLE: Final = {"trigger": True, "ordType": "conditional"}
PAIR: Final = {"trigger": True, "ordType": "oco"}
PLAIN: Final = {"trigger": True}
TRAIL: Final = {"trailing": True}
Act = Callable[["Stage"], None]


class Stage:
    """Two traders in a book of their own; alice has the trigger orders."""

    def __init__(self, alice: Any, bob: Any) -> None:
        self.alice, self.bob = alice, bob
        alice.load_markets()
        bob.load_markets()

    def trade(self, price: float) -> None:
        """Have both trade at a price; below it is somebody to sell to."""
        self.bob.create_order(SYMBOL, "limit", "buy", 5, round(price - 1, 2))
        self.bob.create_order(SYMBOL, "limit", "sell", 1, price)
        self.alice.create_order(SYMBOL, "limit", "buy", 1, price)

    def clear(self) -> None:
        """Cancel what is left in the book and waits for a price. ccxt calls an order by the trigger order that placed it."""
        for client in (self.alice, self.bob):
            for order in client.fetch_open_orders(SYMBOL):
                client.cancel_order(order["info"]["ordId"], SYMBOL)
        for kind in (SIMPLE, PAIR, PLAIN, TRAIL):
            for order in self.open(**kind):
                self.alice.cancel_order(order["id"], SYMBOL, kind)

    def open(self, **kind: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.alice.fetch_open_orders(SYMBOL, params=kind)
        return found

    def sell(self, kind: str = "market", price: float | None = None, **params: Any) -> str:
        """Place a trigger order that sells; return its id."""
        order = self.alice.create_order(SYMBOL, kind, "sell", 1, price, params)
        return str(order["id"])

    def fires(self, algo: str, at: float, **kind: Any) -> dict[str, Any]:
        """See that it waits, trade at its price, and return the order that it has placed."""
        assert algo in {order["id"] for order in self.open(**kind)}
        self.trade(at)
        assert self.open(**kind) == []
        ended = self.alice.fetch_order(algo, SYMBOL, {"trigger": True})
        assert ended["status"] == "closed"
        placed: dict[str, Any] = self.alice.fetch_order(ended["info"]["ordId"], SYMBOL)
        assert placed["info"]["algoId"] == algo
        return placed


def _stop_loss(on: Stage) -> None:
    order = on.alice.create_stop_loss_order(SYMBOL, "market", "sell", 1, None, 71)
    (found,) = on.open(**SIMPLE)
    assert (found["stopLossPrice"], found["side"], found["amount"]) == (71, "sell", 1)
    assert on.fires(order["id"], 71, **SIMPLE)["status"] == "closed"


def _take_profit(on: Stage) -> None:
    order = on.alice.create_take_profit_order(SYMBOL, "limit", "sell", 1, 74, 73)
    (found,) = on.open(**SIMPLE)
    assert found["takeProfitPrice"] == 73
    placed = on.fires(order["id"], 73, **SIMPLE)
    assert (placed["status"], placed["price"]) == ("open", 74)


def _trigger(on: Stage) -> None:
    order = on.alice.create_trigger_order(SYMBOL, "limit", "sell", 1, 75, 73)
    (found,) = on.open(**PLAIN)
    assert (found["triggerPrice"], found["price"]) == (73, 75)
    assert on.fires(order["id"], 73, **PLAIN)["price"] == 75


def _stop(on: Stage) -> None:
    order = on.alice.create_stop_order(SYMBOL, "market", "sell", 1, None, 71)
    assert on.fires(order["id"], 71, **PLAIN)["status"] == "closed"


def _stop_limit(on: Stage) -> None:
    order = on.alice.create_stop_limit_order(SYMBOL, "sell", 1, 75, 71)
    assert on.fires(order["id"], 71, **PLAIN)["price"] == 75


def _stop_market(on: Stage) -> None:
    order = on.alice.create_stop_market_order(SYMBOL, "sell", 1, 71)
    assert on.fires(order["id"], 71, **PLAIN)["type"] == "market"


def _trailing(on: Stage) -> None:
    order = on.alice.create_trailing_percent_order(SYMBOL, "market", "sell", 1, None, 1)
    (found,) = on.open(**TRAIL)
    assert found["info"]["callbackRatio"] == "0.01"
    on.trade(73)
    assert on.fires(order["id"], 72.2, **TRAIL)["status"] == "closed"


def _attached(on: Stage) -> None:
    order = on.alice.create_order_with_take_profit_and_stop_loss(
        SYMBOL, "limit", "buy", 1, 71.5, 75, 70
    )
    found = on.alice.fetch_order(order["id"], SYMBOL)
    assert (found["takeProfitPrice"], found["stopLossPrice"]) == (75, 70)
    assert on.open(**PAIR) == []
    on.bob.create_order(SYMBOL, "limit", "sell", 1, 71.5)
    (pair,) = on.open(**PAIR)
    assert (pair["takeProfitPrice"], pair["stopLossPrice"], pair["side"]) == (75, 70, "sell")
    assert on.fires(pair["id"], 75, **PAIR)["status"] == "closed"


METHODS: Final[Mapping[str, Act]] = {
    "createOrderWithTakeProfitAndStopLoss": _attached,
    "createStopLimitOrder": _stop_limit,
    "createStopLossOrder": _stop_loss,
    "createStopMarketOrder": _stop_market,
    "createStopOrder": _stop,
    "createTakeProfitOrder": _take_profit,
    "createTrailingPercentOrder": _trailing,
    "createTriggerOrder": _trigger,
}
"""Methods that are claimed."""


def _both_sides(on: Stage) -> None:
    algo = on.sell(stopLossPrice=70, takeProfitPrice=74)
    assert on.fires(algo, 74, **PAIR)["status"] == "closed"


def _by_spread(on: Stage) -> None:
    algo = on.sell(trailingAmount=1)
    on.trade(74)
    assert on.fires(algo, 73, **TRAIL)["status"] == "closed"


def _buys(on: Stage) -> None:
    algo = on.alice.create_order(SYMBOL, "market", "buy", 1, None, {"stopLossPrice": 73})["id"]
    on.bob.create_order(SYMBOL, "limit", "sell", 5, 74)
    placed = on.fires(algo, 73, **SIMPLE)
    assert (placed["status"], placed["filled"]) == ("closed", 1)


def _edit_plain(on: Stage) -> None:
    algo = on.sell("limit", 75, triggerPrice=73)
    on.alice.edit_order(algo, SYMBOL, "trigger", "sell", 2, 76, {"triggerPrice": 74})
    (found,) = on.open(**PLAIN)
    assert (found["triggerPrice"], found["price"], found["amount"]) == (74, 76, 2)


def _edit_simple(on: Stage) -> None:
    algo = on.sell(stopLossPrice=70)
    change = {"stopLossPrice": 71, "newSlOrdPx": 70.5}
    on.alice.edit_order(algo, SYMBOL, "conditional", "sell", 1, None, change)
    (found,) = on.open(**SIMPLE)
    assert (found["stopLossPrice"], found["info"]["slOrdPx"]) == (71, "70.5")


def _edit_attached(on: Stage) -> None:
    attached = {"stopLoss": {"triggerPrice": 69, "type": "market"}}
    order = on.alice.create_order(SYMBOL, "limit", "buy", 1, 71, attached)
    change = {"stopLoss": {"triggerPrice": 70, "type": "market"}}
    on.alice.edit_order(order["id"], SYMBOL, "limit", "buy", 1, 71.2, change)
    found = on.alice.fetch_order(order["id"], SYMBOL)
    assert (found["price"], found["stopLossPrice"]) == (71.2, 70)


def _cancel(on: Stage) -> None:
    algo = on.sell(stopLossPrice=70)
    on.alice.cancel_order(algo, SYMBOL, {"trigger": True})
    assert on.open(**SIMPLE) == []
    assert on.alice.fetch_order(algo, SYMBOL, {"trigger": True})["status"] == "canceled"
    canceled = on.alice.fetch_canceled_orders(SYMBOL, params=SIMPLE)
    assert algo in {order["id"] for order in canceled}


def _cancel_several(on: Stage) -> None:
    algos = [on.sell(stopLossPrice=price) for price in (69, 70)]
    on.alice.cancel_orders(algos, SYMBOL, {"trigger": True})
    assert on.open(**SIMPLE) == []


def _cancel_trailing(on: Stage) -> None:
    algo = on.sell(trailingPercent=5)
    on.alice.cancel_order(algo, SYMBOL, {"trailing": True})
    assert on.open(**TRAIL) == []


def _closed(on: Stage) -> None:
    algo = on.sell(triggerPrice=71)
    on.trade(71)
    closed = on.alice.fetch_closed_orders(SYMBOL, params=PLAIN)
    assert algo in {order["id"] for order in closed if order["status"] == "closed"}


def _by_name(on: Stage) -> None:
    algo = on.sell(stopLossPrice=70, clientOrderId="ccxtstop")
    found = on.alice.fetch_order(None, SYMBOL, {"trigger": True, "clientOrderId": "ccxtstop"})
    assert (found["id"], found["clientOrderId"]) == (algo, "ccxtstop")
    on.alice.cancel_order(algo, SYMBOL, {"trigger": True})


WITH: Final[Mapping[str, Act]] = {
    "cancelOrder, trailing": _cancel_trailing,
    "cancelOrder, trigger; fetchCanceledOrders": _cancel,
    "cancelOrders, trigger": _cancel_several,
    "createOrder, stopLossPrice and takeProfitPrice": _both_sides,
    "createOrder, stopLossPrice of a buyer": _buys,
    "createOrder, trailingAmount": _by_spread,
    "editOrder, stopLoss of an order": _edit_attached,
    "editOrder, stopLossPrice": _edit_simple,
    "editOrder, triggerPrice": _edit_plain,
    "fetchClosedOrders, trigger": _closed,
    "fetchOrder, trigger, by clientOrderId": _by_name,
}
"""Methods of other orders, told by their parameters that a trigger order is meant."""
