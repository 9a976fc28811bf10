"""Prices from before the first start: the process that makes fair prices, followed backwards from where it begins.

A price that wanders and is drawn back looks the same in both directions, so the path that ends at the reference prices
is as likely as the one that goes on from there. It comes newest first: what people look at is there at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from tickyard.base.clock import DAY_MS, HOUR_MS, MINUTE_MS
from tickyard.world.fair import FairPrices
from tickyard.world.profiles import behaviour
from tickyard.world.rng import Rng
from tickyard.world.season import season

MINUTES_BACK_MS: Final = 7 * DAY_MS
"""So far back there is a candle for each minute; before that, one for each hour."""
HOURS_BACK_MS: Final = 365 * DAY_MS
_MINUTES_PIECE_MS: Final = 4 * HOUR_MS
_HOURS_PIECE_MS: Final = 8 * DAY_MS
_STEPS: Final = {MINUTE_MS: 3, HOUR_MS: 4}
"""In how many steps a candle is made."""
_SIZE_SIGMA: Final = 0.6
_MEAN_OF_TRADES: Final = 2.0
"""Sizes are skewed: the mean is about so many times the median."""


class PastPair(msgspec.Struct, frozen=True):
    """A pair with the steps of its prices and sizes."""

    inst_id: str
    tick: float
    lot: float


class PastCandle(msgspec.Struct, frozen=True, gc=False):
    """A candle: prices in ticks, volume in lots."""

    open_ms: int
    open: int
    high: int
    low: int
    close: int
    volume: int


class Piece(msgspec.Struct, frozen=True):
    """All candles of one length of a span, of every pair, oldest first."""

    length_ms: int
    first_ms: int
    end_ms: int
    candles: Mapping[str, Sequence[PastCandle]]
    """By instId."""


def past(
    references: Mapping[str, str], pairs: Sequence[PastPair], seed: int, until_ms: int
) -> Iterator[Piece]:
    """Make the candles of a year, newest first. Spans of one length follow each other without gaps.

    Args:
        references: the price of each pair at the end.
        pairs: whose candles are wanted; those without a fair price are left out.
        seed: where the path comes from.
        until_ms: where it ends; a whole minute.
    """
    fair = FairPrices(references, Rng(seed, "past prices"), is_moving=True)
    writers = [
        _Writer(pair, Rng(seed, f"past {pair.inst_id}"))
        for pair in pairs
        if fair.knows(*pair.inst_id.split("-"))
    ]
    minutes_from_ms = until_ms - until_ms % HOUR_MS - MINUTES_BACK_MS
    for length_ms, first_ms, piece_ms in (
        (MINUTE_MS, minutes_from_ms, _MINUTES_PIECE_MS),
        (HOUR_MS, minutes_from_ms - HOURS_BACK_MS, _HOURS_PIECE_MS),
    ):
        while until_ms > first_ms:
            from_ms = max(first_ms, (until_ms - 1) // piece_ms * piece_ms)
            yield _piece(fair, writers, length_ms, from_ms, until_ms)
            until_ms = from_ms


class _Writer:
    """Makes the candles of one pair out of fair prices."""

    def __init__(self, pair: PastPair, rng: Rng) -> None:
        self.inst_id = pair.inst_id
        self._base, self._quote = pair.inst_id.split("-")
        self._pair = pair
        self._rng = rng
        self._behaviour = behaviour(pair.inst_id)

    def candle(
        self, open_ms: int, length_ms: int, path: Sequence[Mapping[str, float]], busy: float
    ) -> PastCandle:
        """Make a candle of the prices in it, which come newest first."""
        base, quote, tick = self._base, self._quote, self._pair.tick
        prices = [max(1, round(usd[base] / usd[quote] / tick)) for usd in path]
        return PastCandle(
            open_ms,
            open=prices[-1],
            high=max(prices),
            low=min(prices),
            close=prices[0],
            volume=self._volume(length_ms, path[0][base], busy),
        )

    def _volume(self, length_ms: int, usd_per_base: float, busy: float) -> int:
        how = self._behaviour
        trades = how.trades_per_minute * length_ms / MINUTE_MS * (1 + how.day * (busy - 1))
        usd = self._rng.skewed(trades * how.trade_usd * _MEAN_OF_TRADES, _SIZE_SIGMA)
        return max(1, round(usd / usd_per_base / self._pair.lot))


def _piece(
    fair: FairPrices, writers: Sequence[_Writer], length_ms: int, from_ms: int, until_ms: int
) -> Piece:
    candles: dict[str, list[PastCandle]] = {writer.inst_id: [] for writer in writers}
    steps = _STEPS[length_ms]
    newest = fair.all_usd()
    for open_ms in range(until_ms - length_ms, from_ms - 1, -length_ms):
        busy = season(open_ms)
        path = [newest]
        for _ in range(steps):
            fair.move(length_ms // steps, busy)
            path.append(fair.all_usd())
        newest = path[-1]
        for writer in writers:
            candles[writer.inst_id].append(writer.candle(open_ms, length_ms, path, busy))
    for made in candles.values():
        made.reverse()
    return Piece(length_ms, from_ms, until_ms, candles)
