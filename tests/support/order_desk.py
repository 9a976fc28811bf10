"""A desk that takes orders in OKX's words and a core that writes down what reaches it and judges nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from tickyard._core import Counters
from tickyard.base.clock import ManualClock
from tickyard.base.ids import AccountId, InstrumentId, OrderId, Seq
from tickyard.engine.history import History
from tickyard.engine.protocol import RECORD
from tickyard.engine.records import ANY_INSTRUMENT, NO_ORDER, Refusal, SelfTrade
from tickyard.engine.replies import REPLY, Reply, decode_replies
from tickyard.engine.rows import AccountRow, OpenOrders, OpenTriggers, OrderRow
from tickyard.engine.sqlite import SqliteDatabase
from tickyard.gateway.route import Access, Answer, ApiError, Caller, Request
from tickyard.instruments import listing
from tickyard.trading.algo_store import TriggerStore
from tickyard.trading.entry import OrderEntry
from tickyard.trading.lookup import Lookup
from tickyard.trading.order_queries import OrderQueries
from tickyard.trading.routes import operations, routes
from tickyard.trading.store import OrderStore

ALICE = AccountId(16)
BOB = AccountId(17)
NOW_MS = 1_790_000_000_000
CATALOG = listing.load()

LIMIT: Mapping[str, Any] = {
    "instId": "BTC-USDT",
    "tdMode": "cash",
    "side": "buy",
    "ordType": "limit",
    "px": "60000.1",
    "sz": "0.5",
}
MARKET: Mapping[str, Any] = {
    "instId": "BTC-USDT",
    "tdMode": "cash",
    "side": "buy",
    "ordType": "market",
    "sz": "100",
}


def without(item: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in names}


def caller(account: AccountId = ALICE) -> Caller:
    rights = frozenset({Access.READ, Access.TRADE})
    return Caller(account, str(10_000_000_000 + account), account, "key", rights)


class RecordingCore:
    """Accepts every command, but those that it was told to refuse."""

    def __init__(self) -> None:
        self.frames: list[list[bytes]] = []
        self.refusals: list[Refusal | None] = []
        self.open: list[OrderRow] = []
        self.last_seq = Seq(9)

    @property
    def records(self) -> list[bytes]:
        return [record for frame in self.frames for record in frame]

    async def submit(self, record: bytes) -> Reply:
        (reply,) = decode_replies(await self.submit_records(record))
        return reply

    async def submit_records(self, records: bytes) -> bytes:
        frame = [records[at : at + RECORD] for at in range(0, len(records), RECORD)]
        self.frames.append(frame)
        return b"".join(self._reply(at) for at in range(len(frame)))

    async def account(self, account: AccountId) -> AccountRow:
        return AccountRow(
            account, account, 0, SelfTrade.CANCEL_MAKER, len(self.open), self.last_seq
        )

    async def open_orders(
        self, account: AccountId, instrument: InstrumentId = ANY_INSTRUMENT
    ) -> OpenOrders:
        found = [
            row
            for row in self.open
            if row.account == account and instrument in {ANY_INSTRUMENT, row.instrument}
        ]
        return OpenOrders(self.last_seq, NOW_MS * 1_000_000, found)

    async def order(
        self,
        account: AccountId,
        *,
        instrument: InstrumentId = ANY_INSTRUMENT,
        order_id: OrderId = NO_ORDER,
        client_id: bytes = b"",
    ) -> OrderRow | None:
        for row in (await self.open_orders(account, instrument)).orders:
            if row.order_id == order_id or (not order_id and row.client_id == client_id):
                return row
        return None

    async def triggers(self, _account: AccountId) -> OpenTriggers:
        return OpenTriggers(self.last_seq, NOW_MS * 1_000_000, [])

    def _reply(self, at: int) -> bytes:
        refusal = self.refusals.pop(0) if self.refusals else None
        order_id = 0 if refusal else 1000 + at
        return REPLY.pack(1, 10, NOW_MS * 1_000_000, order_id, 77, refusal or 0, b"")


class OrderDesk:
    """The routes and operations of trading, without a gateway around them."""

    def __init__(
        self,
        history: History | None = None,
        now_ms: int = NOW_MS,
        counters: Counters | None = None,
    ) -> None:
        self.wall_ms = NOW_MS
        """When requests come, by the clock that limits go by."""
        self.core = RecordingCore()
        self.clock = ManualClock(now_ms * 1_000_000)
        stored = history or History(SqliteDatabase(Path("/nonexistent")))
        entry = OrderEntry(self.core, CATALOG, counters)
        lookup = Lookup(
            core=self.core, past=OrderStore(stored), triggers=TriggerStore(stored), clock=self.clock
        )
        look = OrderQueries(lookup, CATALOG)
        self._routes = {(route.method, route.path): route for route in routes(entry, look)}
        self._operations = {operation.op: operation for operation in operations(entry)}

    async def post(
        self, path: str, body: Any, *, expires_at_ms: int = 0, account: AccountId = ALICE
    ) -> Answer:
        request = Request(caller(account), {}, body, self.wall_ms * 1000, expires_at_ms)
        return await self._routes["POST", f"/api/v5/trade/{path}"].handler(request)

    async def get(
        self, path: str, account: AccountId = ALICE, /, **params: str
    ) -> list[dict[str, Any]]:
        request = Request(caller(account), params, None, NOW_MS * 1000)
        return wire(await self._routes["GET", f"/api/v5/trade/{path}"].handler(request))

    async def operate(self, op: str, *args: Any) -> Answer:
        request = Request(caller(), {}, list(args), self.wall_ms * 1000)
        return await self._operations[op].handler(request)

    async def code_of(self, item: Mapping[str, Any]) -> str:
        """Place one order; return the code of its acknowledgement."""
        answer = await self.post("order", dict(item))
        (ack,) = wire(answer)
        return str(ack["sCode"])


def wire(answer: Answer) -> list[dict[str, Any]]:
    """The data of an answer as a client decodes it."""
    found: list[dict[str, Any]] = msgspec.json.decode(msgspec.json.encode(answer.data))
    return found


async def failure(call: Any) -> ApiError:
    """The refusal of a whole request."""
    try:
        await call
    except ApiError as error:
        return error
    raise AssertionError("nothing was refused")
