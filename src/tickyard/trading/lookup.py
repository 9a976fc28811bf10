"""Verbs that ask: one order, the live ones, the finished ones, the fills.

What lives is asked of the core, so it is as new as the newest acknowledgement. What is done is in the
read database, which is waited for.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from tickyard.base.clock import Clock
from tickyard.base.ids import AccountId, OrderId, Seq
from tickyard.engine.commands import ATTACHED
from tickyard.engine.events import TriggerChanged
from tickyard.engine.records import ANY_INSTRUMENT, NO_ORDER
from tickyard.engine.rows import last_seq
from tickyard.trading import life
from tickyard.trading.errors import OrderUnknown
from tickyard.trading.filters import FillFilter, OrderFilter, OrderName
from tickyard.trading.model import DONE_STATES, Fill, Order
from tickyard.trading.needs import AttachedOf, Core, Past

THREE_DAYS: Final = timedelta(days=3)
SEVEN_DAYS: Final = timedelta(days=7)
THREE_MONTHS: Final = timedelta(days=92)
_MS: Final = timedelta(milliseconds=1)


class Lookup:
    """Finds orders and fills of one account at a time."""

    def __init__(self, *, core: Core, past: Past, triggers: AttachedOf, clock: Clock) -> None:
        """Take what is asked.

        Args:
            core: for what lives.
            past: for what is done.
            triggers: for what was attached to it.
            clock: exchange time, from which ages are counted.
        """
        self._core = core
        self._past = past
        self._triggers = triggers
        self._clock = clock

    async def order(self, account: AccountId, name: OrderName) -> Order:
        """Find one order by its id, else the newest one that the client named so.

        Raises:
            OrderUnknown: there is none, or it was cancelled without a fill two hours ago.
        """
        row = await self._core.order(
            account,
            instrument=name.instrument,
            order_id=name.order_id or NO_ORDER,
            client_id=name.client_id.encode(),
        )
        if row is not None and row.instrument == name.instrument:
            return life.of_row(row)
        seq = await self._newest(account)
        found = await self._past.order(account, seq, name, now_ms=self._clock.now_ms())
        if found is None:
            raise OrderUnknown
        return found

    async def attached(
        self, account: AccountId, found: Sequence[Order]
    ) -> Mapping[OrderId, Sequence[TriggerChanged]]:
        """List the trigger orders that are attached to some orders, by their order."""
        attached: dict[OrderId, list[TriggerChanged]] = {}
        with_some = [order for order in found if order.flags & ATTACHED]
        done = [order.order_id for order in with_some if order.state in DONE_STATES]
        triggers: list[TriggerChanged] = []
        if len(done) < len(with_some):
            triggers += (await self._core.triggers(account)).triggers
        if done:
            seq = await self._newest(account)
            triggers += await self._triggers.attached(account, seq, done)
        for trigger in triggers:
            attached.setdefault(trigger.parent, []).append(trigger)
        return attached

    async def pending(self, account: AccountId, wanted: OrderFilter) -> Sequence[Order]:
        """List live orders, newest first."""
        found = await self._core.open_orders(account, wanted.instrument or ANY_INSTRUMENT)
        orders = (life.of_row(row) for row in found.orders)
        newest_first = sorted(
            filter(wanted.accepts, orders), key=lambda order: order.order_id, reverse=True
        )
        return newest_first[: wanted.limit]

    async def done(
        self, account: AccountId, wanted: OrderFilter, *, back: timedelta
    ) -> Sequence[Order]:
        """List orders that ended not longer ago than `back`, newest first."""
        seq = await self._newest(account)
        now_ms = self._clock.now_ms()
        return await self._past.orders(
            account, seq, wanted, since_ms=now_ms - back // _MS, now_ms=now_ms
        )

    async def fills(
        self, account: AccountId, wanted: FillFilter, *, back: timedelta
    ) -> Sequence[Fill]:
        """List fills that are not older than `back`, newest first."""
        seq = await self._newest(account)
        since_ms = self._clock.now_ms() - back // _MS
        return await self._past.fills(account, seq, wanted, since_ms=since_ms)

    async def _newest(self, account: AccountId) -> Seq:
        """The newest command that the account can have been told of."""
        return last_seq(await self._core.account(account))
