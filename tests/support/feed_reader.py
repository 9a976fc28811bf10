"""Follows a feed, so that a test can take its batches one by one."""

import asyncio

from tickyard.engine import Feed, LiveBatch

PATIENCE_S = 20


class FeedReader:
    """Keeps what a feed hands over until it is asked for."""

    def __init__(self, feed: Feed) -> None:
        self._batches: asyncio.Queue[LiveBatch] = asyncio.Queue()
        self._following = asyncio.ensure_future(feed.follow(self._batches.put_nowait))

    async def next(self) -> LiveBatch:
        """Wait for the next batch."""
        async with asyncio.timeout(PATIENCE_S):
            return await self._batches.get()

    async def stop(self) -> None:
        """Follow no more."""
        self._following.cancel()
        await asyncio.wait({self._following})
