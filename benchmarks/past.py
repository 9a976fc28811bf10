"""A past that is long: orders, fills and bills of many accounts in the tables of a home.

One stretch of it is stored as the projections store it; the database repeats that with later numbers and times.
"""

import random  # noqa: TID251  # whose orders they are, seeded
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Final

from benchmarks.scope import Scope
from tickyard.account.store import BillsProjection
from tickyard.base.clock import NS_PER_MS
from tickyard.base.ids import AccountId, AssetId, InstrumentId, OrderId, Seq, TradeId, TriggerId
from tickyard.engine.database import Connection, ReadDatabase
from tickyard.engine.events import EVENT_INDEX_BITS, EventBatch, Posted
from tickyard.engine.records import (
    OrderState,
    OrderType,
    PostingReason,
    SelfTrade,
    Side,
    TradeMode,
    Wallet,
)
from tickyard.node.tables import projections
from tickyard.trading import store
from tickyard.trading.model import Fill, Order

PAIRS: Final = 26
FILLS_OF_AN_ORDER: Final = 4
_STRETCH: Final = 100_000
"""Fills that are stored one by one, and then repeated."""
_ORDERS: Final = _STRETCH // FILLS_OF_AN_ORDER
_DAYS: Final = 80
_DAY_MS: Final = 86_400_000
_CURSOR: Final = 1 << 40
"""Further than any command that somebody may have seen acknowledged."""
_BASE, _QUOTE = AssetId(1), AssetId(2)


