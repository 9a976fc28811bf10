"""Verb: amend orders together with what is attached to them.

An order and what is attached to it change by one command: all of it, or nothing.
Source: OKX v5, POST /api/v5/trade/amend-order, "attachAlgoOrds".
"""

from collections.abc import Sequence

from tickyard.base.ids import AccountId, TriggerId
from tickyard.engine import commands
from tickyard.engine.records import OrderType, Refusal, TriggerState
from tickyard.engine.rows import OrderRow
from tickyard.instruments.catalog import Catalog
from tickyard.trading.errors import (
    AMEND,
    ATTACHED,
    FLAT_TRIGGERS,
    NO_ATTACHED_TRIGGERS,
    NOTHING_TO_AMEND,
    ItemRejected,
)
from tickyard.trading.model import Draft, Outcome
from tickyard.trading.needs import Core
from tickyard.trading.wire import attached, attached_changes, members
from tickyard.trading.wire.requests import Item, ItemReader, Items

_LEFT_OUT = (NO_ATTACHED_TRIGGERS, FLAT_TRIGGERS)
"""Why `ItemReader` leaves an amendment to this module."""


def concerns(draft: Draft) -> bool:
    """Tell whether an amendment was left out because of what is attached."""
    return any(why in _LEFT_OUT for why in draft.rejected.values())


class AttachedAmends:
    """Amends orders of which some have trigger orders attached."""

    def __init__(self, core: Core, reader: ItemReader, catalog: Catalog) -> None:
        """Prepare.

        Args:
            core: who carries them out.
            reader: of the orders themselves; it counts nothing, as they are counted already.
            catalog: what is listed.
        """
        self._core = core
        self._reader = reader
        self._catalog = catalog

    async def amend(
        self, items: Items, counted: Draft, account: AccountId, expires_at_ms: int
    ) -> Sequence[Outcome]:
        """Amend them one after the other, and say what became of each.

        Args:
            items: as they were asked for.
            counted: the same as they were read without attachments, and counted.
            account: whose orders they are.
            expires_at_ms: the deadline of those that do not say another; 0 for none.
        """
        outcomes: list[Outcome] = []
        for at, item in enumerate(items):
            why = counted.rejected.get(at)
            if why is not None and why not in _LEFT_OUT:
                outcomes.append(why)
                continue
            try:
                outcomes.append(await self._amend(item, account, expires_at_ms))
            except ItemRejected as rejected:
                outcomes.append(rejected.rejection)
        return outcomes

    async def _amend(self, item: Item, account: AccountId, expires_at_ms: int) -> Outcome:
        entries = attached_changes.entries(item)
        bare = attached_changes.without(item)
        draft = self._reader.amend([bare], account, expires_at_ms, 0)
        for why in draft.rejected.values():
            if not entries or why is not NOTHING_TO_AMEND:
                return why
        if not entries:
            return await self._core.submit(draft.records)
        order = await self._order(item, account)
        changes = await self._changes(item, entries, order)
        record = draft.records or commands.amend_order(
            account=account,
            instrument=order.instrument,
            order_id=order.order_id,
            request_id=members.name(item, "reqId"),
            expires_at_ms=expires_at_ms,
        )
        reply = await self._core.submit(commands.amend_attached(record, changes))
        return NO_ATTACHED_TRIGGERS if reply.refusal is Refusal.TRIGGER_NOT_FOUND else reply

    async def _order(self, item: Item, account: AccountId) -> OrderRow:
        """Find the order, which lives as long as anything waits for it."""
        order_id, client_id = members.order(item)
        found = await self._core.order(account, order_id=order_id, client_id=client_id)
        symbol = members.text(item, "instId")
        if found is None or symbol not in {"", self._catalog.instrument(found.instrument).symbol}:
            raise ItemRejected(AMEND[Refusal.ORDER_NOT_FOUND])
        return found

    async def _changes(
        self, item: Item, entries: Sequence[Item], order: OrderRow
    ) -> Sequence[tuple[TriggerId, commands.Legs, int]]:
        """Read what changes of what is attached, all of which must fit together afterwards."""
        pair = self._catalog.instrument(order.instrument)
        waiting = {
            trigger.trigger_id: trigger
            for trigger in (await self._core.triggers(order.account)).triggers
            if trigger.parent == order.order_id and trigger.state is TriggerState.ATTACHED
        }
        after = {
            trigger.trigger_id: (trigger.legs, trigger.size, trigger.client_id)
            for trigger in waiting.values()
        }
        changes: dict[TriggerId, tuple[commands.Legs, int]] = {}
        for entry in entries:
            trigger = attached_changes.named(entry, [*waiting.values()])
            legs, size = attached_changes.change(entry, pair)
            said, said_size = changes.get(trigger.trigger_id, ((0, 0, 0, 0), 0))
            legs, size = attached_changes.joined(said, legs), size or said_size
            changes[trigger.trigger_id] = legs, size
            after[trigger.trigger_id] = (
                attached_changes.merged(trigger.legs, legs),
                size or trigger.size,
                trigger.client_id,
            )
        found = [*after.values()]
        new_price = members.price(item, "newPx", pair) if members.text(item, "newPx") else 0
        price = 0 if order.order_type is OrderType.MARKET else new_price or order.price
        attached.check_sides(found, order.side, price)
        if len(found) > 1:
            attached.check_split(found)
        new_size = members.lots(item, "newSz", pair) if members.text(item, "newSz") else 0
        total = sum(size for _, size, _ in found)
        if total not in {0, new_size or order.size}:
            raise ItemRejected(ATTACHED["51083"])
        return [(trigger_id, *change) for trigger_id, change in changes.items()]
