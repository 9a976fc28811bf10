"""REST endpoints of trigger orders: place, cancel, amend, look up."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final, Protocol

from msgspec import Struct

from tickyard.base.clock import Clock
from tickyard.base.ids import AccountId, Seq, TriggerId
from tickyard.engine.events import TriggerChanged
from tickyard.engine.records import Refusal, Side, TriggerKind, TriggerState
from tickyard.engine.replies import Reply
from tickyard.gateway.route import Access, Answer, Limit, Request, Route
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.errors import EitherIsNeeded, ParameterMissing, ParameterWrong
from tickyard.instruments.params import limit, names, optional_choice, optional_instrument, whole
from tickyard.instruments.wire import INSTRUMENT_TYPES
from tickyard.trading import orders
from tickyard.trading.algo_store import TriggerStore, Wanted
from tickyard.trading.errors import (
    AMEND_NOT_FOUND,
    HistoryNeedsState,
    ItemRejected,
    OrderUnknown,
    Rejection,
    ShapeWrong,
    TooManyItems,
    of_trigger,
)
from tickyard.trading.lookup import THREE_MONTHS
from tickyard.trading.model import PAGE_MAX, Core, Draft, Outcome
from tickyard.trading.wire import algo_acks, algo_amends, algo_requests
from tickyard.trading.wire.algo_rows import AlgoRow, algo_row
from tickyard.trading.wire.algo_words import KIND_WORDS, KINDS, OTHER_KINDS, STATES
from tickyard.trading.wire.requests import Item

CANCEL_MAX: Final = 10
"""Items of one cancellation."""
_PREFIX: Final = "/api/v5/trade/"
_MS: Final = timedelta(milliseconds=1)
_COMBINED: Final = frozenset({"conditional", "oco"})

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
    why: Callable[[Item, Outcome], Rejection]
    """Says why an item was refused."""


class AlgoOrders:
    """Trigger orders of the caller's account."""

    def __init__(self, *, core: Core, past: TriggerStore, catalog: Catalog, clock: Clock) -> None:
        """Take what is asked.

        Args:
            core: carries commands out, and knows what has not ended.
            past: knows what has.
            catalog: of the instruments.
            clock: exchange time, from which ages are counted.
        """
        self._core = core
        self._past = past
        self._catalog = catalog
        self._clock = clock

    async def place(self, request: Request) -> Answer:
        """Place a trigger order."""
        work = Work(algo_requests.place, algo_acks.placed, _why_not_placed)
        return await self._carry_out([_object(request)], work, request.account)

    async def amend(self, request: Request) -> Answer:
        """Change a trigger order."""
        living = (await self._core.triggers(request.account)).triggers

        def read(item: Item, account: AccountId, catalog: Catalog) -> bytes:
            return algo_amends.amend(item, account, catalog, living)

        def why(item: Item, outcome: Outcome) -> Rejection:
            if isinstance(outcome, Rejection):
                return outcome
            refusal, found = _refusal(outcome), algo_amends.named(item, living)
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

    async def show(self, request: Request) -> Answer:
        """Show one, by its id, else by its client id."""
        trigger_id, client_id = whole(request.params, "algoId"), _client_id(request.params)
        if trigger_id is None and not client_id:
            raise EitherIsNeeded("algoId", "algoClOrdId")
        found = await self._find(request.account, trigger_id, client_id)
        if found is None:
            raise OrderUnknown
        return Answer([self._row(found)])

    async def pending(self, request: Request) -> Answer:
        """List those that wait for their price, newest first."""
        kinds = _kinds(request.params)
        wanted = self._wanted(request.params, kinds, None)
        if wanted is None:
            return Answer([])
        found = (await self._core.triggers(request.account)).triggers
        live = [trigger for trigger in reversed(found) if _accepts(wanted, trigger)]
        return Answer([self._row(trigger) for trigger in live[: wanted.limit]])

    async def history(self, request: Request) -> Answer:
        """List those that ended within three months, newest first."""
        kinds = _kinds(request.params)
        word = optional_choice(request.params, "state", STATES)
        if word is None and "algoId" not in request.params:
            raise HistoryNeedsState
        wanted = self._wanted(request.params, kinds, STATES[word] if word else None)
        if wanted is None:
            return Answer([])
        since_ms = self._clock.now_ms() - THREE_MONTHS // _MS
        seq = await self._newest(request.account)
        found = await self._past.done(request.account, seq, wanted, since_ms=since_ms)
        return Answer([self._row(trigger) for trigger in found])

    async def _carry_out(self, items: Sequence[Item], work: Work, account: AccountId) -> Answer:
        draft = _draft(items, work.read, account, self._catalog)
        replies = await self._core.submit_records(draft.records) if draft.records else b""
        acks: list[Struct] = []
        failed = 0
        for item, outcome in zip(items, orders.outcomes(replies, draft.rejected), strict=True):
            if isinstance(outcome, Reply) and outcome.refusal is None:
                client_id = outcome.client_id.decode()
                acks.append(work.tell(item, str(outcome.order_id), client_id))
                continue
            failed += 1
            client_id = str(item.get("algoClOrdId") or item.get("clOrdId") or "")
            # What cannot be cancelled or amended is found again by the id that was sent.
            algo_id = str(item.get("algoId") or "")
            acks.append(work.tell(item, algo_id, client_id, work.why(item, outcome)))
        if not failed:
            return Answer(acks)
        if failed == len(acks):
            return Answer(acks, "1", "All operations failed")
        return Answer(acks, "2", "Bulk operation partially succeeded")

    async def _find(
        self, account: AccountId, trigger_id: int | None, client_id: str
    ) -> TriggerChanged | None:
        for trigger in (await self._core.triggers(account)).triggers:
            is_named = trigger_id is None and trigger.client_id == client_id.encode()
            if trigger.has_lived and (trigger.trigger_id == trigger_id or is_named):
                return trigger
        seq = await self._newest(account)
        name = None if trigger_id is None else TriggerId(trigger_id)
        return await self._past.find(account, seq, name, client_id)

    async def _newest(self, account: AccountId) -> Seq:
        row = await self._core.account(account)
        return Seq(0) if row is None else row.last_seq

    def _wanted(
        self,
        params: Mapping[str, str],
        kinds: frozenset[TriggerKind],
        state: TriggerState | None,
    ) -> Wanted | None:
        product = optional_choice(params, "instType", INSTRUMENT_TYPES)
        trigger_id = whole(params, "algoId")
        pair = optional_instrument(params, self._catalog)
        wanted = Wanted(
            kinds=kinds,
            state=state,
            trigger_id=None if trigger_id is None else TriggerId(trigger_id),
            instrument=None if pair is None else pair.instrument,
            older_than=whole(params, "after"),
            newer_than=whole(params, "before"),
            limit=limit(params, most=PAGE_MAX),
        )
        return wanted if kinds and product in {None, "SPOT"} else None

    def _row(self, trigger: TriggerChanged) -> AlgoRow:
        return algo_row(trigger, self._catalog)


