"""Follows the balances of the accounts that listen, and pushes what changes.

What is pushed is read from the core after the event that made it worth a look, so it is never older than the event,
and many events in a short time make one push. An account that was followed once stays followed as long as the
worker runs, so that a client that connects again is served at once.
"""

import asyncio
from collections import Counter
from collections.abc import Hashable, Sequence
from contextlib import suppress
from typing import Final, Protocol

from tickyard.account.balances import Portfolio, Portfolios
from tickyard.account.model import Holding, Watcher
from tickyard.base.errors import TickyardError
from tickyard.base.ids import AccountId, AssetId, TradeId
from tickyard.base.log import logger
from tickyard.engine.events import (
    EventBatch,
    OrderAccepted,
    OrderAmended,
    OrderClosed,
    Posted,
)
from tickyard.engine.records import Wallet
from tickyard.gateway.channels import Session
from tickyard.instruments.catalog import Catalog

log = logger("account")

REGULAR_MS: Final = 5_000
"""Time between two regular pushes. Source: OKX v5, WebSocket, "Account channel"."""
COALESCE_MS: Final = 10
"""Shortest time between two looks at the core for events."""

AccountEvent = OrderAccepted | OrderAmended | OrderClosed | Posted


class Changes:
    """What happened to one account since the last push."""

    def __init__(self) -> None:
        self.trades: dict[tuple[str, TradeId], None] = {}
        """Instrument and number of each trade, in order."""
        self.assets: set[AssetId] = set()
        """What of the trading wallet was moved; holds are no movement."""

    def then(self, later: "Changes") -> "Changes":
        """Take up what happened afterwards."""
        self.trades |= later.trades
        self.assets |= later.assets
        return self


class Listener(Protocol):
    """One subscription of one connection; each channel has its own kind."""

    @property
    def account(self) -> AccountId:
        """Whose balances it wants."""
        ...

    @property
    def is_regular(self) -> bool:
        """Whether it wants a push every few seconds also when nothing happens."""
        ...

    def snapshot(self, found: Portfolio) -> None:
        """Send everything: the first push."""
        ...

    def changed(self, found: Portfolio, changed: Sequence[Holding], changes: Changes) -> None:
        """Send what is new since the last push."""
        ...

    def regular(self, found: Portfolio) -> None:
        """Send the regular push."""
        ...


class BalanceStreams:
    """The listeners of this worker, and the portfolios they know."""

    def __init__(self, *, portfolios: Portfolios, watcher: Watcher, catalog: Catalog) -> None:
        self._portfolios = portfolios
        self._watcher = watcher
        self._catalog = catalog
        self._listeners: dict[tuple[str, Hashable, Session], Listener | None] = {}
        self._known: dict[AccountId, Portfolio] = {}
        self._followed: set[AccountId] = set()
        self._opening: Counter[AccountId] = Counter()
        self._dirty: dict[AccountId, Changes] = {}
        self._woken = asyncio.Event()

    async def open(self, channel: str, key: Hashable, session: Session, listener: Listener) -> None:
        """Send the snapshot, then let the listener hear of changes.

        Raises:
            CoreTimeout: the core did not answer in time, as do its other refusals.
        """
        place = (channel, key, session)
        self._listeners[place] = None
        self._opening[listener.account] += 1
        try:
            found = await self._follow(listener.account)
        except BaseException:
            self._listeners.pop(place, None)
            raise
        finally:
            self._opening[listener.account] -= 1
        if place in self._listeners:
            self._listeners[place] = listener
            listener.snapshot(found)
        # What came while the snapshot was read has waited for it.
        self._woken.set()

    def close(self, channel: str, key: Hashable, session: Session) -> None:
        """Forget a listener, also one whose snapshot is on its way."""
        self._listeners.pop((channel, key, session), None)

    def apply(self, batch: EventBatch) -> None:
        """Note which accounts a batch of the feed touches. Gives the core no work yet."""
        for event in batch.events:
            if not isinstance(event, AccountEvent) or event.account not in self._followed:
                continue
            changes = self._dirty.setdefault(event.account, Changes())
            if isinstance(event, Posted) and event.wallet is Wallet.TRADING:
                changes.assets.add(event.asset)
                if event.trade_id:
                    symbol = self._catalog.instrument(event.instrument).symbol
                    changes.trades[symbol, event.trade_id] = None
            self._woken.set()

    async def run(self) -> None:
        """Push, for ever. Runs beside the one who hands the feed's batches to `apply`."""
        loop = asyncio.get_running_loop()
        next_regular_ms = _now_ms(loop) + REGULAR_MS
        while True:
            # Not wait_for, which in Python 3.11 may swallow a cancellation.
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0, next_regular_ms - _now_ms(loop)) / 1000):
                    await self._woken.wait()
            self._woken.clear()
            await self._push_changes()
            if _now_ms(loop) >= next_regular_ms:
                next_regular_ms = _now_ms(loop) + REGULAR_MS
                await self._push_regular()
            await asyncio.sleep(COALESCE_MS / 1000)

    async def _push_changes(self) -> None:
        dirty, self._dirty = self._dirty, {}
        for account, changes in dirty.items():
            found = await self._read(account) if self._of(account) else None
            if found is None or self._opening[account]:
                # Unread, or somebody's snapshot is older than this: later, and nothing is forgotten.
                self._put_back(account, changes)
                continue
            changed = _changed(self._known[account], found)
            self._known[account] = found
            for listener in self._of(account):
                listener.changed(found, changed, changes)

    def _put_back(self, account: AccountId, changes: Changes) -> None:
        if self._of(account) or self._opening[account]:
            later = self._dirty.get(account)
            self._dirty[account] = changes if later is None else changes.then(later)

    async def _push_regular(self) -> None:
        for account in {one.account for one in self._listeners.values() if one and one.is_regular}:
            found = await self._read(account)
            for listener in self._of(account):
                if found is not None and listener.is_regular:
                    listener.regular(found)

    def _of(self, account: AccountId) -> list[Listener]:
        return [one for one in self._listeners.values() if one and one.account == account]

    async def _follow(self, account: AccountId) -> Portfolio:
        if account not in self._known:
            # First watched, then read: what happens in between is seen twice rather than not at all.
            self._followed.add(account)
            await self._watcher.watch(account)
        found = await self._portfolios.read(account)
        if account not in self._known or not self._of(account):
            self._known[account] = found
        return found

    async def _read(self, account: AccountId) -> Portfolio | None:
        try:
            return await self._portfolios.read(account)
        except TickyardError as error:
            log.warning("balances.unread", account=account, reason=str(error))
            return None


def _changed(before: Portfolio, after: Portfolio) -> list[Holding]:
    """What differs in the trading wallet. Prices alone are no change."""
    old = {holding.asset.asset: (holding.trading, holding.hold) for holding in before.holdings}
    return [
        holding
        for holding in after.holdings
        if old.get(holding.asset.asset, (0, 0)) != (holding.trading, holding.hold)
    ]


def _now_ms(loop: asyncio.AbstractEventLoop) -> int:
    return int(loop.time() * 1000)
