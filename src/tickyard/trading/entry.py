"""Order entry: what becomes of the items of a request, over REST and WebSocket alike."""

from collections.abc import Awaitable

from msgspec import Raw

from tickyard.engine import Counters
from tickyard.gateway.route import Answer, Request
from tickyard.instruments.catalog import Catalog
from tickyard.trading import attached_amends, orders
from tickyard.trading.errors import ATTACHED_TRIGGERS, CANCEL, ItemRefused
from tickyard.trading.model import Draft
from tickyard.trading.needs import Core
from tickyard.trading.wire import acks, attaching, requests
from tickyard.trading.wire.requests import Items


class OrderEntry:
    """Orders, amendments and cancellations of the caller's account."""

    def __init__(self, core: Core, catalog: Catalog, counters: Counters | None = None) -> None:
        """Prepare.

        Args:
            core: who carries them out.
            catalog: what is listed.
            counters: where items are counted; None when they are not limited.
        """
        self._core = core
        self._catalog = catalog
        self._read = requests.ItemReader(catalog, counters)
        self._read_uncounted = requests.ItemReader(catalog, None)

    def place(self, request: Request, items: Items) -> Awaitable[Answer]:
        """Place orders."""
        draft = self._read.place(items, request.account, request.expires_at_ms, _now_ms(request))
        if draft.rejected and ATTACHED_TRIGGERS in draft.rejected.values():
            return self._place_attached(draft, request, items)
        return self._carry_out(draft, acks.PLACED, request, items)

    async def _place_attached(self, counted: Draft, request: Request, items: Items) -> Answer:
        """Place orders some of which have take-profits or stop-losses attached; all are counted already."""
        reader = attaching.AttachedReader(self._read_uncounted, self._catalog)
        draft = reader.read(items, counted, request.account, request.expires_at_ms)
        replies = await self._core.submit_records(draft.records) if draft.records else b""
        outcomes = attaching.explained(items, orders.outcomes(replies, draft.rejected))
        return acks.placed(items, outcomes, _now_ms(request))

    def cancel(self, request: Request, items: Items) -> Awaitable[Answer]:
        """Cancel orders."""
        draft = self._read.cancel(items, request.account, _now_ms(request))
        return self._carry_out(draft, acks.CANCELED, request, items)

    def amend(self, request: Request, items: Items) -> Awaitable[Answer]:
        """Change orders."""
        account, expires_at_ms, now_ms = request.account, request.expires_at_ms, _now_ms(request)
        twins = orders.twins([requests.named(item) for item in items]) if len(items) > 1 else None
        if twins:
            left = [item for at, item in enumerate(items) if at not in twins]
            draft = orders.spread(self._read.amend(left, account, expires_at_ms, now_ms), twins)
        else:
            draft = self._read.amend(items, account, expires_at_ms, now_ms)
        if draft.rejected and attached_amends.concerns(draft):
            return self._amend_attached(draft, request, items)
        return self._carry_out(draft, acks.AMENDED, request, items)

    async def _amend_attached(self, counted: Draft, request: Request, items: Items) -> Answer:
        """Change orders and what is attached to them."""
        amends = attached_amends.AttachedAmends(self._core, self._read_uncounted, self._catalog)
        outcomes = await amends.amend(items, counted, request.account, request.expires_at_ms)
        return acks.amended(items, outcomes, _now_ms(request))

    async def mass_cancel(self, request: Request, items: Items) -> Answer:
        """Cancel every order of a product, family or instrument."""
        record = self._read.mass_cancel(items[0], request.account)
        if record is not None:
            reply = await self._core.submit(record)
            if reply.refusal is not None:
                raise ItemRefused(CANCEL[reply.refusal])
        return acks.all_canceled()

    async def cancel_all_after(self, request: Request, items: Items) -> Answer:
        """Arm or disarm the timer that cancels everything."""
        record, tag = (
            self._read.cancel_all_after(items[0], request.account),
            items[0].get("tag", ""),
        )
        reply = await self._core.submit(record)
        if reply.refusal is not None:
            raise ItemRefused(CANCEL[reply.refusal])
        return acks.timer_armed(reply, str(tag))

    async def _carry_out(
        self, draft: Draft, words: acks.Words, request: Request, items: Items
    ) -> Answer:
        """Send the commands to the core as one frame, in request order, and answer each item."""
        replies = b""
        if draft.records:
            replies = await self._core.submit_records(draft.records)
        else:
            orders.raise_when_limited(draft.rejected)
        if not draft.rejected:
            # Nearly always; nothing is made of a single order then.
            data = words.accepted.write(draft.records, replies)
            if data is not None:
                return Answer(Raw(data), timed=True)
        return words.tell(items, orders.outcomes(replies, draft.rejected), _now_ms(request))


def _now_ms(request: Request) -> int:
    return request.received_us // 1_000
