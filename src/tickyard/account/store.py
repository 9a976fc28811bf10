"""Ledger lines in the read database."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from tickyard.account.fee_review import TURNOVER_BITS, Given, Turnover
from tickyard.account.model import Bill, BillFilter
from tickyard.base.clock import NS_PER_MS
from tickyard.base.ids import AccountId, AssetId, InstrumentId, Seq, TradeId
from tickyard.engine.conditions import Conditions
from tickyard.engine.database import Connection
from tickyard.engine.events import (
    EVENT_INDEX_BITS,
    EventBatch,
    OrderAccepted,
    OrderAmended,
    OrderClosed,
    Posted,
    Traded,
    TransferNamed,
)
from tickyard.engine.history import History
from tickyard.engine.projection import Table, delete_newer
from tickyard.engine.records import (
    FIRST_USER_ACCOUNT,
    OrderId,
    OrderState,
    PostingReason,
    Side,
    Wallet,
)

_TABLES: Final = (
    # Ledger amounts have up to 39 digits, so they are text.
    """CREATE TABLE IF NOT EXISTS bills (
        account INTEGER NOT NULL, wallet INTEGER NOT NULL, bill_id INTEGER NOT NULL,
        asset INTEGER NOT NULL, reason INTEGER NOT NULL,
        amount TEXT NOT NULL, balance TEXT NOT NULL, fee TEXT NOT NULL, time_ms INTEGER NOT NULL,
        instrument INTEGER NOT NULL, side INTEGER, price INTEGER NOT NULL, size INTEGER NOT NULL,
        order_id INTEGER NOT NULL, trade_id INTEGER NOT NULL, is_taker INTEGER NOT NULL,
        client_id TEXT NOT NULL, tag TEXT NOT NULL,
        counter_wallet INTEGER, counter_account INTEGER NOT NULL, index_price INTEGER NOT NULL, key BLOB,
        PRIMARY KEY (account, wallet, bill_id)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS bills_by_key ON bills (account, key) WHERE key IS NOT NULL",
    # Names of live orders, to be written on the lines of their trades.
    """CREATE TABLE IF NOT EXISTS bill_order_names (
        order_id INTEGER NOT NULL PRIMARY KEY, client_id TEXT NOT NULL, tag TEXT NOT NULL)""",
)
_COLUMNS: Final = (
    "bill_id, account, wallet, asset, reason, amount, balance, fee, time_ms, instrument, side,"
    " price, size, order_id, trade_id, is_taker, client_id, tag, counter_wallet, counter_account, index_price"
)
_INSERT: Final = f"INSERT INTO bills ({_COLUMNS}, key) VALUES ({', '.join('?' * 22)})"  # noqa: S608
_SELECT: Final = f"SELECT {_COLUMNS} FROM bills "  # noqa: S608  # names of our own columns
_LOW: Final = (1 << TURNOVER_BITS) - 1
_TURNOVER: Final = (
    # In two parts, because the whole product may outgrow 64 bits.
    f"SELECT t.account, t.instrument, t.notional, t.bill, b.price FROM (SELECT account, instrument, SUM(price * (size >> {TURNOVER_BITS})"  # noqa: S608
    f" + (price * (size & {_LOW}) >> {TURNOVER_BITS})) AS notional, MAX(bill_id) AS bill FROM bills"
    " WHERE reason = ? AND time_ms >= ? GROUP BY account, instrument) AS t"
    f" JOIN bills AS b ON b.account = t.account AND b.wallet = {Wallet.TRADING:d} AND b.bill_id = t.bill"
    " ORDER BY t.account, t.instrument"
)
_LIVE_THEN: Final = (
    # Names of orders that lived when the kept events begin, and whose later lines are written anew.
    "INSERT INTO bill_order_names SELECT DISTINCT order_id, client_id, tag FROM bills WHERE order_id > 0"  # noqa: S608
    f" AND order_id < :first_order AND bill_id >> {EVENT_INDEX_BITS} >= :since_seq AND (client_id <> '' OR tag <> '')"
    " ON CONFLICT (order_id) DO NOTHING"
)
_NO_NAMES: Final = ("", "")

Row = tuple[
    int, int, int, int, int, str, str, str, int, int, int | None,
    int, int, int, int, int, str, str, int | None, int, int,
]  # fmt: skip