def routes(algos: AlgoOrders) -> Sequence[Route]:
    """Make the REST endpoints of trigger orders.

    Source: OKX v5, "Algo Trading", "Rate Limit" of each endpoint.
    """
    one = Limit(20, 2_000, "user+instrument")
    by_user = Limit(20, 2_000, "user")

    def post(name: str, handler: Callable[[Request], object], summary: str) -> Route:
        path = _PREFIX + name
        return Route("POST", path, Access.TRADE, handler, one, summary)  # type: ignore[arg-type]

    def get(name: str, handler: Callable[[Request], object], summary: str) -> Route:
        path = _PREFIX + name
        return Route("GET", path, Access.READ, handler, by_user, summary)  # type: ignore[arg-type]

    return (
        post("order-algo", algos.place, "Place a trigger order"),
        post("cancel-algos", algos.cancel, "Cancel up to 10 trigger orders"),
        post("cancel-advance-algos", algos.cancel, "Cancel up to 10 trigger orders, old name"),
        post("amend-algos", algos.amend, "Change a trigger order"),
        get("order-algo", algos.show, "Show a trigger order"),
        get("orders-algo-pending", algos.pending, "List live trigger orders"),
        get("orders-algo-history", algos.history, "List trigger orders that have ended"),
    )


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


def _why_not_placed(item: Item, outcome: Outcome) -> Rejection:
    if isinstance(outcome, Rejection):
        return outcome
    kind, is_buy = str(item.get("ordType")), item.get("side") == "buy"
    return of_trigger(_refusal(outcome), is_buy=is_buy, kind=kind)


def _why_not_canceled(_item: Item, outcome: Outcome) -> Rejection:
    return outcome if isinstance(outcome, Rejection) else of_trigger(_refusal(outcome))


def _refusal(reply: Reply) -> Refusal:
    assert reply.refusal is not None, "Invariant: only what was refused has a reason"
    return reply.refusal


def _client_id(params: Mapping[str, str]) -> str:
    return params.get("algoClOrdId") or params.get("clOrdId") or ""


def _kinds(params: Mapping[str, str]) -> frozenset[TriggerKind]:
    """Read which kinds are asked for; only take-profit and stop-loss may be combined."""
    words = names(params, "ordType")
    if not words:
        raise ParameterMissing("ordType")
    is_known = all(word in KINDS or word in OTHER_KINDS for word in words)
    if not is_known or (len(words) > 1 and not _COMBINED.issuperset(words)):
        raise ParameterWrong("ordType")
    return frozenset(KINDS[word] for word in words if word in KINDS)


def _accepts(wanted: Wanted, trigger: TriggerChanged) -> bool:
    return (
        trigger.state is TriggerState.LIVE
        and trigger.kind in wanted.kinds
        and wanted.instrument in {None, trigger.instrument}
        and wanted.trigger_id in {None, trigger.trigger_id}
        and (wanted.older_than is None or trigger.trigger_id < wanted.older_than)
        and (wanted.newer_than is None or trigger.trigger_id > wanted.newer_than)
    )
