"""Somebody whose trigger orders stand where the market is, and what must hold of them after any crash."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Event, Thread
from typing import Any, Final

import requests
from tests.support.rest_client import RestClient

SYMBOL: Final = "BTC-USDT"
KINDS: Final = ("conditional", "oco", "trigger", "move_order_stop")
_ENDED: Final = ("effective", "canceled", "order_failed")


class StopTrader:
    """One account that places trigger orders of every kind, and attaches some to orders.

    Attributes:
        sent: every client id that went out, acknowledged or not.
        placed: trigger order of each client id that was acknowledged.
        canceled: trigger orders whose cancellation was acknowledged.
    """

    def __init__(self, name: str) -> None:
        self.sent: set[str] = set()
        self.placed: dict[str, str] = {}
        self.canceled: set[str] = set()
        self._name = name
        self._numbers = count(1)

    @contextmanager
    def at_work(self, http: str) -> Iterator[None]:
        """Place and cancel trigger orders meanwhile, as long as anybody answers."""
        is_over = Event()
        thread = Thread(target=self._place_until, args=(http, is_over))
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()

    def _place_until(self, http: str, is_over: Event) -> None:
        client = RestClient(http, self._name)
        try:
            while not is_over.is_set():
                self._place(client, next(self._numbers))
        except (requests.RequestException, ValueError):
            return
        finally:
            client.close()

    def _place(self, client: RestClient, number: int) -> None:
        name, distance = f"stop{number}", 1 + number % 7
        side, sign = ("sell", 1) if number % 2 else ("buy", -1)
        take = {"tpTriggerPx": str(60_000 + sign * distance), "tpOrdPx": str(60_000)}
        stop = {"slTriggerPx": str(60_000 - sign * distance), "slOrdPx": "-1"}
        kind = KINDS[number % len(KINDS)]
        shape: dict[str, str] = {
            "conditional": {**stop, "tgtCcy": "base_ccy"},
            "oco": {**take, **stop},
            "trigger": {"triggerPx": str(60_000 + distance), "orderPx": "60000"},
            "move_order_stop": {"callbackSpread": str(distance)},
        }[kind]
        usual = {"instId": SYMBOL, "tdMode": "cash", "side": side, "sz": "0.0002"}
        self.sent.add(name)
        order = {**usual, "ordType": kind, **shape}
        answer = client.post("trade/order-algo", {**order, "algoClOrdId": name})
        if answer["code"] != "0":
            return
        self.placed[name] = answer["data"][0]["algoId"]
        if number % 5 == 0:
            which = {"instId": SYMBOL, "algoId": self.placed[name]}
            if client.post("trade/cancel-algos", [which])["code"] == "0":
                self.canceled.add(self.placed[name])

    def check(self, http: str) -> int:
        """Compare what the exchange has with what was promised; return how many have fired.

        Every acknowledged one is there once, in one state; each that fired has placed one order and tells of the trade that
        fired it, and no order says that it comes from one that has not fired.
        """
        client = RestClient(http, self._name)
        try:
            rows = _all_of(client)
            orders = [
                order
                for path in ("trade/orders-pending", "trade/orders-history")
                for order in _pages(client, path, "ordId", instType="SPOT")
            ]
        finally:
            client.close()
        by_id = {row["algoId"]: row for row in rows}
        assert len(by_id) == len(rows), "one is in two states"
        lost = {name: algo for name, algo in self.placed.items() if algo not in by_id}
        assert not lost, f"acknowledged and gone: {lost}"
        names = Counter(row["algoClOrdId"] for row in rows)
        assert names.keys() <= self.sent
        assert set(names.values()) <= {1}, "carried out twice"
        assert {by_id[algo]["state"] for algo in self.canceled} <= {"canceled"}
        has_fired = [row for row in rows if row["state"] in {"effective", "order_failed"}]
        assert all(row["triggerTime"] and row["last"] for row in has_fired)
        fired = {row["algoId"]: row["ordId"] for row in rows if row["state"] == "effective"}
        spawned = {order["algoId"]: order["ordId"] for order in orders if order["algoId"]}
        assert len(spawned) == sum(bool(order["algoId"]) for order in orders), "one fired twice"
        assert spawned == fired
        return len(fired)


def _all_of(client: RestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for kind in KINDS:
        found += _pages(client, "trade/orders-algo-pending", "algoId", ordType=kind)
        for state in _ENDED:
            found += _pages(
                client, "trade/orders-algo-history", "algoId", ordType=kind, state=state
            )
    return found


def _pages(client: RestClient, path: str, cursor: str, **params: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    while page := client.rows(path, **params, **({"after": rows[-1][cursor]} if rows else {})):
        rows += page
    return rows
