"""Keeps the markets of one worker equal to the core: loads them once, then follows the events."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, Protocol

import msgspec

from tickyard.base.clock import NS_PER_MS, Clock
from tickyard.base.ids import InstrumentId, Seq
from tickyard.base.log import logger
from tickyard.engine import (
    BookRow,
    CoreStatus,
    EventBatch,
    IndexPriceSet,
    LevelChanged,
    LiveBatch,
    Traded,
)
from tickyard.marketdata.channels import Streams
from tickyard.marketdata.index import Sample
from tickyard.marketdata.market import Market, Markets
from tickyard.marketdata.store import TradeStore
from tickyard.marketdata.tape import Trade

log = logger("marketdata")

_LEVELS_MAX: Final = 1_000_000
_WAIT_MS: Final = 1_000
_SEGMENTS_POLL_MS: Final = 20


class Core(Protocol):
    """Where books are read, and how far everything is."""

    async def book(self, instrument: InstrumentId, depth: int) -> BookRow:
        """Read the best levels of each side, after everything acknowledged."""
        ...

    async def status(self) -> CoreStatus:
        """Read the newest command that was carried out."""
        ...


class Segments(Protocol):
    """Where events of the past are read."""

    def read_from(self, seq: Seq) -> Iterator[EventBatch]:
        """Yield what is stored from a command on."""
        ...


class _Missed(msgspec.Struct):
    """What happened after the read database was read: by instrument, in order."""

    trades: dict[InstrumentId, list[Trade]]
    changes: dict[InstrumentId, list[Seq]]
    indices: dict[InstrumentId, list[Sample]]


class LiveMarkets:
    """Loads the markets, follows the events, and tells the streams."""

    def __init__(
        self,
        markets: Markets,
        streams: Streams,
        *,
        core: Core,
        store: TradeStore,
        segments: Segments,
        clock: Clock,
    ) -> None:
        self._markets = markets
        self._streams = streams
        self._core = core
        self._store = store
        self._segments = segments
        self._clock = clock
        self.is_loaded = False
        self._seq = Seq(0)
        self._waiting: list[tuple[Seq, asyncio.Future[None]]] = []

    async def caught_up(self) -> None:
        """Wait until the markets are not older than what anybody was told before this call.

        So a client that placed an order sees it in the next book, whichever worker answers. After a second
        the wait ends all the same: public data may be late, private data may not.
        """
        seq = (await self._core.status()).seq
        if seq <= self._seq:
            return
        reached = asyncio.get_running_loop().create_future()
        self._waiting.append((seq, reached))
        with suppress(TimeoutError):
            async with asyncio.timeout(_WAIT_MS / 1000):
                await reached

    async def load(self) -> None:
        """Load everything. The feed must stand at its place already, and be read only afterwards.

        May be called again when the feed had to skip events; whoever listens then gets new snapshots.
        """
        now_ms = self._clock.now_ms()
        books = {
            market: await self._core.book(market.instrument.instrument, _LEVELS_MAX)
            for market in self._markets
        }
        stored = await self._store.stored(
            [market.instrument.instrument for market in self._markets], now_ms
        )
        # A trade always changes a level too, so nothing of a market is stored beyond the newest change.
        known = max(stored.book_changes.values(), default=Seq(0))
        newest = max((book.seq for book in books.values()), default=Seq(0))
        missed = await self._missed(known, newest)
        for market, book in books.items():
            key = market.instrument.instrument
            market.recall(stored.pasts[key])
            for trade in missed.trades.get(key, ()):
                market.trade(trade)
            if (known_index := stored.indices.get(key)) is not None:
                market.index.recall(known_index)
            for sample in missed.indices.get(key, ()):
                market.index.set(sample)
            changed = (stored.book_changes.get(key, Seq(0)), *missed.changes.get(key, ()))
            _load_book(market, book, changed)
            self._streams.restarted(market)
        self.is_loaded = True
        self._reach(newest)
        log.info("marketdata.loaded", seq=newest, read_from_segments=newest - known)

    def apply(self, batch: LiveBatch) -> None:
        """Take over the trades of a batch, whose levels are in the books; what was loaded already is left out."""
        traded: dict[InstrumentId, list[Trade]] = {}
        for event in batch.events:
            if isinstance(event, Traded):
                market = self._markets.get(event.instrument)
                if market is not None and market.trade(trade := Trade.of(event)):
                    traded.setdefault(event.instrument, []).append(trade)
            elif isinstance(event, IndexPriceSet):
                self._follow_index(event)
        for instrument, trades in traded.items():
            self._streams.traded(self._markets[instrument], trades)
        for instrument in batch.books:
            self._streams.level_changed(self._markets[instrument])
        self._reach(batch.last_seq)

    def _follow_index(self, event: IndexPriceSet) -> None:
        market = self._markets.get(event.instrument)
        if market is not None and event.price:
            sample = Sample.of(event)
            market.index.set(sample)
            self._streams.index_set(market, sample)

    def _reach(self, seq: Seq) -> None:
        self._seq = max(self._seq, seq)
        if not self._waiting:
            return
        for wanted, reached in self._waiting:
            if wanted <= self._seq and not reached.done():
                reached.set_result(None)
        self._waiting = [pair for pair in self._waiting if not pair[1].done()]

    async def _missed(self, known: Seq, until: Seq) -> _Missed:
        """Read from the segments what the database did not have when it was read."""
        missed = _Missed({}, {}, {})
        while known < until:
            read = await asyncio.to_thread(self._collect, missed, Seq(known + 1))
            if read == known:
                await asyncio.sleep(_SEGMENTS_POLL_MS / 1000)  # applied, not written yet
            known = read
        return missed

    def _collect(self, missed: _Missed, seq: Seq) -> Seq:
        last = Seq(seq - 1)
        for batch in self._segments.read_from(seq):
            last = batch.last_seq
            for event in batch.events:
                if event.seq < seq:
                    continue
                if isinstance(event, Traded):
                    missed.trades.setdefault(event.instrument, []).append(Trade.of(event))
                elif isinstance(event, LevelChanged):
                    missed.changes.setdefault(event.instrument, []).append(event.seq)
                elif isinstance(event, IndexPriceSet) and event.price:
                    missed.indices.setdefault(event.instrument, []).append(Sample.of(event))
        return last


def _load_book(market: Market, book: BookRow, changed: tuple[Seq, ...]) -> None:
    market.book.load(
        read_at=book.seq,
        # Later changes come with the feed; if only such are known, the book is as new as the picture.
        changed_at=max((seq for seq in changed if seq <= book.seq), default=book.seq),
        time_ms=book.time_ns // NS_PER_MS,
        bids=book.bids,
        asks=book.asks,
    )
