"""Events into rows: the history of orders and fills.

The bill number of a fill is that of the ledger line in which its base asset moved, so that fills and
bills of an account have one order and one cursor.
"""

from collections.abc import Mapping
from typing import Final

from tickyard.base.clock import NS_PER_MS
from tickyard.base.ids import AccountId, InstrumentId, OrderId, TradeId
from tickyard.engine.database import Connection
from tickyard.engine.events import (
    EVENT_INDEX_BITS,
    Event,
    EventBatch,
    OrderAccepted,
    OrderAmended,
    OrderClosed,
    Posted,
    Traded,
    TriggerChanged,
)
from tickyard.engine.projection import Table, delete_newer
from tickyard.engine.records import PostingReason, Side
from tickyard.trading import life, store
from tickyard.trading.model import Fill, Order

_FORGET_EVERY_MS: Final = 60_000

_BillKey = tuple[AccountId, InstrumentId, TradeId]


class OrdersProjection:
    """Stores orders and fills."""

    name: Final = store.PROJECTION
    tables: Final = (
        Table(
            "orders",
            older="order_id < :first_order",
            fleeting=f"state = 4 AND filled = 0 AND updated_ms < :until_ms - {store.UNFILLED_KEPT_MS}",
        ),
        Table("fills", older=f"bill >> {EVENT_INDEX_BITS} < :since_seq"),
    )

    def __init__(self, *, forget_late: bool = False) -> None:
        """Prepare to store.

        Args:
            forget_late: keep cancelled orders without a fill at least as long as any other of these may have done.
        """
        self._forgot_ms = 0
        self._late_ms = _FORGET_EVERY_MS if forget_late else 0

    def migrate(self, connection: Connection) -> None:
        """Create the tables if they are not there."""
        store.create_tables(connection)

    def rewind(self, connection: Connection, since: Mapping[str, int]) -> int:
        """Delete what came from the events that are kept; older orders take over what becomes of them."""
        return delete_newer(connection, self.tables, since)

    def apply(self, connection: Connection, batch: EventBatch) -> None:
        """Store what became of orders, and the fills of both sides of each trade."""
        orders = _known(connection, batch.events)
        changed: dict[OrderId, Order] = {}
        trades: list[Traded] = []
        bills: dict[_BillKey, int] = {}
        fired: dict[OrderId, str] = {}
        for event in batch.events:
            if isinstance(event, OrderAccepted):
                order = life.accepted(event, fired.get(event.order_id, ""))
                orders[event.order_id] = changed[event.order_id] = order
            elif isinstance(event, TriggerChanged):
                fired[event.order_id] = event.client_id.decode()
            elif isinstance(event, Posted):
                if _is_base_leg(event):
                    key = event.account, event.instrument, event.trade_id
                    bills[key] = event.number
            else:
                for update in life.follow(event, orders.get):
                    changed[update.order.order_id] = update.order
                if isinstance(event, Traded):
                    trades.append(event)
        store.save_orders(connection, changed.values())
        store.save_fills(connection, [fill for trade in trades for fill in _fills(trade, bills)])
        self._forget(connection, batch.time_ns // NS_PER_MS)

    def _forget(self, connection: Connection, now_ms: int) -> None:
        if now_ms - self._forgot_ms >= _FORGET_EVERY_MS:
            store.forget_unfilled(connection, now_ms - self._late_ms)
            self._forgot_ms = now_ms


def _known(connection: Connection, events: list[Event]) -> dict[OrderId, Order]:
    """Load the older orders that these events change."""
    named: set[OrderId] = set()
    new: set[OrderId] = set()
    for event in events:
        if isinstance(event, Traded):
            named.update((event.taker_order, event.maker_order))
        elif isinstance(event, OrderClosed | OrderAmended):
            named.add(event.order_id)
        elif isinstance(event, OrderAccepted):
            new.add(event.order_id)
    return store.load_orders(connection, sorted(named - new))


def _is_base_leg(event: Posted) -> bool:
    """A buyer's base grows and a seller's shrinks; with the quote leg it is the other way."""
    return event.reason is PostingReason.TRADE and (event.amount > 0) == (event.side is Side.BUY)


def _fills(trade: Traded, bills: dict[_BillKey, int]) -> tuple[Fill, Fill]:
    taker = Fill(
        bill=bills[trade.taker_account, trade.instrument, trade.trade_id],
        account=trade.taker_account,
        instrument=trade.instrument,
        trade=trade.trade_id,
        order_id=trade.taker_order,
        client_id="",
        tag="",
        side=trade.taker_side,
        is_taker=True,
        price=trade.price,
        size=trade.size,
        fee=trade.taker_fee,
        fee_asset=trade.taker_fee_asset,
        rate_ppb=trade.taker_rate_ppb,
        time_ms=trade.time_ns // NS_PER_MS,
        index_price=trade.index_price,
    )
    maker = Fill(
        bill=bills[trade.maker_account, trade.instrument, trade.trade_id],
        account=trade.maker_account,
        instrument=trade.instrument,
        trade=trade.trade_id,
        order_id=trade.maker_order,
        client_id="",
        tag="",
        side=Side.SELL if trade.taker_side is Side.BUY else Side.BUY,
        is_taker=False,
        price=trade.price,
        size=trade.size,
        fee=trade.maker_fee,
        fee_asset=trade.maker_fee_asset,
        rate_ppb=trade.maker_rate_ppb,
        time_ms=trade.time_ns // NS_PER_MS,
        index_price=trade.index_price,
    )
    return taker, maker
