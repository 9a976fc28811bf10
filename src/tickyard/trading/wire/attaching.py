"""Orders with attached trigger orders, and plain ones beside them, into command records."""

from collections.abc import Sequence

from tickyard.base.ids import AccountId
from tickyard.engine import commands
from tickyard.engine.protocol import RECORD
from tickyard.engine.records import OrderType
from tickyard.engine.replies import Reply
from tickyard.instruments.catalog import Catalog
from tickyard.trading.errors import (
    ATTACHED,
    ATTACHED_TRIGGERS,
    ItemRejected,
    Rejection,
    of_attached,
)
from tickyard.trading.model import Draft, Outcome
from tickyard.trading.wire import attached
from tickyard.trading.wire.requests import Item, ItemReader, Items
from tickyard.trading.wire.words import ORDER_TYPES, SIDES


class AttachedReader:
    """Reads what `ItemReader` leaves out: orders with `attachAlgoOrds`."""

    def __init__(self, reader: ItemReader, catalog: Catalog) -> None:
        self._reader = reader
        self._catalog = catalog

    def read(self, items: Items, counted: Draft, account: AccountId, expires_at_ms: int) -> Draft:
        """Read orders of which some have trigger orders attached.

        Args:
            items: what was asked for.
            counted: the same as they were read without attachments, and counted.
            account: whose orders they are.
            expires_at_ms: their deadline; 0 for none.
        """
        bare = [{key: item[key] for key in item if key != attached.MEMBER} for item in items]
        draft = self._reader.place(bare, account, expires_at_ms, 0)
        rejected: dict[int, Rejection] = {
            at: why for at, why in counted.rejected.items() if why is not ATTACHED_TRIGGERS
        }
        records: list[bytes] = []
        at = 0
        for place, item in enumerate(items):
            if place in draft.rejected:
                rejected.setdefault(place, draft.rejected[place])
                continue
            record = draft.records[at : at + RECORD]
            at += RECORD
            if place in rejected:
                continue
            try:
                records.append(self._attach(record, item))
            except ItemRejected as why:
                rejected[place] = why.rejection
        return Draft(b"".join(records), rejected)

    def _attach(self, record: bytes, item: Item) -> bytes:
        if not item.get(attached.MEMBER):
            return record
        pair = self._catalog.instrument(commands.instrument_of(record))
        found = attached.attachments(item, pair)
        price, size = commands.price_and_size(record)
        is_market = ORDER_TYPES[str(item["ordType"])] is OrderType.MARKET
        attached.check_sides(found, SIDES[str(item["side"])], 0 if is_market else price)
        split = sum(part for _, part, _ in found)
        if split and split != size:
            raise ItemRejected(ATTACHED["51083"])
        return commands.attach(record, found)


def explained(items: Items, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
    """Say of refused orders with attachments why, in the codes of attachments; the others stay as they are."""
    return [
        of_attached(outcome.refusal, is_buy=item["side"] == "buy")
        if isinstance(outcome, Reply) and outcome.refusal is not None and item.get(attached.MEMBER)
        else outcome
        for item, outcome in zip(items, outcomes, strict=True)
    ]
