"""Entry of trigger orders: what becomes of the items of a request."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from msgspec import Struct

from tickyard.base.ids import AccountId
from tickyard.engine.records import Refusal, Side
from tickyard.gateway.route import Answer, Request
from tickyard.instruments.catalog import Catalog
from tickyard.trading import orders
from tickyard.trading.errors import (
    AMEND_NOT_FOUND,
    ItemRejected,
    Rejection,
    ShapeWrong,
    TooManyItems,
    of_trigger,
)
from tickyard.trading.model import Draft
from tickyard.trading.needs import Core
from tickyard.trading.wire import algo_acks, algo_amends, algo_requests
from tickyard.trading.wire.acks import batch_answer
from tickyard.trading.wire.algo_words import KIND_WORDS
from tickyard.trading.wire.requests import Item

CANCEL_MAX: Final = 10
"""Items of one cancellation."""

Read = Callable[[Item, AccountId, Catalog], bytes]


class Tell(Protocol):
    """Writes the acknowledgement of an item."""

    def __call__(self, item: Item, algo_id: str, client_id: str, why: Rejection = ..., /) -> Struct:
        """Write it; `why` is given when the item was refused."""
        ...


class Work(Struct, frozen=True):
    """What is done with the items of a request."""

    read: Read
    tell: Tell
    why: Callable[[Item, Refusal], Rejection]
    """Says why the core has refused an item."""


class AlgoEntry:
    """Placing, changing and cancelling trigger orders of the caller's account."""

    def __init__(self, core: Core, catalog: Catalog) -> None:
        self._core = core
        self._catalog = catalog

    async def place(self, request: Request) -> Answer:
        """Place a trigger order."""
        work = Work(algo_requests.place, algo_acks.placed, algo_requests.why_not_placed)
        return await self._carry_out([_object(request)], work, request.account)

    async def amend(self, request: Request) -> Answer:
        """Change a trigger order."""
        living = (await self._core.triggers(request.account)).triggers

        def read(item: Item, account: AccountId, catalog: Catalog) -> bytes:
            return algo_amends.amend(item, account, catalog, living)

        def why(item: Item, refusal: Refusal) -> Rejection:
            found = algo_amends.named(item, living)
            if found is None or refusal is Refusal.TRIGGER_NOT_FOUND:
                return AMEND_NOT_FOUND
            return of_trigger(refusal, is_buy=found.side is Side.BUY, kind=KIND_WORDS[found.kind])

        work = Work(read, algo_acks.amended, why)
        return await self._carry_out([_object(request)], work, request.account)

    async def cancel(self, request: Request) -> Answer:
        """Cancel trigger orders."""
        items = request.body
        if type(items) is not list or not items or not all(type(item) is dict for item in items):
            raise ShapeWrong("51000", "The body must be an array of objects")
        if len(items) > CANCEL_MAX:
            raise TooManyItems("51406", f"No more than {CANCEL_MAX} orders may be in one request")
        work = Work(algo_requests.cancel, algo_acks.placed, _why_not_canceled)
        return await self._carry_out(items, work, request.account)

    async def _carry_out(self, items: Sequence[Item], work: Work, account: AccountId) -> Answer:
        draft = _draft(items, work.read, account, self._catalog)
        replies = await self._core.submit_records(draft.records) if draft.records else b""
        acks: list[Struct] = []
        failed = 0
        for item, outcome in zip(items, orders.outcomes(replies, draft.rejected), strict=True):
            if isinstance(outcome, Rejection):
                why = outcome
            elif outcome.refusal is not None:
                why = work.why(item, outcome.refusal)
            else:
                client_id = outcome.client_id.decode()
                acks.append(work.tell(item, str(outcome.order_id), client_id))
                continue
            failed += 1
            acks.append(work.tell(item, *algo_acks.sent_names(item), why))
        return batch_answer(acks, failed, timed=False)


def _object(request: Request) -> Item:
    body = request.body
    if type(body) is not dict:
        raise ShapeWrong("51000", "The body must be one object")
    return body


def _draft(items: Sequence[Item], read: Read, account: AccountId, catalog: Catalog) -> Draft:
    records: list[bytes] = []
    rejected: dict[int, Rejection] = {}
    for at, item in enumerate(items):
        try:
            records.append(read(item, account, catalog))
        except ItemRejected as why:
            rejected[at] = why.rejection
    return Draft(b"".join(records), rejected)


def _why_not_canceled(_item: Item, refusal: Refusal) -> Rejection:
    return of_trigger(refusal)
