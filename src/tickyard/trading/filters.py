"""Which orders, fills and trigger orders of an account somebody asks for."""

from typing import Final

from msgspec import Struct

from tickyard.base.ids import InstrumentId, OrderId, TriggerId
from tickyard.engine.events import TriggerChanged
from tickyard.engine.records import OrderState, OrderType, Side, TriggerKind, TriggerState
from tickyard.trading.model import Order

PAGE_MAX: Final = 100
"""Rows in one answer, at most; larger wishes are cut to it."""


class OrderName(Struct, frozen=True):
    """Which single order somebody means."""

    instrument: InstrumentId
    order_id: OrderId | None
    client_id: str
    """The client's name for it, when it is not named by its id."""


class OrderFilter(Struct, frozen=True):
    """Which orders of an account somebody asks for. None means any."""

    instrument: InstrumentId | None = None
    order_types: frozenset[OrderType] | None = None
    state: OrderState | None = None
    older_than: int | None = None
    """Only orders with a smaller id."""
    newer_than: int | None = None
    """Only orders with a larger id."""
    begin_ms: int | None = None
    """Only orders placed at this time or later."""
    end_ms: int | None = None
    """Only orders placed at this time or earlier."""
    limit: int = PAGE_MAX

    def accepts(self, order: Order) -> bool:
        """Tell whether an order is asked for; the limit is not looked at."""
        return (
            (self.instrument is None or order.instrument == self.instrument)
            and (self.order_types is None or order.order_type in self.order_types)
            and (self.state is None or order.state == self.state)
            and (self.older_than is None or order.order_id < self.older_than)
            and (self.newer_than is None or order.order_id > self.newer_than)
            and (self.begin_ms is None or order.created_ms >= self.begin_ms)
            and (self.end_ms is None or order.created_ms <= self.end_ms)
        )


class FillFilter(Struct, frozen=True):
    """Which fills of an account somebody asks for. None means any."""

    instrument: InstrumentId | None = None
    order_id: OrderId | None = None
    side: Side | None = None
    older_than: int | None = None
    """Only fills with a smaller bill."""
    newer_than: int | None = None
    """Only fills with a larger bill."""
    begin_ms: int | None = None
    """Only fills of this time or later."""
    end_ms: int | None = None
    """Only fills of this time or earlier."""
    limit: int = PAGE_MAX


class TriggerFilter(Struct, frozen=True):
    """Which trigger orders of an account somebody asks for. None means any."""

    kinds: frozenset[TriggerKind]
    state: TriggerState | None = None
    trigger_id: TriggerId | None = None
    instrument: InstrumentId | None = None
    older_than: int | None = None
    """Only those with a smaller id."""
    newer_than: int | None = None
    """Only those with a larger id."""
    limit: int = PAGE_MAX

    def accepts(self, trigger: TriggerChanged) -> bool:
        """Tell whether a trigger order is asked for; the limit is not looked at."""
        return (
            trigger.kind in self.kinds
            and self.state in {None, trigger.state}
            and self.trigger_id in {None, trigger.trigger_id}
            and self.instrument in {None, trigger.instrument}
            and (self.older_than is None or trigger.trigger_id < self.older_than)
            and (self.newer_than is None or trigger.trigger_id > self.newer_than)
        )
