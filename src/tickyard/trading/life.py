"""What each event does to an order.

Events carry cumulative figures, so an order takes values over and never adds up. History and live
pushes both follow these rules.
"""

from collections.abc import Callable

from tickyard.base.clock import NS_PER_MS
from tickyard.base.ids import AssetId, OrderId
from tickyard.engine.events import Event, OrderAccepted, OrderAmended, OrderClosed, Traded
from tickyard.engine.records import CancelSource, OrderState
from tickyard.engine.rows import OrderRow
from tickyard.trading.model import Amendment, Match, Order, OrderUpdate

Find = Callable[[OrderId], Order | None]
"""Finds an order that is known; none when it is not followed."""


def of_row(row: OrderRow) -> Order:
    """Take a live order over from the core."""
    return Order(
        order_id=row.order_id,
        account=row.account,
        instrument=row.instrument,
        side=row.side,
        order_type=row.order_type,
        trade_mode=row.trade_mode,
        self_trade=row.self_trade,
        flags=row.flags,
        price=row.price,
        size=row.size,
        client_id=row.client_id.decode(),
        tag=row.tag.decode(),
        created_ms=row.created_ns // NS_PER_MS,
        updated_ms=row.updated_ns // NS_PER_MS,
        state=row.state,
        filled=row.filled,
        cost=row.cost,
        fee=row.fee_total,
        rebate=row.rebate_total,
        last_trade=row.last_trade_id,
        last_price=row.last_price,
        last_size=row.last_size,
        last_fill_ms=row.last_time_ns // NS_PER_MS,
        trigger_id=row.trigger_id,
        trigger_client_id=row.trigger_client_id.decode(),
    )


def accepted(event: OrderAccepted, trigger_client_id: str = "") -> Order:
    """Begin the life of an order.

    Args:
        event: its first one.
        trigger_client_id: what the trigger order that placed it is called: the event before tells.
    """
    time_ms = event.time_ns // NS_PER_MS
    return Order(
        order_id=event.order_id,
        account=event.account,
        instrument=event.instrument,
        side=event.side,
        order_type=event.order_type,
        trade_mode=event.trade_mode,
        self_trade=event.self_trade,
        flags=event.flags,
        price=event.price,
        size=event.size,
        client_id=event.client_id.decode(),
        tag=event.tag.decode(),
        created_ms=time_ms,
        updated_ms=time_ms,
        trigger_id=event.trigger_id,
        trigger_client_id=trigger_client_id,
    )


def taken(order: Order, event: Traded) -> OrderUpdate:
    """Let an order take part in a trade as the taker."""
    order.state, order.filled, order.cost = event.taker_state, event.taker_filled, event.taker_cost
    order.fee = event.taker_fee_total
    _traded(order, event)
    fee, asset = event.taker_fee, event.taker_fee_asset
    return OrderUpdate(order, _match(event, fee, asset, is_taker=True))


def made(order: Order, event: Traded) -> OrderUpdate:
    """Let an order take part in a trade as the maker."""
    order.state, order.filled, order.cost = event.maker_state, event.maker_filled, event.maker_cost
    order.fee, order.rebate = event.maker_fee_total, event.maker_rebate_total
    _traded(order, event)
    fee, asset = event.maker_fee, event.maker_fee_asset
    return OrderUpdate(order, _match(event, fee, asset, is_taker=False))


def closed(order: Order, event: OrderClosed) -> OrderUpdate:
    """End the life of an order that was cancelled, or whose rest is too small to trade."""
    order.state, order.filled, order.size = event.state, event.filled, event.size
    order.updated_ms = event.time_ns // NS_PER_MS
    if event.state is OrderState.CANCELED:
        order.cancel_source = event.source
    return OrderUpdate(order)


def amended(order: Order, event: OrderAmended) -> OrderUpdate:
    """Change an order, or cancel one that could not be changed, as its owner had wished."""
    order.state, order.filled = event.state, event.filled
    order.price, order.size = event.price, event.size
    order.updated_ms = event.time_ns // NS_PER_MS
    if event.state is OrderState.CANCELED:
        order.cancel_source = CancelSource.USER
    return OrderUpdate(order, amendment=Amendment(event.result, event.request_id.decode()))


def follow(event: Event, find: Find) -> list[OrderUpdate]:
    """Let an event change the orders that are known; two of them when both sides of a trade are.

    A new order is not known before its first event: see `accepted`.
    """
    updates: list[OrderUpdate] = []
    if isinstance(event, Traded):
        if (taker := find(event.taker_order)) is not None:
            updates.append(taken(taker, event))
        if (maker := find(event.maker_order)) is not None:
            updates.append(made(maker, event))
    elif isinstance(event, OrderClosed):
        if (order := find(event.order_id)) is not None:
            updates.append(closed(order, event))
    elif isinstance(event, OrderAmended):
        order = find(event.order_id)
        if order is not None:
            updates.append(amended(order, event))
    return updates


def _match(event: Traded, fee: int, fee_asset: AssetId, *, is_taker: bool) -> Match:
    return Match(
        event.trade_id,
        event.price,
        event.size,
        fee,
        fee_asset,
        is_taker=is_taker,
        index_price=event.index_price,
    )


def _traded(order: Order, event: Traded) -> None:
    time_ms = event.time_ns // NS_PER_MS
    order.last_trade, order.last_price, order.last_size = event.trade_id, event.price, event.size
    order.last_fill_ms = order.updated_ms = time_ms
