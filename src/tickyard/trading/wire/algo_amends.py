"""Amendments of trigger orders into command records: what the members mean depends on what is changed.

Source: OKX v5, POST /api/v5/trade/amend-algos, "Request parameters".
"""

from collections.abc import Sequence

from tickyard.base.ids import AccountId
from tickyard.engine import commands
from tickyard.engine.events import TriggerChanged
from tickyard.engine.records import TriggerKind
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.model import Instrument
from tickyard.trading.errors import AMEND_NOT_FOUND, NO_TRIGGER_TO_AMEND, ItemRejected, invalid
from tickyard.trading.wire import members
from tickyard.trading.wire.requests import Item


def amend(
    item: Item, account: AccountId, catalog: Catalog, living: Sequence[TriggerChanged]
) -> bytes:
    """Read an amendment; see `place`.

    Args:
        item: as it was asked for.
        account: whose trigger order it is.
        catalog: of the instruments.
        living: the account's trigger orders that have not ended: what the members mean depends on what is changed.
    """
    pair = members.instrument(item, catalog)
    found = named(item, living)
    for name in ("newTriggerPxType", "newTpTriggerPxType", "newSlTriggerPxType"):
        members.compared_with_last(item, name)
    request_id = members.name(item, "reqId")
    # Some clients spell the price as at placing, "orderPx".
    price = "newOrdPx" if members.text(item, "newOrdPx") else "newOrderPx"
    plain, (take, stop) = new_leg(item, "newTriggerPx", price, pair), new_legs(item, pair)
    size = 0
    if members.text(item, "newSz"):
        if found is not None and found.flags & commands.SIZE_IN_QUOTE:
            size = members.count(item, "newSz", pair.quote_to_notional)
        else:
            size = members.lots(item, "newSz", pair)
    cancel_on_fail = members.is_true(item, "cxlOnFail")
    if not any((size, *plain, *take, *stop)):
        raise ItemRejected(NO_TRIGGER_TO_AMEND)
    if found is None or found.instrument != pair.instrument or not found.has_lived:
        raise ItemRejected(AMEND_NOT_FOUND)
    is_plain = found.kind is TriggerKind.PLAIN
    if any((*take, *stop) if is_plain else plain):
        raise ItemRejected(invalid("newTpTriggerPx" if is_plain else "newTriggerPx"))
    return commands.amend_trigger(
        account=account,
        instrument=pair.instrument,
        trigger_id=found.trigger_id,
        size=size,
        legs=(*plain, 0, 0) if is_plain else (*take, *stop),
        request_id=request_id,
        cancel_on_fail=cancel_on_fail,
    )


def named(item: Item, living: Sequence[TriggerChanged]) -> TriggerChanged | None:
    """Find the trigger order that an item names, by its id, else by the client's.

    Raises:
        ItemRejected: it names none.
    """
    trigger_id, client_id = members.which(item)
    for trigger in living:
        if trigger.trigger_id == trigger_id or (not trigger_id and trigger.client_id == client_id):
            return trigger
    return None


def new_legs(item: Item, pair: Instrument) -> tuple[tuple[int, int], tuple[int, int]]:
    """Read what a take-profit and a stop-loss become: trigger and price of each, 0 for what stays."""
    return (
        new_leg(item, "newTpTriggerPx", "newTpOrdPx", pair),
        new_leg(item, "newSlTriggerPx", "newSlOrdPx", pair),
    )


def new_leg(item: Item, trigger: str, price: str, pair: Instrument) -> tuple[int, int]:
    """Read what one leg becomes. Its trigger at 0 takes it away.

    Source: OKX v5, POST trade/amend-algos, "newTpTriggerPx".
    """
    text = members.text(item, trigger)
    new_trigger = 0
    if text:
        new_trigger = (
            commands.DROP_LEG if not text.strip("0.") else members.price(item, trigger, pair)
        )
    return new_trigger, members.order_price(item, price, pair) if members.text(item, price) else 0
