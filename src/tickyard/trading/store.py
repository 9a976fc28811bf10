"""Orders and fills in the read database: the only place of this slice that knows SQL.

Cumulative money is kept as text, because it may outgrow 64 bits. Cancelled orders that never traded
are kept for two hours only, as OKX does; quoters leave millions of them.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from tickyard.base.clock import HOUR_MS
from tickyard.base.ids import AccountId, AssetId, InstrumentId, OrderId, Seq, TradeId, TriggerId
from tickyard.engine.conditions import Conditions
from tickyard.engine.database import Connection
from tickyard.engine.history import History
from tickyard.engine.records import (
    CancelSource,
    OrderState,
    OrderType,
    SelfTrade,
    Side,
    TradeMode,
)
from tickyard.trading.filters import FillFilter, OrderFilter, OrderName
from tickyard.trading.model import Fill, Order

PROJECTION: Final = "orders"
"""Names the cursor of these tables; another shape needs another name."""
UNFILLED_KEPT_MS: Final = 2 * HOUR_MS
"""How long a cancelled order without a fill can be found. Source: OKX v5, GET trade/orders-history."""

_ORDER_COLUMNS: Final = (
    "order_id, account, instrument, side, order_type, trade_mode, self_trade, flags, price, size,"
    " client_id, tag, created_ms, updated_ms, state, filled, cost, fee, rebate, last_trade,"
    " last_price, last_size, last_fill_ms, cancel_source, trigger_id, trigger_client_id"
)
_TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS orders (
        order_id INTEGER PRIMARY KEY, account INTEGER NOT NULL, instrument INTEGER NOT NULL,
        side INTEGER NOT NULL, order_type INTEGER NOT NULL, trade_mode INTEGER NOT NULL,
        self_trade INTEGER NOT NULL, flags INTEGER NOT NULL, price INTEGER NOT NULL,
        size INTEGER NOT NULL, client_id TEXT NOT NULL, tag TEXT NOT NULL,
        created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, state INTEGER NOT NULL,
        filled INTEGER NOT NULL, cost TEXT NOT NULL, fee TEXT NOT NULL, rebate TEXT NOT NULL,
        last_trade INTEGER NOT NULL, last_price INTEGER NOT NULL, last_size INTEGER NOT NULL,
        last_fill_ms INTEGER NOT NULL, cancel_source INTEGER,
        trigger_id INTEGER NOT NULL DEFAULT 0, trigger_client_id TEXT NOT NULL DEFAULT '')""",
    # 3 and 4 are FILLED and CANCELED; an index takes no parameters.
    "CREATE INDEX IF NOT EXISTS orders_done ON orders (account, order_id) WHERE state >= 3",
    """CREATE INDEX IF NOT EXISTS orders_by_client_id ON orders (account, client_id, order_id)
        WHERE client_id <> ''""",
    """CREATE INDEX IF NOT EXISTS orders_unfilled ON orders (updated_ms)
        WHERE state = 4 AND filled = 0""",
    """CREATE TABLE IF NOT EXISTS fills (
        account INTEGER NOT NULL, bill INTEGER NOT NULL, instrument INTEGER NOT NULL,
        trade INTEGER NOT NULL, order_id INTEGER NOT NULL, side INTEGER NOT NULL,
        is_taker INTEGER NOT NULL, price INTEGER NOT NULL, size INTEGER NOT NULL, fee TEXT NOT NULL,
        fee_asset INTEGER NOT NULL, rate_ppb INTEGER NOT NULL, time_ms INTEGER NOT NULL,
        index_price INTEGER NOT NULL, PRIMARY KEY (account, bill)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS fills_by_order ON fills (account, order_id, bill)",
)
_SAVE_ORDER: Final = f"""INSERT INTO orders ({_ORDER_COLUMNS})
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (order_id) DO UPDATE SET price = excluded.price, size = excluded.size,
    updated_ms = excluded.updated_ms, state = excluded.state, filled = excluded.filled,
    cost = excluded.cost, fee = excluded.fee, rebate = excluded.rebate,
    last_trade = excluded.last_trade, last_price = excluded.last_price,
    last_size = excluded.last_size, last_fill_ms = excluded.last_fill_ms,
    cancel_source = excluded.cancel_source"""  # noqa: S608  # no value of a client is in it
_SAVE_FILL: Final = (
    "INSERT INTO fills VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (account, bill) DO NOTHING"
)
_FORGET_UNFILLED: Final = "DELETE FROM orders WHERE state = 4 AND filled = 0 AND updated_ms < ?"
_SELECT_ORDER: Final = f"SELECT {_ORDER_COLUMNS} FROM orders"  # noqa: S608
_SELECT_FILL: Final = """SELECT fills.bill, fills.account, fills.instrument, fills.trade,
    fills.order_id, coalesce(orders.client_id, ''), coalesce(orders.tag, ''), fills.side,
    fills.is_taker, fills.price, fills.size, fills.fee, fills.fee_asset, fills.rate_ppb,
    fills.time_ms, fills.index_price FROM fills LEFT JOIN orders ON orders.order_id = fills.order_id"""
# Finished, and not about to be deleted: nobody can tell when that happens.
_FINDABLE: Final = "state >= 3 AND NOT (state = 4 AND filled = 0 AND updated_ms < ?)"
_IDS_AT_ONCE: Final = 500

SIDES: Final = {side.value: side for side in Side}
_STATES: Final = {state.value: state for state in OrderState}


def create_tables(connection: Connection) -> None:
    """Create the tables if they are not there."""
    for statement in _TABLES:
        connection.execute(statement)


def load_orders(connection: Connection, ids: Sequence[OrderId]) -> dict[OrderId, Order]:
    """Read those orders that are stored."""
    found: dict[OrderId, Order] = {}
    for start in range(0, len(ids), _IDS_AT_ONCE):
        some = ids[start : start + _IDS_AT_ONCE]
        marks = ", ".join("?" * len(some))
        for row in connection.execute(f"{_SELECT_ORDER} WHERE order_id IN ({marks})", some):
            order = _order(row)
            found[order.order_id] = order
    return found


def save_orders(connection: Connection, orders: Iterable[Order]) -> None:
    """Write orders as they are now."""
    connection.executemany(
        _SAVE_ORDER,
        [
            (
                order.order_id,
                order.account,
                order.instrument,
                order.side,
                order.order_type,
                order.trade_mode,
                order.self_trade,
                order.flags,
                order.price,
                order.size,
                order.client_id,
                order.tag,
                order.created_ms,
                order.updated_ms,
                order.state,
                order.filled,
                str(order.cost),
                str(order.fee),
                str(order.rebate),
                order.last_trade,
                order.last_price,
                order.last_size,
                order.last_fill_ms,
                order.cancel_source,
                order.trigger_id,
                order.trigger_client_id,
            )
            for order in orders
        ],
    )


def save_fills(connection: Connection, fills: Iterable[Fill]) -> None:
    """Write fills."""
    connection.executemany(
        _SAVE_FILL,
        [
            (
                fill.account,
                fill.bill,
                fill.instrument,
                fill.trade,
                fill.order_id,
                fill.side,
                fill.is_taker,
                fill.price,
                fill.size,
                str(fill.fee),
                fill.fee_asset,
                fill.rate_ppb,
                fill.time_ms,
                fill.index_price,
            )
            for fill in fills
        ],
    )


def forget_unfilled(connection: Connection, now_ms: int) -> None:
    """Delete cancelled orders without a fill that nobody can find any more."""
    connection.execute(_FORGET_UNFILLED, (now_ms - UNFILLED_KEPT_MS,))


class OrderStore:
    """Reads what the projection has stored. Fulfils `needs.Past`."""

    def __init__(self, history: History) -> None:
        self._history = history

    async def order(
        self, account: AccountId, seq: Seq, name: OrderName, *, now_ms: int
    ) -> Order | None:
        """Find a finished order by its id, else the newest one of a client id."""
        conditions = Conditions("account = ?", account)
        conditions.add("instrument = ?", name.instrument)
        if name.order_id is None:
            conditions.add("client_id <> '' AND client_id = ?", name.client_id)
        else:
            conditions.add("order_id = ?", name.order_id)
        conditions.add(_FINDABLE, now_ms - UNFILLED_KEPT_MS)
        found = await self._orders(seq, conditions, 1)
        return found[0] if found else None

    async def orders(
        self, account: AccountId, seq: Seq, wanted: OrderFilter, *, since_ms: int, now_ms: int
    ) -> Sequence[Order]:
        """List orders that ended at `since_ms` or later, newest first."""
        conditions = Conditions("account = ?", account)
        conditions.add("updated_ms >= ?", since_ms)
        conditions.add(_FINDABLE, now_ms - UNFILLED_KEPT_MS)
        conditions.add("instrument = ?", wanted.instrument)
        conditions.add("state = ?", wanted.state)
        conditions.add("order_id < ?", wanted.older_than)
        conditions.add("order_id > ?", wanted.newer_than)
        conditions.add("created_ms >= ?", wanted.begin_ms)
        conditions.add("created_ms <= ?", wanted.end_ms)
        conditions.among("order_type", wanted.order_types)
        return await self._orders(seq, conditions, wanted.limit)

    async def fills(
        self, account: AccountId, seq: Seq, wanted: FillFilter, *, since_ms: int
    ) -> Sequence[Fill]:
        """List fills of `since_ms` or later, newest first."""
        conditions = Conditions("fills.account = ?", account)
        conditions.add("fills.time_ms >= ?", since_ms)
        conditions.add("fills.instrument = ?", wanted.instrument)
        conditions.add("fills.order_id = ?", wanted.order_id)
        conditions.add("fills.side = ?", wanted.side)
        conditions.add("fills.bill < ?", wanted.older_than)
        conditions.add("fills.bill > ?", wanted.newer_than)
        conditions.add("fills.time_ms >= ?", wanted.begin_ms)
        conditions.add("fills.time_ms <= ?", wanted.end_ms)
        query = f"{_SELECT_FILL} WHERE {conditions.text} ORDER BY fills.bill DESC LIMIT ?"
        rows = await self._rows(seq, query, (*conditions.values, wanted.limit))
        return [_fill(row) for row in rows]

    async def _orders(self, seq: Seq, conditions: Conditions, limit: int) -> list[Order]:
        query = f"{_SELECT_ORDER} WHERE {conditions.text} ORDER BY order_id DESC LIMIT ?"
        return [_order(row) for row in await self._rows(seq, query, (*conditions.values, limit))]

    async def _rows(self, seq: Seq, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        return await self._history.read(
            PROJECTION, seq, lambda connection: connection.execute(query, values).fetchall()
        )


def _order(row: tuple[Any, ...]) -> Order:
    return Order(
        order_id=OrderId(row[0]),
        account=AccountId(row[1]),
        instrument=InstrumentId(row[2]),
        side=SIDES[row[3]],
        order_type=OrderType(row[4]),
        trade_mode=TradeMode(row[5]),
        self_trade=SelfTrade(row[6]),
        flags=row[7],
        price=row[8],
        size=row[9],
        client_id=row[10],
        tag=row[11],
        created_ms=row[12],
        updated_ms=row[13],
        state=_STATES[row[14]],
        filled=row[15],
        cost=int(row[16]),
        fee=int(row[17]),
        rebate=int(row[18]),
        last_trade=TradeId(row[19]),
        last_price=row[20],
        last_size=row[21],
        last_fill_ms=row[22],
        cancel_source=None if row[23] is None else CancelSource(row[23]),
        trigger_id=TriggerId(row[24]),
        trigger_client_id=row[25],
    )


def _fill(row: tuple[Any, ...]) -> Fill:
    return Fill(
        bill=row[0],
        account=AccountId(row[1]),
        instrument=InstrumentId(row[2]),
        trade=TradeId(row[3]),
        order_id=OrderId(row[4]),
        client_id=row[5],
        tag=row[6],
        side=SIDES[row[7]],
        is_taker=bool(row[8]),
        price=row[9],
        size=row[10],
        fee=int(row[11]),
        fee_asset=AssetId(row[12]),
        rate_ppb=row[13],
        time_ms=row[14],
        index_price=row[15],
    )
