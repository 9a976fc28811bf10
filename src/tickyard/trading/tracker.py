"""The open orders of those accounts that somebody follows, kept up by the feed.

An account is loaded from the core as of a sequence; events up to there are in what was loaded, later
ones change it. What comes in while the core is asked waits.
"""

from collections.abc import Iterable, Iterator
from copy import copy

from tickyard.base.ids import AccountId, OrderId, Seq, TriggerId
from tickyard.engine.commands import ATTACHED
from tickyard.engine.events import (
    EventBatch,
    OrderAccepted,
    OrderAmended,
    OrderClosed,
    Traded,
    TriggerChanged,
)
from tickyard.trading import life
from tickyard.trading.model import DONE_STATES, Order, OrderUpdate

OrderEvent = OrderAccepted | Traded | OrderClosed | OrderAmended | TriggerChanged


class Tracker:
    """Open orders by id, for the accounts that are followed."""

    def __init__(self) -> None:
        self._orders: dict[AccountId, dict[OrderId, Order]] = {}
        self._attached: dict[OrderId, dict[TriggerId, TriggerChanged]] = {}
        """What is attached to orders that live; updates of one batch share it, so they tell how it is after the batch."""
        self._waiting: dict[AccountId, list[OrderEvent]] = {}
        self._fired: tuple[OrderId, str] = (OrderId(0), "")
        """The order that the newest trigger order placed, and that one's client id."""

    def follows(self, account: AccountId) -> bool:
        """Tell whether an account was loaded."""
        return account in self._orders

    def expect(self, account: AccountId) -> None:
        """Keep the events of an account until `load`."""
        self._waiting[account] = []

    def load(
        self,
        account: AccountId,
        orders: Iterable[Order],
        seq: Seq,
        triggers: Iterable[TriggerChanged] = (),
    ) -> list[OrderUpdate]:
        """Take over the open orders of an account.

        Args:
            account: one that was expected.
            orders: the open ones.
            triggers: its trigger orders, read after `orders`, when any is attached to one of them.
            seq: the last command whose effect is in `orders`.

        Returns:
            What has happened to them since.
        """
        waiting = self._waiting.pop(account)
        self._orders[account] = {order.order_id: order for order in orders}
        for trigger in triggers:
            self._attach(trigger)
        later = (event for event in waiting if event.seq > seq)
        return [update for event in later for update in self._updates(event, account)]

    def drop(self, account: AccountId) -> None:
        """Forget an account, loaded or not."""
        self._waiting.pop(account, None)
        for order_id in self._orders.pop(account, {}):
            self._attached.pop(order_id, None)

    def apply(self, batch: EventBatch) -> list[OrderUpdate]:
        """Let the events of a batch change what is followed.

        Returns:
            One update for each event of each order, in order.
        """
        updates: list[OrderUpdate] = []
        for event in batch.events:
            if isinstance(event, OrderEvent):
                for account in _accounts(event):
                    if account in self._orders:
                        updates.extend(self._updates(event, account))
                    elif account in self._waiting:
                        self._waiting[account].append(event)
        return updates

    def _updates(self, event: OrderEvent, account: AccountId) -> Iterator[OrderUpdate]:
        """Let one event change the orders of one account."""
        orders = self._orders[account]
        if isinstance(event, TriggerChanged):
            self._fired = event.order_id, event.client_id.decode()
            self._attach(event)
            return
        if isinstance(event, OrderAccepted):
            fired, name = self._fired
            order = life.accepted(event, name if fired == event.order_id else "")
            orders[order.order_id] = order
            if order.flags & ATTACHED:
                self._attached[order.order_id] = {}
            yield OrderUpdate(copy(order), attached=self._attached.get(order.order_id, {}))
            return
        for update in life.follow(event, orders.get):
            order_id = update.order.order_id
            attached = self._attached.get(order_id, {})
            if update.order.state in DONE_STATES:
                del orders[order_id]
                self._attached.pop(order_id, None)
            # Later events of the same batch change the order again.
            yield OrderUpdate(copy(update.order), update.fill, update.amendment, attached)

    def _attach(self, trigger: TriggerChanged) -> None:
        """Note what is attached to an order that lives; what came to life of one that has ended is no part of it."""
        if trigger.parent in self._orders.get(trigger.account, ()):
            self._attached.setdefault(trigger.parent, {})[trigger.trigger_id] = trigger


def _accounts(event: OrderEvent) -> tuple[AccountId, ...]:
    if isinstance(event, Traded):
        return event.taker_account, event.maker_account
    return (event.account,)
