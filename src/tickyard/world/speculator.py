"""Those who look at prices now and then and hold what they believe in: trend followers and mean reverters."""

import asyncio
from collections.abc import Sequence
from math import log as ln
from typing import Final

from tickyard.base.log import logger
from tickyard.world.client import Exchange
from tickyard.world.errors import Lost, Refused
from tickyard.world.ladder import Side
from tickyard.world.orders import send, within
from tickyard.world.pair import Pair
from tickyard.world.profiles import behaviour
from tickyard.world.purse import Purse
from tickyard.world.rng import Rng
from tickyard.world.settings import Kind
from tickyard.world.tickers import Ticker, look

log = logger("world")

_BPS: Final = 10_000
_REACH: Final = 0.002
_FAST_S: Final = 120
_SLOW_S: Final = 900
_TREND_SPREADS: Final = 6
"""How far the fast mean must leave the slow one for a trend, in half spreads of the pair."""
_STRETCHED_SPREADS: Final = 10
"""How far a price must leave its slow mean to be thought wrong, in half spreads."""
_STAKE: Final = 20
"""A position is worth so many usual trades."""


class Means:
    """A fast and a slow exponential mean of a price."""

    def __init__(self, fast_s: float, slow_s: float) -> None:
        self._spans = (fast_s, slow_s)
        self._means: tuple[float, float] | None = None
        self._seen_s = 0.0

    def see(self, time_s: float, price: float) -> tuple[float, float]:
        """Take note of a price and return both means."""
        if self._means is None:
            self._means = (price, price)
        else:
            fast, slow = (min(1.0, (time_s - self._seen_s) / span) for span in self._spans)
            self._means = (
                self._means[0] + fast * (price - self._means[0]),
                self._means[1] + slow * (price - self._means[1]),
            )
        self._seen_s = time_s
        return self._means


def view(kind: Kind, price: float, means: tuple[float, float], half_bps: float) -> int:
    """What to hold: 1 for long, -1 for short, 0 for neither.

    Args:
        kind: a trend follower or a mean reverter.
        price: now.
        means: the fast and the slow one.
        half_bps: half spread of the pair.
    """
    fast, slow = means
    if kind is Kind.TREND:
        moved, enough = _BPS * ln(fast / slow), _TREND_SPREADS * half_bps
        return 1 if moved > enough else -1 if moved < -enough else 0
    moved, enough = _BPS * ln(price / slow), _STRETCHED_SPREADS * half_bps
    return -1 if moved > enough else 1 if moved < -enough else 0


class Speculator:
    """One account that follows a few pairs."""

    def __init__(
        self, kind: Kind, pairs: Sequence[Pair], exchange: Exchange, purse: Purse, rng: Rng
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            kind: whether it follows trends or expects them to end.
            pairs: what it looks at, each against a dollar.
            exchange: through which account.
            purse: what that account holds.
            rng: for its habits.
        """
        self._kind = kind
        self._pairs = pairs
        self._exchange = exchange
        self._purse = purse
        self._rng = rng
        self._every_s = rng.between(15, 30) if kind is Kind.TREND else rng.between(8, 15)
        self._courage = rng.between(0.7, 1.5)
        patience = rng.between(0.6, 1.6)
        self._means = {pair: Means(_FAST_S * patience, _SLOW_S * patience) for pair in pairs}

    async def run(self) -> None:
        """Look and trade, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._every_s * self._rng.between(0.8, 1.2))
            try:
                await self._exchange.ready()
                tickers = await look(self._exchange)
                for pair in self._pairs:
                    if pair.inst_id in tickers:
                        await self.consider(pair, tickers[pair.inst_id], loop.time())
            except (Lost, Refused) as error:
                log.debug("speculator.interrupted", error=str(error))

    async def consider(self, pair: Pair, ticker: Ticker, time_s: float) -> None:
        """Bring what is held nearer to what is believed in, by one trade."""
        how = behaviour(pair.inst_id)
        means = self._means[pair].see(time_s, ticker.middle)
        wanted_usd = _STAKE * how.trade_usd * self._courage
        wanted_usd *= view(self._kind, ticker.middle, means, how.half_spread_bps * self._courage)
        missing_usd = wanted_usd - self._purse.excess_usd(pair.base)
        if abs(missing_usd) < _STAKE * how.trade_usd / 4:
            return
        side = Side.BUY if missing_usd > 0 else Side.SELL
        trade_usd = min(abs(missing_usd), self._rng.skewed(how.trade_usd * 4, 0.4))
        lots = pair.sized(trade_usd / self._purse.usd(pair.base))
        best = ticker.ask * (1 + _REACH) if side is Side.BUY else ticker.bid * (1 - _REACH)
        if await send(self._exchange, within(pair, side, lots, best)):
            # The account may not ask for its fills: what it believes is put right by its balances.
            size = float(lots * pair.lot)
            self._purse.moved(pair, size, ticker.middle, is_bought=side is Side.BUY)