class Past:
    """What is stored: ids that can be asked for, and times.

    Attributes:
        fills: how many fills there are; twice as many bills, a quarter as many orders.
        begin_ms: when the first order was placed.
        now_ms: when the last one was.
    """

    def __init__(self, fills: int) -> None:
        self.fills = fills
        self.now_ms = time.time_ns() // NS_PER_MS  # what a gateway calls recent
        self.begin_ms = self.now_ms - _DAYS * _DAY_MS

    @property
    def orders(self) -> int:
        """How many orders there are; their ids are the numbers from 1 on."""
        return self.fills // FILLS_OF_AN_ORDER

    def bill(self, fill: int) -> int:
        """Return the id of the first bill of a fill, by the fill's number from 0 on."""
        return (fill + 1) << EVENT_INDEX_BITS

    def store(self, scope: Scope, database: ReadDatabase, accounts: Sequence[AccountId]) -> None:
        """Make the tables of a home that have nothing in them yet, and fill them."""
        with closing(database.open_writer()) as connection:
            connection.begin_writing()
            connection.execute(
                "CREATE TABLE cursors (projection TEXT PRIMARY KEY, seq INTEGER NOT NULL)"
            )
            for projection in projections():
                projection.migrate(connection)
                connection.execute("INSERT INTO cursors VALUES (?, ?)", (projection.name, _CURSOR))
            self._store_stretch(connection, accounts)
            connection.commit()
            for table in _LATER:
                connection.execute(
                    f"CREATE TEMPORARY TABLE stretch_of_{table} AS SELECT * FROM {table}"  # noqa: S608
                )
            for stretch in range(1, self.fills // _STRETCH):
                if stretch * _STRETCH % 1_000_000 == 0:
                    scope.say(f"{stretch * _STRETCH:,} of {self.fills:,} fills stored")
                connection.begin_writing()
                for table, shifts in _LATER.items():
                    self._repeat(connection, table, shifts, stretch)
                connection.commit()

    def _store_stretch(self, connection: Connection, accounts: Sequence[AccountId]) -> None:
        rng = random.Random(5)  # noqa: S311  # the same rows every time
        orders = [self._order(rng, number, accounts) for number in range(1, _ORDERS + 1)]
        fills = [
            self._fill(order, (order.order_id - 1) * FILLS_OF_AN_ORDER + part)
            for order in orders
            for part in range(FILLS_OF_AN_ORDER)
        ]
        store.save_orders(connection, orders)
        store.save_fills(connection, fills)
        bills = BillsProjection()
        events = [event for fill in fills for event in _postings(fill)]
        bills.apply(connection, EventBatch(Seq(1), Seq(_STRETCH), 0, [*events]))

    def _order(self, rng: random.Random, number: int, accounts: Sequence[AccountId]) -> Order:
        time_ms = self.begin_ms + self._stretch_ms * (number - 1) // _ORDERS
        return Order(
            order_id=OrderId(number),
            account=rng.choice(accounts),
            instrument=InstrumentId(1 + rng.randrange(PAIRS)),
            side=rng.choice((Side.BUY, Side.SELL)),
            order_type=OrderType.LIMIT,
            trade_mode=TradeMode.CASH,
            self_trade=SelfTrade.CANCEL_MAKER,
            flags=0,
            price=600_000,
            size=1_000,
            client_id=f"c{number}",
            tag="",
            created_ms=time_ms,
            updated_ms=time_ms,
            state=OrderState.FILLED,
            filled=1_000,
            cost=600_000_000,
            fee=-600_000,
            rebate=0,
            last_trade=TradeId(number),
            last_price=600_000,
            last_size=250,
            last_fill_ms=time_ms,
            cancel_source=None,
            trigger_id=TriggerId(0),
            trigger_client_id="",
        )

    def _fill(self, order: Order, number: int) -> Fill:
        return Fill(
            bill=self.bill(number),
            account=order.account,
            instrument=order.instrument,
            trade=TradeId(number + 1),
            order_id=order.order_id,
            client_id=order.client_id,
            tag="",
            side=order.side,
            is_taker=bool(number & 1),
            price=order.price,
            size=250,
            fee=-150_000,
            fee_asset=_BASE,
            rate_ppb=1_000_000,
            time_ms=order.updated_ms,
            index_price=order.price,
        )

    @property
    def _stretch_ms(self) -> int:
        return (self.now_ms - self.begin_ms) * _STRETCH // self.fills

    def _repeat(
        self, connection: Connection, table: str, shifts: Mapping[str, int], stretch: int
    ) -> None:
        """Store a stretch once more, with what must be later shifted."""
        columns = connection.columns(table)
        shifted = ", ".join(f"{name} + ?" if name in shifts else name for name in columns)
        values = [
            stretch * (shifts[name] or self._stretch_ms) for name in columns if name in shifts
        ]
        connection.execute(
            f"INSERT INTO {table} SELECT {shifted} FROM stretch_of_{table}",  # noqa: S608  # our own names
            values,
        )


_BILLS: Final = _STRETCH << EVENT_INDEX_BITS
_TIME: Final = 0
_LATER: Final[Mapping[str, Mapping[str, int]]] = {
    "orders": {
        "order_id": _ORDERS, "last_trade": _STRETCH,
        "created_ms": _TIME, "updated_ms": _TIME, "last_fill_ms": _TIME,
    },
    "fills": {"bill": _BILLS, "trade": _STRETCH, "order_id": _ORDERS, "time_ms": _TIME},
    "bills": {"bill_id": _BILLS, "order_id": _ORDERS, "trade_id": _STRETCH, "time_ms": _TIME},
}  # fmt: skip
"""What of a row is later in the next stretch, and by how much; 0 for times."""


def _postings(fill: Fill) -> Iterator[Posted]:
    """What a fill posts: one line in base, one in quote money."""
    for index, (asset, amount, fee) in enumerate(
        ((_BASE, 250 * 10**14, fill.fee), (_QUOTE, -150 * 10**18, 0))
    ):
        yield Posted(
            seq=Seq(fill.bill >> EVENT_INDEX_BITS),
            index=index,
            time_ns=fill.time_ms * NS_PER_MS,
            account=fill.account,
            asset=asset,
            amount=amount + fee,
            balance=10**24,
            fee=fee,
            size=fill.size,
            price=fill.price,
            order_id=fill.order_id,
            trade_id=fill.trade,
            instrument=fill.instrument,
            wallet=Wallet.TRADING,
            reason=PostingReason.TRADE,
            side=fill.side,
            is_taker=fill.is_taker,
            counter_wallet=None,
            counter_account=AccountId(0),
            key=bytes(16),
        )
