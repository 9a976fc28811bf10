"""Incremental books: a snapshot, then updates that are chained by sequence numbers and carry a checksum.

Source: OKX v5, "Order book channel"; channels books, books-l2-tbt, books50-l2-tbt.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tickyard.base.clock import Clock
from tickyard.base.ids import InstrumentId, Seq
from tickyard.gateway.channels import Session, Topics, push
from tickyard.gateway.route import Caller
from tickyard.marketdata import wire
from tickyard.marketdata.channels.cadence import Cadence
from tickyard.marketdata.channels.stream import MarketChannel
from tickyard.marketdata.checksum import LEVELS, checksum
from tickyard.marketdata.depth import Level
from tickyard.marketdata.market import Market, Markets

SILENCE_MS: Final = 60_000
"""A stream without changes sends an empty update after this."""


class _Window:
    """What the subscribers of one stream have: the levels of their last frame, and its number."""

    __slots__ = ("asks", "bids", "sent_at_ms", "seq", "time_ms")

    def __init__(self, market: Market, levels: int, now_ms: int) -> None:
        self.asks = market.depth.asks.top(levels)
        self.bids = market.depth.bids.top(levels)
        self.seq: Seq = market.depth.seq
        self.time_ms = market.depth.time_ms or now_ms
        self.sent_at_ms = now_ms


class BooksChannel(MarketChannel):
    """One incremental book channel.

    A new subscriber gets what the others have already, so that the next update continues for everybody.
    """

    def __init__(
        self,
        name: str,
        *,
        levels: int,
        period_ms: int,
        markets: Markets,
        topics: Topics,
        clock: Clock,
    ) -> None:
        super().__init__(name, markets, topics)
        self._levels = levels
        self._clock = clock
        self._windows: dict[InstrumentId, _Window] = {}
        self.cadence = Cadence(period_ms, self._update)

    def opened(
        self, key: InstrumentId, session: Session, arg: Mapping[str, Any], caller: Caller | None
    ) -> None:
        """Send the snapshot."""
        del caller
        window = self._windows.get(key)
        # Nobody else listens: what was sent long ago is of no use to anybody.
        if window is None or len(self._topics.subscribers(self.name, key)) == 1:
            window = _Window(self._markets[key], self._levels, self._clock.now_ms())
            self._windows[key] = window
        data = self._snapshot(self._markets[key], window)
        session.send(push(arg, b"[%b]" % data, "snapshot"))

    def restart(self, market: Market) -> None:
        """Begin the stream anew for those who listen: the book was loaded again, the chain is broken."""
        key = market.instrument.instrument
        if not self.has_listeners(market):
            self._windows.pop(key, None)
            return
        window = self._windows[key] = _Window(market, self._levels, self._clock.now_ms())
        self.publish(market, self._snapshot(market, window), "snapshot")

    def beat(self) -> None:
        """Send empty updates where nothing has changed for a minute."""
        now_ms = self._clock.now_ms()
        for key in self._topics.keys(self.name):
            window = self._windows.get(key)
            if window is not None and now_ms - window.sent_at_ms >= SILENCE_MS:
                window.sent_at_ms = now_ms
                market = self._markets[key]
                self.publish(market, _row(market, window, window.seq, (), ()), "update")

    def _update(self, market: Market) -> None:
        key = market.instrument.instrument
        before = self._windows.get(key)
        if before is None or not self.has_listeners(market) or before.seq == market.depth.seq:
            return
        now = _Window(market, self._levels, self._clock.now_ms())
        self._windows[key] = now
        asks = _changes(market, before.asks, now.asks)
        bids = _changes(market, before.bids, now.bids)
        self.publish(market, _row(market, now, before.seq, asks, bids), "update")

    def _snapshot(self, market: Market, window: _Window) -> bytes:
        pair = market.instrument
        asks = [wire.level_json(pair, level) for level in window.asks]
        bids = [wire.level_json(pair, level) for level in window.bids]
        return _row(market, window, wire.NO_PREVIOUS, asks, bids)


def _row(
    market: Market, window: _Window, previous: int, asks: Sequence[bytes], bids: Sequence[bytes]
) -> bytes:
    pair = market.instrument
    return wire.chained_book_json(
        asks,
        bids,
        window.time_ms,
        checksum=checksum(
            (wire.level_sum(pair, level) for level in window.bids[:LEVELS]),
            (wire.level_sum(pair, level) for level in window.asks[:LEVELS]),
        ),
        previous=previous,
        seq=window.seq,
    )


def _changes(market: Market, before: list[Level], now: list[Level]) -> list[bytes]:
    """What turns one window into another: levels that are new or differ, and levels that are gone.

    A level beyond the window is gone for the subscriber, and new when it moves in. Levels are compared as
    objects, for a level that has changed is another object.
    """
    pair = market.instrument
    new = set(now).difference(before)
    old = set(before).difference(now)
    gone = {level.price for level in old} - {level.price for level in new}
    news = [wire.level_json(pair, level) for level in now if level in new] if new else []
    return [*news, *(wire.gone_json(pair, price) for price in gone)]
