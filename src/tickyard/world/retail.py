"""Retail: many accounts that buy and sell one pair in small sizes, at the moments of its flow."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from tickyard.base.clock import Clock
from tickyard.base.log import logger
from tickyard.world.client import Exchange
from tickyard.world.errors import Lost, Refused
from tickyard.world.flow import Flow
from tickyard.world.ladder import Side
from tickyard.world.orders import at_market, send, within
from tickyard.world.pair import Pair
from tickyard.world.profiles import Behaviour
from tickyard.world.purse import Purse
from tickyard.world.rng import Rng
from tickyard.world.season import season

log = logger("world")

_REACH: Final = 0.003
"""How far from the fair price those trade who name a price."""
_NAMES_A_PRICE: Final = 0.4
_LIKES_ROUND: Final = 0.35
_SIZE_SIGMA: Final = 1.2
_LARGEST: Final = 25
"""No trade is more than so many times the median."""
_LOW, _HIGH = 0.6, 1.4
"""Who has less or more of an asset than this part of its stake rather buys or sells it."""
_LATE_S: Final = 2.0
"""Trades that come later than this, e.g. after a pause of the process, are left out."""


class Trader:
    """One account of the crowd."""

    def __init__(self, exchange: Exchange, purse: Purse) -> None:
        self.exchange = exchange
        self.purse = purse

    def side(self, pair: Pair, wished: Side) -> Side:
        """Choose a side: the one that was wished unless there is too little left of what it gives away."""
        if self.purse.part(pair.base) < _LOW or self.purse.part(pair.quote) > _HIGH:
            return Side.BUY
        if self.purse.part(pair.base) > _HIGH or self.purse.part(pair.quote) < _LOW:
            return Side.SELL
        return wished


class Retail:
    """The crowd in one pair."""

    def __init__(
        self,
        pair: Pair,
        behaviour: Behaviour,
        crowd: Sequence[Trader],
        *,
        fair: Callable[[], float],
        usd_per_base: Callable[[], float],
        rng: Rng,
        per_minute: float,
        clock: Clock,
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            pair: what is traded.
            behaviour: how.
            crowd: who trades; everybody as likely.
            fair: the fair price.
            usd_per_base: what one base is worth.
            rng: for moments, sizes and who it is.
            per_minute: trades on average.
            clock: tells how busy the time of day is.
        """
        self._pair = pair
        self._behaviour = behaviour
        self._crowd = crowd
        self._fair = fair
        self._usd_per_base = usd_per_base
        self._rng = rng
        self._flow = Flow(rng, per_minute / 60)
        self._clock = clock

    async def run(self, quoted: asyncio.Event) -> None:
        """Trade, for ever; the first time as soon as there is a book."""
        await quoted.wait()
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as trades:
            await asyncio.sleep(self._rng.between(0, 1))
            await self.trade(self._rng.one_of((Side.BUY, Side.SELL)))
            began_s = loop.time()
            while True:
                busy = season(self._clock.now_ms(), self._behaviour.day)
                at_s, side = self._flow.next(busy)
                early_s = began_s + at_s - loop.time()
                if early_s < -_LATE_S:
                    continue
                await asyncio.sleep(max(0.0, early_s))
                trades.create_task(self.trade(side))

    async def trade(self, wished: Side) -> None:
        """Let somebody trade once."""
        trader = self._rng.one_of(self._crowd)
        side, lots = trader.side(self._pair, wished), self._lots()
        if self._rng.between(0, 1) < _NAMES_A_PRICE:
            worse = 1 + _REACH if side is Side.BUY else 1 - _REACH
            order = within(self._pair, side, lots, self._fair() * worse)
        else:
            order = at_market(self._pair, side, lots)
        try:
            await trader.exchange.ready()
            await send(trader.exchange, order)
        except (Lost, Refused) as error:
            log.debug("retail.interrupted", pair=self._pair.inst_id, error=str(error))

    def _lots(self) -> int:
        median = self._behaviour.trade_usd
        usd = min(self._rng.skewed(median, _SIZE_SIGMA), median * _LARGEST)
        figures = 1 if self._rng.between(0, 1) < _LIKES_ROUND else 3
        return self._pair.sized(usd / self._usd_per_base(), figures)
