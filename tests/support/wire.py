"""A gateway with a tiny slice of its own: enough to speak every rule of the wire, and no exchange."""

import asyncio
import base64
import hmac
import socket
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any

import msgspec

from tickyard.base.clock import Clock, ExchangeClock, WallClock
from tickyard.base.errors import Busy, OutcomeUnknown, Unavailable
from tickyard.base.ids import AccountId
from tickyard.gateway.app import Gateway
from tickyard.gateway.channels import Arg, Session, Topics, push
from tickyard.gateway.keys import KeyRecord
from tickyard.gateway.route import (
    Access,
    Answer,
    ApiError,
    Caller,
    Operation,
    Request,
    Route,
)
from tickyard.gateway.server import Server

SECRET = "22582BD0CFF14C41EDBF1AB98506286D"
PASSPHRASE = "open sesame"


class Keys:
    """Alice trades, the second key only reads, bob is somebody else."""

    def __init__(self, *more: KeyRecord) -> None:
        trade = frozenset({Access.READ, Access.TRADE})
        self._records = {
            record.key: record
            for record in (
                key("alice", account=16, permissions=trade),
                key("alice-2", account=16, permissions=trade),
                key("alice-readonly", account=16),
                key("bob", account=17, permissions=trade),
                *more,
            )
        }

    def replace(self, record: KeyRecord) -> None:
        self._records[record.key] = record

    def lookup(self, api_key: str) -> KeyRecord | None:
        return self._records.get(api_key)


def key(name: str, *, account: int, **facts: Any) -> KeyRecord:
    """Build a key; all have the same secret and passphrase."""
    facts = {"permissions": frozenset({Access.READ}), "secret": SECRET.encode(), **facts}
    return KeyRecord(
        key=name,
        passphrase_sha256=sha256(PASSPHRASE.encode()).digest(),
        account=AccountId(account),
        uid=str(10_000_000_000 + account),
        master=AccountId(account),
        **facts,
    )


def signature(text: str) -> str:
    """Sign a text as clients do."""
    digest = hmac.digest(SECRET.encode(), text.encode(), "sha256")
    return base64.b64encode(digest).decode()


def signed(
    method: str, target: str, body: str = "", *, name: str = "alice", timestamp: str
) -> dict[str, str]:
    """Return the headers of a signed request."""
    return {
        "OK-ACCESS-KEY": name,
        "OK-ACCESS-SIGN": signature(timestamp + method + target + body),
        "OK-ACCESS-TIMESTAMP": timestamp,
        "OK-ACCESS-PASSPHRASE": PASSPHRASE,
        "Content-Type": "application/json",
    }


def login(timestamp: str | int, /, *, name: str = "alice", **changed: Any) -> dict[str, Any]:
    """Return a login frame."""
    arg = {
        "apiKey": name,
        "passphrase": PASSPHRASE,
        "timestamp": timestamp,
        "sign": signature(f"{timestamp}GET/users/self/verify"),
    }
    return {"op": "login", "args": [{**arg, **changed}]}


class Tickers:
    """A public channel with a snapshot."""

    name = "tickers"
    is_private = False

    def __init__(self) -> None:
        self.opened_keys: list[Hashable] = []
        self.closed_keys: list[Hashable] = []
        self.one_closed = asyncio.Event()

    def key(self, arg: Arg, caller: Caller | None) -> Hashable:
        if arg.get("instId") not in {"BTC-USDT", "ETH-USDT"}:
            raise ApiError("60018", f"instId:{arg.get('instId')} doesn't exist")
        return str(arg["instId"])

    def opened(self, key: Any, session: Session, arg: Arg, caller: Caller | None) -> None:
        self.opened_keys.append(key)
        session.send(push(arg, b'[{"last":"1"}]'))

    def closed(self, key: Any, session: Session) -> None:
        self.closed_keys.append(key)
        self.one_closed.set()


class Account:
    """A private channel whose snapshot takes a while."""

    name = "account"
    is_private = True

    def key(self, arg: Arg, caller: Caller | None) -> Hashable:
        assert caller is not None
        return caller.account

    async def opened(self, key: Any, session: Session, arg: Arg, caller: Caller | None) -> None:
        await asyncio.sleep(0)
        session.send(push(arg, b'[{"totalEq":"0"}]'))

    def closed(self, key: Any, session: Session) -> None:
        pass


class Orders:
    """A private channel that is in force only when its gate is open."""

    name = "orders"
    is_private = True

    def __init__(self) -> None:
        self.gate = asyncio.Event()

    def key(self, arg: Arg, caller: Caller | None) -> Hashable:
        return "all"

    async def prepare(self, key: Hashable) -> None:
        await self.gate.wait()

    def opened(self, key: Any, session: Session, arg: Arg, caller: Caller | None) -> None:
        pass

    def closed(self, key: Any, session: Session) -> None:
        pass


