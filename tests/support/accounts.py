"""Builders of the account slice's tests: a core that answers from memory, postings, a ledger of rows."""

import sqlite3
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from msgspec import Struct

from tickyard.account.fee_review import Given, Turnover
from tickyard.account.model import Bill, BillFilter
from tickyard.account.routes import routes
from tickyard.account.store import BillsProjection, BillStore
from tickyard.base.clock import ManualClock
from tickyard.base.ids import AccountId, InstrumentId, OrderId, Seq, TradeId
from tickyard.engine.events import Event, EventBatch, Posted
from tickyard.engine.records import PostingReason, Refusal, SelfTrade, Side, Wallet
from tickyard.engine.replies import Reply
from tickyard.engine.rows import AccountRow, BalanceRow, Balances
from tickyard.engine.sqlite import SqliteConnection
from tickyard.gateway.route import Access, Answer, ApiError, Caller, Request, Route
from tickyard.instruments import listing
from tickyard.instruments.model import Asset

ALICE = AccountId(16)
CATALOG = listing.load()
NOW_NS = 1_700_000_000_000_000_000
NOW_MS = NOW_NS // 1_000_000
UNIT = 10**18


class MemoryCore:
    """A core that answers with what it was given."""

    def __init__(self, **trading: str) -> None:
        self.rows: dict[str, list[int]] = {}
        self.last_seq = Seq(7)
        self.fee_level = 0
        self.submitted: list[bytes] = []
        self.refusal: Refusal | None = None
        self.was_used_before = False
        self.keys: set[bytes] = set()
        for symbol, amount in trading.items():
            self.hold(symbol, amount)

    def hold(self, symbol: str, trading: str, *, hold: str = "0", funding: str = "0") -> None:
        self.rows[symbol] = [int(Decimal(text) * UNIT) for text in (trading, hold, funding)]

    async def balances(self, account: AccountId) -> Balances:
        assert account == ALICE
        rows = [
            BalanceRow(asset_of(symbol).asset, *amounts) for symbol, amounts in self.rows.items()
        ]
        return Balances(self.last_seq, NOW_NS, rows)

    async def account(self, account: AccountId) -> AccountRow | None:
        return AccountRow(
            account, account, self.fee_level, SelfTrade.CANCEL_MAKER, 0, self.last_seq
        )

    async def has_key(self, key: bytes) -> bool:
        return key in self.keys

    async def submit(self, record: bytes) -> Reply:
        self.submitted.append(record)
        value = int(self.was_used_before)
        return Reply(1, Seq(40 + len(self.submitted)), NOW_NS, OrderId(0), value, self.refusal, b"")


class FixedPrices:
    """Prices of the listing, but for those that were traded."""

    def __init__(self, **usd: str) -> None:
        self.usd = {symbol: Decimal(price) for symbol, price in usd.items()}

    def last_price(self, inst_id: str) -> Decimal | None:
        pair = CATALOG.by_symbol(inst_id)
        return None if pair is None else pair.reference_price

    def usd_price(self, symbol: str) -> Decimal:
        return self.usd.get(symbol, asset_of(symbol).reference_usd)


class MemoryLedger:
    """A ledger over rows in memory, as the projection writes them."""

    def __init__(self, *events: Event) -> None:
        self.projection = BillsProjection()
        self.asked: list[Seq] = []
        self._opened: SqliteConnection | None = None
        self._store = BillStore(self)  # type: ignore[arg-type]  # reads without waiting
        if events:
            self.add(*events)

    @property
    def connection(self) -> SqliteConnection:
        if self._opened is None:
            self._opened = SqliteConnection(sqlite3.connect(":memory:", isolation_level=None))
            self.projection.migrate(self._opened)
        return self._opened

    def add(self, *events: Event) -> None:
        connection = self.connection
        batch = EventBatch(Seq(1), max(event.seq for event in events), NOW_NS, [*events])
        self.projection.apply(connection, batch)

    async def read(self, projection: str, seq: Seq, query: Any) -> Any:
        assert projection == BillsProjection.name
        self.asked.append(seq)
        return query(self.connection)

    async def bills(self, account: AccountId, seq: Seq, wanted: BillFilter) -> Sequence[Bill]:
        return await self._store.bills(account, seq, wanted)

    async def turnover(self, since_ms: int) -> Sequence[Turnover]:
        return await self._store.turnover(since_ms)

    async def given(self, seq: Seq) -> Sequence[Given]:
        return await self._store.given(seq)

    async def movement(self, account: AccountId, seq: Seq, command: Seq) -> Sequence[Bill]:
        return await self._store.movement(account, seq, command)

    async def movement_of_key(self, account: AccountId, seq: Seq, key: bytes) -> Sequence[Bill]:
        return await self._store.movement_of_key(account, seq, key)

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()


