"""An exchange as small as the simulated participants need it: orders rest, an IOC order trades with the best."""

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import count
from typing import Any

from tests.support.wire import Keys

from tickyard.base.clock import ExchangeClock, WallClock
from tickyard.gateway.app import Gateway
from tickyard.gateway.channels import Topics
from tickyard.gateway.route import Access, Answer, Operation, Request, Route
from tickyard.world.client import Row

BTC = {
    "instId": "BTC-USDT",
    "instIdCode": 1,
    "baseCcy": "BTC",
    "quoteCcy": "USDT",
    "tickSz": "0.1",
    "lotSz": "0.00000001",
    "minSz": "0.00001",
    "maxLmtSz": "300",
    "state": "live",
}
ETH = BTC | {"instId": "ETH-USDT", "instIdCode": 2, "baseCcy": "ETH", "tickSz": "0.01"}
STAKE = {"BTC": "100", "ETH": "2000", "USDT": "6500000"}
"""What every account holds, whatever happens."""
REFERENCES = {"BTC-USDT": "65000", "ETH-USDT": "3200"}


class SmallExchange:
    """The orders of everybody. `desk` is one account's way in, without a socket."""

    def __init__(self, *instruments: Row) -> None:
        self.instruments = instruments or (BTC, ETH)
        self.orders: dict[str, Row] = {}
        self.trades: list[Row] = []
        self.timers: list[str] = []
        self.operations = 0
        self.crossed: list[Row] = []
        """Orders that met an order of their own account."""
        self._numbers = count(1)
        self.changed = asyncio.Condition()

    def desk(self, account: str) -> "Desk":
        return Desk(self, account)

    def resting(self, account: str = "", inst_id: str = "") -> list[Row]:
        return [
            order
            for order in self.orders.values()
            if account in {"", order["account"]} and inst_id in {"", order["instId"]}
        ]

    def best(self, side: str, inst_id: str = "BTC-USDT") -> Decimal:
        prices = [Decimal(o["px"]) for o in self.resting(inst_id=inst_id) if o["side"] == side]
        return max(prices) if side == "buy" else min(prices)

    def place(self, account: str, item: Row) -> Row:
        name = item.get("clOrdId", "")
        if name and any(o["clOrdId"] == name for o in self.resting(account)):
            return _ack("51016", name)
        order_id = str(next(self._numbers))
        order = item | {"ordId": order_id, "account": account, "clOrdId": name, "accFillSz": "0"}
        if item["ordType"] in {"ioc", "market"}:
            self._take(order)
        else:
            self._note_crossing(order)
            self.orders[order_id] = order
        return _ack("0", name, order_id)

    def amend(self, account: str, item: Row) -> Row:
        order = self._find(account, item)
        if order is None:
            return _ack("51503", item.get("clOrdId", ""))
        order["px"] = item.get("newPx", order["px"])
        order["sz"] = item.get("newSz", order["sz"])
        self._note_crossing(order)
        return _ack("0", order["clOrdId"], order["ordId"])

    def cancel(self, account: str, item: Row) -> Row:
        order = self._find(account, item)
        if order is None:
            return _ack("51400", item.get("clOrdId", ""))
        del self.orders[order["ordId"]]
        return _ack("0", order["clOrdId"], order["ordId"])

    def fill(self, client_id: str) -> None:
        """Let somebody fill a resting order whole."""
        self.orders = {i: o for i, o in self.orders.items() if o["clOrdId"] != client_id}

    def operate(self, account: str, op: str, items: Sequence[Row]) -> list[Row]:
        self.operations += len(items)
        act = {
            "order": self.place,
            "batch-orders": self.place,
            "batch-amend-orders": self.amend,
            "batch-cancel-orders": self.cancel,
        }[op]
        assert len(items) <= 20
        return [act(account, item) for item in items]

    def get(self, account: str, path: str, params: Mapping[str, str]) -> list[Row]:
        if path == "public/instruments":
            return list(self.instruments)
        if path == "market/tickers":
            last = self.trades[-1]["px"] if self.trades else ""
            return [{"instId": "BTC-USDT", "last": last, "bidPx": "", "askPx": ""}]
        if path == "account/balance":
            return [{"details": [{"ccy": ccy, "eq": held} for ccy, held in STAKE.items()]}]
        assert path == "trade/orders-pending"
        return self.resting(account, params.get("instId", ""))[-100:]

    async def until(self, condition: Any) -> None:
        """Wait until a condition holds that operations may bring about."""
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(condition)

    def gateway(self) -> Gateway:
        """Serve it on the wire."""
        wall = WallClock()
        public = ("public/instruments", "market/tickers")
        reads = (*public, "trade/orders-pending", "account/balance")
        operations = ("order", "batch-orders", "batch-amend-orders", "batch-cancel-orders")
        timer = "trade/cancel-all-after"
        return Gateway(
            routes=[
                *(Route("GET", f"/api/v5/{p}", _access(p), self._reader(p)) for p in reads),
                Route("POST", f"/api/v5/{timer}", Access.TRADE, self._timer),
            ],
            operations=[Operation(op, Access.TRADE, self._operator(op)) for op in operations],
            channels=[],
            topics=Topics(),
            keys=Keys(),
            wall=wall,
            exchange=ExchangeClock(wall),
        )

    def _reader(self, path: str) -> Any:
        async def read(request: Request) -> Answer:
            account = request.caller.key if request.caller else ""
            return Answer(self.get(account, path, request.params))

        return read

    def _operator(self, op: str) -> Any:
        async def operate(request: Request) -> Answer:
            rows = self.operate(request.signer.key, op, request.body)
            async with self.changed:
                self.changed.notify_all()
            failed = sum(row["sCode"] != "0" for row in rows)
            return Answer(rows, "0" if not failed else "1" if failed == len(rows) else "2")

        return operate

    async def _timer(self, request: Request) -> Answer:
        self.timers.append(request.body["timeOut"])
        return Answer([{"triggerTime": "0", "tag": "", "ts": "0"}])

    def _find(self, account: str, item: Row) -> Row | None:
        for order in self.resting(account):
            if item.get("ordId") == order["ordId"] or item.get("clOrdId") == order["clOrdId"]:
                return order
        return None

    def _take(self, taker: Row) -> None:
        other = "sell" if taker["side"] == "buy" else "buy"
        makers = [o for o in self.resting(inst_id=taker["instId"]) if o["side"] == other]
        if makers:
            best = min if other == "sell" else max
            maker = best(makers, key=lambda order: Decimal(order["px"]))
            self.trades.append(taker | {"px": maker["px"], "maker": maker["account"]})

    def _note_crossing(self, order: Row) -> None:
        for other in self.resting(order["account"], order["instId"]):
            if other["side"] != order["side"]:
                bid, ask = (order, other) if order["side"] == "buy" else (other, order)
                if Decimal(bid["px"]) >= Decimal(ask["px"]):
                    self.crossed.append(dict(order))


class Desk:
    """One account's way in. Fulfils `world.client.Exchange`."""

    def __init__(self, exchange: SmallExchange, account: str) -> None:
        self._exchange = exchange
        self._account = account

    async def ready(self) -> None:
        pass

    async def get(self, path: str, **params: str) -> list[Row]:
        return self._exchange.get(self._account, path, params)

    async def post(self, path: str, body: Mapping[str, str]) -> list[Row]:
        return [{"path": path, **body}]

    async def operate(self, op: str, items: Sequence[Row]) -> list[Row]:
        return self._exchange.operate(self._account, op, items)


def _access(path: str) -> Access:
    return Access.READ if path.startswith(("trade", "account")) else Access.PUBLIC


def _ack(code: str, name: str, order_id: str = "") -> Row:
    return {"ordId": order_id, "clOrdId": name, "sCode": code, "sMsg": "", "subCode": ""}
