"""How often streams are pushed: what has changed is gathered and handed on once per period."""

import asyncio
from collections.abc import Callable

from tickyard.marketdata.market import Market


class Cadence:
    """Calls `flush` for every market that was marked, at most once per period.

    The first change after a silence goes out at once. While nothing is marked, nothing runs.
    """

    def __init__(self, period_ms: int, flush: Callable[[Market], None]) -> None:
        self._period_s = period_ms / 1000
        self._flush = flush
        self._marked: dict[Market, None] = {}
        self._wake = asyncio.Event()

    def mark(self, market: Market) -> None:
        """Say that something of a market has changed."""
        self._marked[market] = None
        self._wake.set()

    def flush(self) -> None:
        """Hand on what was marked."""
        marked, self._marked = self._marked, {}
        self._wake.clear()
        for market in marked:
            self._flush(market)

    async def run(self) -> None:
        """Hand on, for ever."""
        while True:
            await self._wake.wait()
            self.flush()
            await asyncio.sleep(self._period_s)
