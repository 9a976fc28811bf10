"""What this slice asks of others."""

from collections.abc import Sequence
from typing import Protocol

from tickyard.base.ids import InstrumentId, TradeId
from tickyard.marketdata.bars import Bar
from tickyard.marketdata.imported import Span
from tickyard.marketdata.tape import Trade


class BarHistory(Protocol):
    """Candles that are older than memory."""

    async def bars(
        self, instrument: InstrumentId, length_ms: int, from_ms: int, to_ms: int
    ) -> Sequence[Bar]:
        """Candles of one second, minute or hour that open in a span, its end excluded, oldest first."""
        ...

    async def price_before(self, instrument: InstrumentId, time_ms: int) -> int | None:
        """The last price before a time, in ticks."""
        ...

    async def imported(self, length_ms: int) -> Span | None:
        """Where imported candles of one length lie; None when there are none."""
        ...

    async def imported_bars(
        self, instrument: InstrumentId, length_ms: int, from_ms: int, to_ms: int
    ) -> Sequence[Bar]:
        """Imported candles that open in a span, its end excluded, oldest first."""
        ...


class History(BarHistory, Protocol):
    """Trades and candles that are older than memory."""

    async def trades_by_id(
        self, instrument: InstrumentId, *, older_than: TradeId, newer_than: TradeId, limit: int
    ) -> Sequence[Trade]:
        """The newest trades within both bounds, newest first."""
        ...

    async def trades_by_time(
        self, instrument: InstrumentId, *, before_ms: int, limit: int
    ) -> Sequence[Trade]:
        """The newest trades before a time, newest first."""
        ...
