"""Items of a request into command records, a whole request in one call. What is wrong never reaches the core.

What a client may say, and which of several mistakes it is told, stands in `crates/entry/src`: `place.rs`, `change.rs`,
`sweep.rs`. Here are the codes and texts that go with it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol

from tickyard.base.amounts import amount_text
from tickyard.base.ids import AccountId
from tickyard.engine import Counters, Desk
from tickyard.gateway.route import Limit
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.model import Instrument
from tickyard.trading.errors import ItemRefused, Rejection, rejection
from tickyard.trading.limits import BATCH, OF_ACCOUNT, SINGLE
from tickyard.trading.model import Draft

Item = dict[str, Any]
"""One order, amendment or cancellation as decoded JSON."""


class Items(Protocol):
    """The items of a request: `engine.Items`, or a list of what was decoded."""

    def __len__(self) -> int:
        """Count them."""
        ...

    def __getitem__(self, at: int, /) -> Item:
        """Look at one."""
        ...

    def __iter__(self) -> Iterator[Item]:
        """Look at each."""
        ...


_NONE: Final[Mapping[int, Rejection]] = {}
_Drafted = tuple[bytes, list[tuple[int, str, str]]]
_Step = tuple[int, int]
_Pair = tuple[int, str, str, _Step, _Step, _Step, int, int]


class ItemReader:
    """Reads items with the grids of the instruments that are listed."""

    def __init__(self, catalog: Catalog, counters: Counters | None) -> None:
        """Prepare.

        Args:
            catalog: what is listed.
            counters: where items are counted, by `limits`; None when they are not limited.
        """
        self._desk = Desk(
            [_pair(instrument) for instrument in catalog.instruments],
            amount_text,
            counters,
            (_number(SINGLE), _number(BATCH), _number(OF_ACCOUNT)),
        )

    def place(self, items: Items, account: AccountId, expires_at_ms: int, now_ms: int) -> Draft:
        """Read orders.

        Args:
            items: what was asked for.
            account: whose orders they are.
            expires_at_ms: their deadline; 0 for none.
            now_ms: wall time, for the limits.
        """
        return _draft(self._desk.place(items, account, expires_at_ms, now_ms))

    def cancel(self, items: Items, account: AccountId, now_ms: int) -> Draft:
        """Read cancellations."""
        return _draft(self._desk.cancel(items, account, now_ms))

    def amend(self, items: Items, account: AccountId, expires_at_ms: int, now_ms: int) -> Draft:
        """Read amendments; see `place`."""
        return _draft(self._desk.amend(items, account, expires_at_ms, now_ms))

    def mass_cancel(self, item: Item, account: AccountId) -> bytes | None:
        """Read a cancellation of everything that it names.

        Returns:
            The record, or None when there can be no such order.

        Raises:
            ItemRefused: a member is missing or wrong.
        """
        return _single(self._desk.mass_cancel([item], account)) or None

    def cancel_all_after(self, item: Item, account: AccountId) -> bytes:
        """Read a timer.

        Raises:
            ItemRefused: a member is missing or wrong.
        """
        return _single(self._desk.cancel_all_after([item], account))


def named(item: Item) -> object:
    """Tell which order an item names, for comparison; None when it names none."""
    order = item.get("ordId")
    if order is not None:
        return str(order)
    client_id = item.get("clOrdId")
    return None if client_id is None else ("client", str(client_id))


def _draft(drafted: _Drafted) -> Draft:
    records, rejected = drafted
    if not rejected:
        return Draft(records, _NONE)
    return Draft(records, {at: rejection(word, parameter) for at, word, parameter in rejected})


def _single(drafted: _Drafted) -> bytes:
    """Take a command whose endpoint has no acknowledgement for a rejection."""
    draft = _draft(drafted)
    for why in draft.rejected.values():
        raise ItemRefused(why)
    return draft.records


def _number(limit: Limit) -> tuple[int, int]:
    return limit.count, limit.per_ms


def _pair(pair: Instrument) -> _Pair:
    prices, sizes, notionals = pair.price_grid, pair.size_grid, pair.notional_grid
    return (
        pair.instrument,
        pair.symbol,
        pair.quote.symbol,
        (prices.mantissa, prices.digits),
        (sizes.mantissa, sizes.digits),
        (notionals.mantissa, notionals.digits),
        pair.min_size,
        pair.max_market_amount,
    )