class Broken:
    """A channel with a bug in each place."""

    name = "broken"
    is_private = False

    def key(self, arg: Arg, caller: Caller | None) -> Hashable:
        if arg.get("instId") == "key":
            raise ZeroDivisionError
        return arg.get("instId")

    def opened(self, key: Any, session: Session, arg: Arg, caller: Caller | None) -> Any:
        if key == "opened":
            raise ZeroDivisionError
        return self._later()

    async def _later(self) -> None:
        raise ZeroDivisionError

    def closed(self, key: Any, session: Session) -> None:
        pass


class TinySlice:
    """Contributions of every kind; what handlers saw is kept."""

    def __init__(self) -> None:
        self.seen: list[Request] = []
        self.one_seen = asyncio.Event()
        self.topics = Topics()
        self.tickers = Tickers()
        self.orders = Orders()
        self.gate: asyncio.Event | None = None

    async def echo(self, request: Request) -> Answer:
        self.seen.append(request)
        self.one_seen.set()
        return Answer([request.params or request.body or {}])

    async def order(self, request: Request) -> Answer:
        self.seen.append(request)
        self.one_seen.set()
        if self.gate is not None:
            await self.gate.wait()
        items = request.body if type(request.body) is list else [request.body]
        acks = [
            {"ordId": "", "clOrdId": item.get("clOrdId", ""), "sCode": item.get("fail", "0")}
            for item in items
        ]
        failed = sum(ack["sCode"] != "0" for ack in acks)
        code = "0" if not failed else "1" if failed == len(acks) else "2"
        return Answer(acks, code, "All operations failed" if failed else "", timed=True)

    async def fail(self, request: Request) -> Answer:
        how = request.body[0]["how"] if request.body else request.params["how"]
        failures: dict[str, Exception] = {
            "bug": ZeroDivisionError(),
            "refusal": ApiError("51001", "Instrument does not exist"),
            "parameter": ApiError("51000", "Parameter px error", data=[{"px": "1"}]),
            "timeout": OutcomeUnknown("no answer"),
            "busy": Busy("too much"),
            "down": Unavailable("stopped"),
            "slow": TimeoutError(),
        }
        raise failures[how]

    def routes(self) -> list[Route]:
        return [
            Route("GET", "/api/v5/public/time", Access.PUBLIC, self.echo),
            Route("GET", "/api/v5/account/balance", Access.READ, self.echo),
            Route("GET", "/api/v5/fail", Access.PUBLIC, self.fail),
            Route("GET", "/api/v5/fail-direct", Access.PUBLIC, self.fail, is_direct=True),
            Route(
                "POST",
                "/api/v5/trade/order",
                Access.TRADE,
                self.order,
                is_direct=True,
                has_deadline=True,
            ),
            Route("POST", "/api/v5/trade/cancel-order", Access.TRADE, self.order),
            Route("POST", "/api/v5/trade/batch-orders", Access.TRADE, self.order),
            Route("POST", "/api/v5/asset/withdrawal", Access.WITHDRAW, self.echo),
        ]

    def operations(self) -> list[Operation]:
        return [
            Operation("order", Access.TRADE, self.order, has_deadline=True),
            Operation("batch-orders", Access.TRADE, self.order, is_direct=True),
            Operation("fail", Access.READ, self.fail),
            Operation("fail-direct", Access.READ, self.fail, is_direct=True),
        ]

    def gateway(
        self, *, wall: Clock | None = None, exchange: Clock | None = None, **more: Any
    ) -> Gateway:
        wall = wall or WallClock()
        return Gateway(
            routes=self.routes(),
            operations=self.operations(),
            channels=[self.tickers, Account(), self.orders, Broken()],
            topics=self.topics,
            keys=more.pop("keys", Keys()),
            wall=wall,
            exchange=exchange or ExchangeClock(wall),
            worker=10,
            **more,
        )


def listening() -> socket.socket:
    """Open a port on loopback."""
    sock = socket.create_server(("127.0.0.1", 0))
    sock.setblocking(False)  # noqa: FBT003
    return sock


@asynccontextmanager
async def serving(gateway: Gateway) -> AsyncIterator[int]:
    """Serve a gateway on loopback; gives the port."""
    sock = listening()
    stop, ready = asyncio.Event(), asyncio.Event()
    server = Server(gateway, plain=[sock])
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.run(stop, ready.set))
        await ready.wait()
        try:
            yield sock.getsockname()[1]
        finally:
            stop.set()


def decoded(frame: str | bytes) -> Any:
    """Decode JSON."""
    return msgspec.json.decode(frame)
