"""Trigger orders of the caller's account, as the queries show them."""

from datetime import timedelta
from typing import Final

from tickyard.base.clock import Clock
from tickyard.base.ids import AccountId, Seq, TriggerId
from tickyard.engine.events import TriggerChanged
from tickyard.engine.rows import last_seq
from tickyard.gateway.route import Answer, Request
from tickyard.instruments.catalog import Catalog
from tickyard.trading.algo_store import TriggerStore
from tickyard.trading.errors import OrderUnknown
from tickyard.trading.lookup import THREE_MONTHS
from tickyard.trading.needs import Core
from tickyard.trading.wire import algo_queries
from tickyard.trading.wire.algo_rows import AlgoRow, algo_row

_MS: Final = timedelta(milliseconds=1)


class AlgoQueries:
    """What lives is asked of the core, what has ended of the read database."""

    def __init__(self, *, core: Core, past: TriggerStore, catalog: Catalog, clock: Clock) -> None:
        """Take what is asked.

        Args:
            core: knows what has not ended.
            past: knows what has.
            catalog: of the instruments.
            clock: exchange time, from which ages are counted.
        """
        self._core = core
        self._past = past
        self._catalog = catalog
        self._clock = clock

    async def show(self, request: Request) -> Answer:
        """Show one, by its id, else by its client id."""
        trigger_id, client_id = algo_queries.name(request.params)
        found = await self._find(request.account, trigger_id, client_id)
        if found is None:
            raise OrderUnknown
        return Answer([self._row(found)])

    async def pending(self, request: Request) -> Answer:
        """List those that wait for their price, newest first."""
        wanted = algo_queries.pending(request.params, self._catalog)
        if wanted is None:
            return Answer([])
        found = (await self._core.triggers(request.account)).triggers
        live = [trigger for trigger in reversed(found) if wanted.accepts(trigger)]
        return Answer([self._row(trigger) for trigger in live[: wanted.limit]])

    async def history(self, request: Request) -> Answer:
        """List those that ended within three months, newest first."""
        wanted = algo_queries.history(request.params, self._catalog)
        if wanted is None:
            return Answer([])
        since_ms = self._clock.now_ms() - THREE_MONTHS // _MS
        seq = await self._newest(request.account)
        found = await self._past.done(request.account, seq, wanted, since_ms=since_ms)
        return Answer([self._row(trigger) for trigger in found])

    async def _find(
        self, account: AccountId, trigger_id: TriggerId | None, client_id: str
    ) -> TriggerChanged | None:
        for trigger in (await self._core.triggers(account)).triggers:
            is_named = trigger_id is None and trigger.client_id == client_id.encode()
            if trigger.has_lived and (trigger.trigger_id == trigger_id or is_named):
                return trigger
        seq = await self._newest(account)
        return await self._past.find(account, seq, trigger_id, client_id)

    async def _newest(self, account: AccountId) -> Seq:
        return last_seq(await self._core.account(account))

    def _row(self, trigger: TriggerChanged) -> AlgoRow:
        return algo_row(trigger, self._catalog)