class BillsProjection:
    """Stores what was posted to the accounts of users, with the names of the orders that traded."""

    name: Final = "bills"
    tables: Final = (
        Table(
            "bills",
            older=f"bill_id >> {EVENT_INDEX_BITS} < :since_seq",
            unknown=dict.fromkeys(("client_id", "tag"), "order_id > 0 AND order_id < :first_order"),
        ),
        Table("bill_order_names", older="order_id < :first_order"),
    )

    def __init__(self) -> None:
        self._names: dict[OrderId, tuple[str, str]] = {}

    def migrate(self, connection: Connection) -> None:
        """Create the tables if they are not there, and read the names of live orders."""
        for statement in _TABLES:
            connection.execute(statement)
        rows = connection.execute("SELECT order_id, client_id, tag FROM bill_order_names")
        self._names = {OrderId(order_id): (client_id, tag) for order_id, client_id, tag in rows}

    def rewind(self, connection: Connection, since: Mapping[str, int]) -> int:
        """Delete what came from the events that are kept, but for names that no kept event holds."""
        connection.execute(_LIVE_THEN, since)
        deleted = delete_newer(connection, self.tables, since)
        self.migrate(connection)
        return deleted

    def apply(self, connection: Connection, batch: EventBatch) -> None:
        """Store the lines of a batch."""
        added: set[OrderId] = set()
        ended: set[OrderId] = set()
        lines: list[tuple[object, ...]] = []
        # Both are told before the lines that they belong to.
        transfers: dict[bytes, tuple[str, str]] = {}
        indices: dict[tuple[InstrumentId, TradeId], int] = {}
        for event in batch.events:
            match event:
                case Posted() if event.account >= FIRST_USER_ACCOUNT:
                    names = transfers.get(event.key) or self._names.get(event.order_id, _NO_NAMES)
                    index = indices.get((event.instrument, event.trade_id), 0)
                    lines.append(_line(event, names, index))
                case TransferNamed():
                    transfers[event.key] = (event.client_id.decode(), "")
                case OrderAccepted() if event.client_id or event.tag:
                    self._names[event.order_id] = (event.client_id.decode(), event.tag.decode())
                    added.add(event.order_id)
                case OrderClosed():
                    ended.add(event.order_id)
                case OrderAmended(state=OrderState.FILLED):
                    ended.add(event.order_id)
                case Traded():
                    indices[event.instrument, event.trade_id] = event.index_price
                    if event.taker_state is OrderState.FILLED:
                        ended.add(event.taker_order)
                    if event.maker_state is OrderState.FILLED:
                        ended.add(event.maker_order)
                case _:
                    pass
        connection.executemany(_INSERT, lines)
        # After the batch, because the lines of an order's last trade may follow its end.
        self._keep_names(connection, added=added, ended=ended)

    def _keep_names(
        self, connection: Connection, *, added: set[OrderId], ended: set[OrderId]
    ) -> None:
        connection.executemany(
            "INSERT INTO bill_order_names VALUES (?, ?, ?)",
            [(order, *self._names[order]) for order in added - ended],
        )
        known = [order for order in ended if self._names.pop(order, None) is not None]
        connection.executemany(
            "DELETE FROM bill_order_names WHERE order_id = ?",
            [(order,) for order in known if order not in added],
        )


def _line(event: Posted, names: tuple[str, str], index_price: int) -> tuple[object, ...]:
    return (
        event.number,
        event.account,
        event.wallet,
        event.asset,
        event.reason,
        str(event.amount),
        str(event.balance),
        str(event.fee),
        event.time_ns // NS_PER_MS,
        event.instrument,
        event.side,
        event.price,
        event.size,
        event.order_id,
        event.trade_id,
        event.is_taker,
        *names,
        event.counter_wallet,
        event.counter_account,
        index_price,
        event.key if any(event.key) else None,
    )


