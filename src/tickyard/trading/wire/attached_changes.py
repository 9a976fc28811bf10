"""Changes of what is attached to an order: what `attachAlgoOrds` of an amendment may say.

Source: OKX v5, POST /api/v5/trade/amend-order, "attachAlgoOrds".
"""

from collections.abc import Sequence
from typing import Final

from tickyard.engine import commands
from tickyard.engine.events import TriggerChanged
from tickyard.instruments.model import Instrument
from tickyard.trading.errors import (
    ATTACHED,
    NO_ATTACHED_TRIGGERS,
    NO_TRIGGER_TO_AMEND,
    ItemRejected,
    invalid,
)
from tickyard.trading.wire import members
from tickyard.trading.wire.algo_amends import new_legs
from tickyard.trading.wire.attached import MEMBER
from tickyard.trading.wire.requests import Item

_FLAT: Final = frozenset(
    {
        *(
            "newTpTriggerPx",
            "newTpOrdPx",
            "newTpTriggerPxType",
            "newTpOrdKind",
            "newTpTriggerRatio",
        ),
        *("newSlTriggerPx", "newSlOrdPx", "newSlTriggerPxType", "newSlTriggerRatio"),
    }
)
"""What clients also say beside `attachAlgoOrds`, of the only one that is attached."""
_NOT_IN_SPOT: Final = (
    *("newTpTriggerRatio", "newSlTriggerRatio"),
    *("newCallbackRatio", "newCallbackSpread", "newActivePx"),
)


def entries(item: Item) -> Sequence[Item]:
    """List the changes of an item, one for each that is attached.

    Raises:
        ItemRejected: they are no list of objects.
    """
    said = item.get(MEMBER) or []
    if type(said) is not list or not all(type(entry) is dict for entry in said):
        raise ItemRejected(invalid(MEMBER))
    flat = {key: value for key, value in item.items() if key in _FLAT and value not in ("", None)}
    return [*said, flat] if flat else said


def without(item: Item) -> Item:
    """Leave out of an item what concerns what is attached."""
    return {key: value for key, value in item.items() if key != MEMBER and key not in _FLAT}


def named(entry: Item, waiting: Sequence[TriggerChanged]) -> TriggerChanged:
    """Find the one that an entry means: by our name, by the client's, or the only one.

    Raises:
        ItemRejected: there is none.
    """
    number, name = members.number(entry, "attachAlgoId"), members.name(entry, "attachAlgoClOrdId")
    if not number and not name and len(waiting) == 1:
        return waiting[0]
    for trigger in waiting:
        is_named = name and not number and trigger.client_id == name
        if trigger.trigger_id == number or is_named:
            return trigger
    raise ItemRejected(NO_ATTACHED_TRIGGERS)


def change(entry: Item, pair: Instrument) -> tuple[commands.Legs, int]:
    """Read what an entry changes: prices, and the size of a part; 0 for what stays.

    Raises:
        ItemRejected: it changes nothing, or something is wrong.
    """
    for member in _NOT_IN_SPOT:
        if members.text(entry, member):
            raise ItemRejected(invalid(member))
    for member in ("newTpTriggerPxType", "newSlTriggerPxType"):
        members.compared_with_last(entry, member)
    if members.text(entry, "newTpOrdKind") not in {"", "condition"}:
        raise ItemRejected(ATTACHED["51094"])
    take, stop = new_legs(entry, pair)
    size = members.lots(entry, "sz", pair) if members.text(entry, "sz") else 0
    if not any((*take, *stop, size)):
        raise ItemRejected(NO_TRIGGER_TO_AMEND)
    return (*take, *stop), size


def joined(first: commands.Legs, second: commands.Legs) -> commands.Legs:
    """Put two changes of the same legs together; what the second says holds."""
    take, take_price, stop, stop_price = (
        after or before for before, after in zip(first, second, strict=True)
    )
    return take, take_price, stop, stop_price


def merged(legs: commands.Legs, changed: commands.Legs) -> commands.Legs:
    """Put changed legs over others."""
    (take, take_price), (stop, stop_price) = (
        (0, 0)
        if changed[at] == commands.DROP_LEG
        else (changed[at] or legs[at], changed[at + 1] or legs[at + 1])
        for at in (0, 2)
    )
    return take, take_price, stop, stop_price
