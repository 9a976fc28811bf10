"""Take-profits and stop-losses attached to an order: what `attachAlgoOrds` may say.

Source: OKX v5, POST /api/v5/trade/order, "attachAlgoOrds"; error codes 51046 to 51095.
"""

from typing import Final

from tickyard.engine import commands
from tickyard.engine.records import Side
from tickyard.instruments.model import Instrument
from tickyard.trading.errors import ATTACHED, ItemRejected, invalid
from tickyard.trading.wire import algo_requests, members
from tickyard.trading.wire.requests import Item

MEMBER: Final = "attachAlgoOrds"
_SPLIT_MAX: Final = 10

Attachment = tuple[commands.Legs, int, bytes]
"""Legs, size in lots or 0 for all of the order, client id."""


def attachments(item: Item, pair: Instrument) -> list[Attachment]:
    """Read what is attached to an order.

    Args:
        item: the order as it was asked for.
        pair: its instrument.

    Raises:
        ItemRejected: an entry is wrong by itself, or beside the others.
    """
    entries = item.get(MEMBER)
    if type(entries) is not list or not all(type(entry) is dict for entry in entries):
        raise ItemRejected(invalid(MEMBER))
    found = [_one(entry, pair) for entry in entries]
    if len(found) > 1:
        check_split(found)
    return found


def check_sides(found: list[Attachment], side: Side, price: int) -> None:
    """Refuse what an order's own price has passed already; a market order has none.

    Args:
        found: what is attached.
        side: of the order.
        price: of the order, in ticks; 0 for a market order.

    Raises:
        ItemRejected: a take-profit is not beyond the price, or a stop-loss not behind it.
    """
    for (take, _, stop, _), _, _ in found:
        if price and take and (take <= price if side is Side.BUY else take >= price):
            raise ItemRejected(ATTACHED["51046" if side is Side.BUY else "51048"])
        if price and stop and (stop >= price if side is Side.BUY else stop <= price):
            raise ItemRejected(ATTACHED["51047" if side is Side.BUY else "51049"])


def _one(entry: Item, pair: Instrument) -> Attachment:
    for name in ("tpTriggerRatio", "slTriggerRatio", "callbackRatio", "callbackSpread", "activePx"):
        if entry.get(name):
            raise ItemRejected(invalid(name))
    if entry.get("amendPxOnTriggerType") not in {None, "", "0"}:
        raise ItemRejected(ATTACHED["51077"])
    legs = algo_requests.two_legs(entry, pair)
    if not legs[0] and not legs[2]:
        raise ItemRejected(ATTACHED["51178"])
    size = members.lots(entry, "sz", pair) if members.text(entry, "sz") else 0
    return legs, size, members.name(entry, "attachAlgoClOrdId")


def check_split(found: list[Attachment]) -> None:
    """Refuse parts that contradict each other.

    Raises:
        ItemRejected: they do.
    """
    takes = [entry for entry in found if entry[0][0]]
    stops = [entry for entry in found if entry[0][2]]
    if any(legs[0] and legs[2] for legs, _, _ in found):
        raise ItemRejected(ATTACHED["51076"])
    if len(takes) > _SPLIT_MAX:
        raise ItemRejected(ATTACHED["51079"])
    if len(stops) > 1:
        raise ItemRejected(ATTACHED["51084"])
    if any(not size for _, size, _ in takes):
        raise ItemRejected(ATTACHED["51089"])
    if len({legs[0] for legs, _, _ in takes}) < len(takes):
        raise ItemRejected(ATTACHED["51081"])