class MemorySub(Struct, frozen=True):
    account: AccountId
    name: str
    can_transfer_out: bool | None = None


class MemoryRelatives:
    """Sub-accounts of alice, who is a master account."""

    def __init__(self) -> None:
        self.accounts: list[MemorySub] = []

    async def of(self, master: AccountId) -> Sequence[MemorySub]:
        return self.accounts if master == ALICE else []


class Desk:
    """The routes of this slice over a core in memory."""

    def __init__(self, core: MemoryCore, prices: FixedPrices | None = None) -> None:
        self.core = core
        self.ledger = MemoryLedger()
        self.relatives = MemoryRelatives()
        found = routes(
            core=core,
            ledger=self.ledger,
            catalog=CATALOG,
            prices=prices or FixedPrices(),
            clock=clock(),
            uid_of=lambda account: str(10_000_000_000 + account),
            relatives=self.relatives,
        )
        self.table: dict[tuple[str, str], Route] = {(r.method, r.path): r for r in found}
        assert len(self.table) == len(found)

    async def send(self, method: str, path: str, sent: Request) -> list[Any]:
        answer: Answer = await self.table[method, f"/api/v5/{path}"].handler(sent)
        assert answer.code == "0"
        assert isinstance(answer.data, list)
        return answer.data

    async def get(self, path: str, **params: str) -> list[Any]:
        return await self.send("GET", path, request(**params))

    async def post(self, path: str, **body: Any) -> list[Any]:
        return await self.send("POST", path, request(body))

    async def code(self, method: str, path: str, **sent: Any) -> str:
        with pytest.raises(ApiError) as refused:
            await (self.get(path, **sent) if method == "GET" else self.post(path, **sent))
        return refused.value.code


def asset_of(symbol: str) -> Asset:
    found = CATALOG.asset_by_symbol(symbol)
    assert found is not None, symbol
    return found


def clock() -> ManualClock:
    return ManualClock(NOW_NS)


def caller(*permissions: Access) -> Caller:
    allowed = frozenset(permissions or (Access.READ, Access.TRADE))
    return Caller(ALICE, "10000000016", ALICE, "key", allowed, label="alice")


def request(body: Any = None, **params: str) -> Request:
    return Request(caller=caller(), params=params, body=body, received_us=NOW_MS * 1_000)


def trade_legs(
    seq: int,
    *,
    side: Side = Side.BUY,
    price: str = "65000",
    size: str = "0.01",
    fee: str = "-0.00001",
    account: AccountId = ALICE,
    order: int = 1,
    is_taker: bool = True,
    index: int = 0,
    age_ms: int = 0,
) -> Iterator[Posted]:
    """Both postings of a fill in BTC-USDT; the fee is in what is received."""
    money = Decimal(price) * Decimal(size)
    sign = 1 if side is Side.BUY else -1
    legs = [("BTC", sign * Decimal(size)), ("USDT", -sign * money)]
    for place, (symbol, amount) in zip(count(index), legs, strict=False):
        part = Decimal(fee) if amount > 0 else Decimal(0)
        yield Posted(
            Seq(seq),
            place,
            NOW_NS - age_ms * 1_000_000,
            account,
            asset_of(symbol).asset,
            int((amount + part) * UNIT),
            5 * UNIT,
            int(part * UNIT),
            int(Decimal(size) * 10**8),
            int(Decimal(price) * 10),
            OrderId(order),
            TradeId(seq),
            InstrumentId(1),
            Wallet.TRADING,
            PostingReason.TRADE,
            side,
            is_taker,
            None,
            AccountId(0),
            bytes(16),
        )


def movement(
    seq: int,
    amount: str,
    *,
    symbol: str = "USDT",
    wallet: Wallet = Wallet.TRADING,
    reason: PostingReason = PostingReason.TRANSFER,
    key: bytes = b"k" * 16,
    index: int = 0,
    account: AccountId = ALICE,
    age_ms: int = 0,
) -> Posted:
    """One leg of a transfer, credit or debit."""
    others = {Wallet.TRADING: Wallet.FUNDING, Wallet.FUNDING: Wallet.TRADING}
    is_transfer = reason is PostingReason.TRANSFER
    return Posted(
        seq=Seq(seq),
        index=index,
        time_ns=NOW_NS - age_ms * 1_000_000,
        account=account,
        asset=asset_of(symbol).asset,
        amount=int(Decimal(amount) * UNIT),
        balance=9 * UNIT,
        fee=0,
        size=0,
        price=0,
        order_id=OrderId(0),
        trade_id=TradeId(0),
        instrument=InstrumentId(0),
        wallet=wallet,
        reason=reason,
        side=None,
        is_taker=False,
        counter_wallet=others[wallet] if is_transfer else None,
        counter_account=account if is_transfer else AccountId(0),
        key=key,
    )
