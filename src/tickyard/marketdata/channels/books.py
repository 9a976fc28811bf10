"""Incremental books: a snapshot, then updates that are chained by sequence numbers and carry a checksum.

Source: OKX v5, "Order book channel"; channels books, books-l2-tbt, books50-l2-tbt.
"""

from collections.abc import Mapping
from typing import Any, Final

from tickyard.base.clock import Clock
from tickyard.base.ids import InstrumentId
from tickyard.engine import BookWindow
from tickyard.gateway.channels import Session, Topics, push
from tickyard.gateway.route import Caller
from tickyard.marketdata import wire
from tickyard.marketdata.channels.cadence import Cadence
from tickyard.marketdata.channels.stream import MarketChannel
from tickyard.marketdata.market import Market, Markets

SILENCE_MS: Final = 60_000
"""A stream without changes sends an empty update after this."""
_NOTHING: Final = (b"", b"")


class _Sent:
    """What the subscribers of one stream have, and when they were sent something."""

    __slots__ = ("at_ms", "seq", "time_ms", "window")

    def __init__(self, window: BookWindow, now_ms: int) -> None:
        self.window = window
        self.note(now_ms)

    def note(self, now_ms: int) -> None:
        """The window is sent now; before the first change it has no time of its own."""
        self.at_ms = now_ms
        self.seq = self.window.seq
        self.time_ms = self.window.time_ms or now_ms


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
        self._sent: dict[InstrumentId, _Sent] = {}
        self.cadence = Cadence(period_ms, self._update)

    def opened(
        self, key: InstrumentId, session: Session, arg: Mapping[str, Any], caller: Caller | None
    ) -> None:
        """Send the snapshot."""
        del caller
        sent = self._sent.get(key)
        # Nobody else listens: what was sent long ago is of no use to anybody.
        if sent is None or len(self._topics.subscribers(self.name, key)) == 1:
            sent = self._begin(self._markets[key])
        session.send(push(arg, b"[%b]" % _snapshot(sent), "snapshot"))

    def restart(self, market: Market) -> None:
        """Begin the stream anew for those who listen: the book was loaded again, the chain is broken."""
        if self.has_listeners(market):
            self.publish(market, _snapshot(self._begin(market)), "snapshot")
        else:
            self._sent.pop(market.instrument.instrument, None)

    def beat(self) -> None:
        """Send empty updates where nothing has changed for a minute."""
        now_ms = self._clock.now_ms()
        for key in self._topics.keys(self.name):
            sent = self._sent.get(key)
            if sent is not None and now_ms - sent.at_ms >= SILENCE_MS:
                sent.at_ms = now_ms
                row = _row(sent, _NOTHING, previous=sent.seq)
                self.publish(self._markets[key], row, "update")

    def _begin(self, market: Market) -> _Sent:
        sent = _Sent(market.book.window(self._levels), self._clock.now_ms())
        self._sent[market.instrument.instrument] = sent
        return sent

    def _update(self, market: Market) -> None:
        sent = self._sent.get(market.instrument.instrument)
        if sent is None or not self.has_listeners(market):
            return
        if sent.window.seq == market.book.seq:
            return
        changes = sent.window.advance()
        if changes == _NOTHING:
            # What changed is beyond the levels of this channel: the next update continues from what was sent last.
            return
        previous = sent.seq
        sent.note(self._clock.now_ms())
        self.publish(market, _row(sent, changes, previous=previous), "update")


def _snapshot(sent: _Sent) -> bytes:
    return _row(sent, sent.window.levels(), previous=wire.NO_PREVIOUS)


def _row(sent: _Sent, levels: wire.Lists, *, previous: int) -> bytes:
    return wire.chained_book_json(
        levels, sent.time_ms, checksum=sent.window.checksum(), previous=previous, seq=sent.seq
    )