class BillStore:
    """Reads what the projection has stored. Fulfils `model.Ledger`."""

    def __init__(self, history: History) -> None:
        self._history = history

    async def bills(self, account: AccountId, seq: Seq, wanted: BillFilter) -> Sequence[Bill]:
        """List lines, newest first."""
        conditions = _conditions(account, wanted)
        where = f"WHERE {conditions.text} ORDER BY bill_id DESC LIMIT ?"
        return await self._read(seq, where, (*conditions.values, wanted.limit))

    async def movement(self, account: AccountId, seq: Seq, command: Seq) -> Sequence[Bill]:
        """The lines of the account that one command wrote."""
        first, after = command << EVENT_INDEX_BITS, command + 1 << EVENT_INDEX_BITS
        where = "WHERE account = ? AND wallet IN (1, 2) AND bill_id >= ? AND bill_id < ?"
        return await self._read(seq, f"{where} ORDER BY bill_id", (account, first, after))

    async def movement_of_key(self, account: AccountId, seq: Seq, key: bytes) -> Sequence[Bill]:
        """The lines of the account that a movement with this key wrote."""
        where = "WHERE account = ? AND key = ?"
        return await self._read(seq, f"{where} ORDER BY bill_id", (account, key))

    async def turnover(self, since_ms: int) -> Sequence[Turnover]:
        """Sum up what every account traded since a time. Fulfils `fee_review.Turnovers`."""

        def query(connection: Connection) -> list[Turnover]:
            rows = connection.execute(_TURNOVER, (PostingReason.TRADE, since_ms))
            # Each trade has a line in base and one in quote money.
            return [
                Turnover(AccountId(account), InstrumentId(pair), int(notional) // 2, bill, price)
                for account, pair, notional, bill, price in rows
            ]

        return await self._history.read(BillsProjection.name, Seq(0), query)

    async def given(self, seq: Seq) -> Sequence[Given]:
        """Sum up what every account was given. Fulfils `fee_review.Turnovers`."""

        def query(connection: Connection) -> list[Given]:
            sums: dict[tuple[AccountId, AssetId], int] = defaultdict(int)
            # Amounts have up to 39 digits, so they are not summed by the database.
            for account, asset, amount in connection.execute(
                "SELECT account, asset, amount FROM bills WHERE reason IN (?, ?)",
                (PostingReason.CREDIT, PostingReason.DEBIT),
            ):
                sums[account, asset] += int(amount)
            return [Given(account, asset, amount) for (account, asset), amount in sums.items()]

        return await self._history.read(BillsProjection.name, seq, query)

    async def _read(self, seq: Seq, where: str, values: tuple[object, ...]) -> list[Bill]:
        def query(connection: Connection) -> list[Bill]:
            return [_bill(row) for row in connection.execute(_SELECT + where, values)]

        return await self._history.read(BillsProjection.name, seq, query)


def _conditions(account: AccountId, wanted: BillFilter) -> Conditions:
    conditions = Conditions("account = ?", account)
    # Always named: the rows are in the order of account, wallet, number.
    conditions.among("wallet", tuple(Wallet) if wanted.wallet is None else (wanted.wallet,))
    conditions.among("reason", wanted.reasons)
    conditions.among("counter_account", wanted.counter_accounts)
    conditions.add("asset = ?", wanted.asset)
    conditions.add("instrument = ?", wanted.instrument)
    conditions.add("side = ?", wanted.side)
    conditions.add("key = ?", wanted.key)
    conditions.add("bill_id < ?", wanted.older_than)
    conditions.add("bill_id > ?", wanted.newer_than)
    conditions.add("time_ms >= ?", wanted.begin_ms)
    conditions.add("time_ms <= ?", wanted.end_ms)
    if wanted.is_incoming is not None:
        conditions.require(f"amount {'NOT ' if wanted.is_incoming else ''}LIKE '-%'")
    if wanted.is_within is not None:
        conditions.require(f"counter_account {'=' if wanted.is_within else '<>'} account")
    return conditions


def _bill(row: Row) -> Bill:
    (
        bill_id, account, wallet, asset, reason, amount, balance, fee, time_ms, instrument, side,
        price, size, order_id, trade_id, is_taker, client_id, tag, counter_wallet, counter_account, index_price,
    ) = row  # fmt: skip
    return Bill(
        bill_id,
        AccountId(account),
        Wallet(wallet),
        AssetId(asset),
        PostingReason(reason),
        int(amount),
        int(balance),
        int(fee),
        time_ms,
        InstrumentId(instrument),
        None if side is None else Side(side),
        price,
        size,
        OrderId(order_id),
        TradeId(trade_id),
        bool(is_taker),
        client_id,
        tag,
        None if counter_wallet is None else Wallet(counter_wallet),
        AccountId(counter_account),
        index_price,
    )
