"""Triangular arbitrage: round three pairs, when their prices do not agree by more than the way costs."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from tickyard.base.log import logger
from tickyard.world.client import Exchange, Row
from tickyard.world.errors import Lost, Refused
from tickyard.world.ladder import Side
from tickyard.world.orders import send, within
from tickyard.world.pair import Pair
from tickyard.world.purse import Purse
from tickyard.world.rng import Rng
from tickyard.world.tickers import Ticker, look

log = logger("world")

_LEAST_BPS: Final = 8.0
"""What a round must bring: three fees of two basis points, and something for the trouble."""
_BPS: Final = 10_000
_LARGEST_USD: Final = 20_000
_KEPT: Final = 0.2
"""An asset of which less than this part of the stake is left is not given away."""


class Triangle(msgspec.Struct, frozen=True):
    """Three pairs between three assets: base for middle, middle for quote, base for quote."""

    cross: Pair
    middle: Pair
    direct: Pair


class Round(msgspec.Struct, frozen=True):
    """A way round a triangle."""

    edge_bps: float
    base: str
    size: float
    """How much of the base goes round: what the best prices have."""
    legs: tuple[tuple[Pair, Side, float, float], ...]
    """Pair, side, how many of its base for each of the triangle's base, and the worst price."""


def triangles(pairs: Sequence[Pair]) -> list[Triangle]:
    """Find all triangles, e.g. ETH-BTC, BTC-USDT and ETH-USDT."""
    known = {(pair.base, pair.quote): pair for pair in pairs}
    return [
        Triangle(cross, middle, known[cross.base, middle.quote])
        for cross in pairs
        for middle in pairs
        if cross.quote == middle.base and (cross.base, middle.quote) in known
    ]


def best_round(triangle: Triangle, tickers: Mapping[str, Ticker]) -> Round | None:
    """Find the way round that brings something before fees, if there is one."""
    pairs = (triangle.cross, triangle.middle, triangle.direct)
    if any(pair.inst_id not in tickers for pair in pairs):
        return None
    cross, middle, direct = (tickers[pair.inst_id] for pair in pairs)
    # Buy directly and sell over the middle, or the other way round.
    over = _BPS * (cross.bid * middle.bid / direct.ask - 1)
    back = _BPS * (direct.bid / (cross.ask * middle.ask) - 1)
    if over > max(0.0, back):
        size = min(direct.ask_size, cross.bid_size, middle.bid_size / cross.bid)
        return Round(
            over,
            triangle.cross.base,
            size,
            (
                (triangle.direct, Side.BUY, 1.0, direct.ask),
                (triangle.cross, Side.SELL, 1.0, cross.bid),
                (triangle.middle, Side.SELL, cross.bid, middle.bid),
            ),
        )
    if back > 0:
        size = min(direct.bid_size, cross.ask_size, middle.ask_size / cross.ask)
        return Round(
            back,
            triangle.cross.base,
            size,
            (
                (triangle.middle, Side.BUY, cross.ask, middle.ask),
                (triangle.cross, Side.BUY, 1.0, cross.ask),
                (triangle.direct, Side.SELL, 1.0, direct.bid),
            ),
        )
    return None


class Arbitrageur:
    """One account that watches all triangles."""

    def __init__(
        self, found: Sequence[Triangle], exchange: Exchange, purse: Purse, rng: Rng
    ) -> None:
        self._triangles = found
        self._exchange = exchange
        self._purse = purse
        self._every_s = rng.between(1.5, 3)
        self._rng = rng

    async def run(self) -> None:
        """Look and trade, for ever."""
        while True:
            await asyncio.sleep(self._every_s * self._rng.between(0.8, 1.2))
            try:
                await self._exchange.ready()
                await self.consider(await look(self._exchange))
            except (Lost, Refused) as error:
                log.debug("arbitrage.interrupted", error=str(error))

    async def consider(self, tickers: Mapping[str, Ticker]) -> None:
        """Take the round that brings most, if it brings enough."""
        rounds = [found for each in self._triangles if (found := best_round(each, tickers))]
        rounds = [found for found in rounds if found.edge_bps >= _LEAST_BPS and self._can(found)]
        if not rounds:
            return
        best = max(rounds, key=lambda found: found.edge_bps)
        for order in self._orders(best):
            if not await send(self._exchange, order):
                return

    def _can(self, found: Round) -> bool:
        return all(
            self._purse.part(pair.quote if side is Side.BUY else pair.base) > _KEPT
            for pair, side, _, _ in found.legs
        )

    def _orders(self, found: Round) -> list[Row]:
        size = min(found.size, _LARGEST_USD / self._purse.usd(found.base))
        return [
            within(pair, side, pair.sized(size * each), price)
            for pair, side, each, price in found.legs
        ]
