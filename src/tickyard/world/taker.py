"""A taker trades small sizes against one book, so that prices and tapes move."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from tickyard.world.client import Exchange
from tickyard.world.errors import Lost, Refused
from tickyard.world.ladder import Side
from tickyard.world.pair import Pair
from tickyard.world.rng import Rng
from tickyard.world.settings import Behaviour

log = structlog.get_logger()

_REACH: Final = 0.003
"""How far from the fair price it trades at most."""
_SIZE_SIGMA: Final = 1.1
_LARGEST: Final = 15
"""No trade is more than so many times the median."""
_MOOD_KEPT: Final = 0.95
_MOOD_WEIGHT: Final = 0.35
"""How much the mood sways the choice between buying and selling."""
_PAUSE_S: Final = 0.5


class Taker:
    """Buys and sells at random moments. Its mood changes slowly, so one side comes in runs."""

    def __init__(
        self,
        pair: Pair,
        behaviour: Behaviour,
        exchange: Exchange,
        *,
        fair: Callable[[], float],
        usd_per_base: Callable[[], float],
        rng: Rng,
        per_minute: float,
    ) -> None:
        self._pair = pair
        self._behaviour = behaviour
        self._exchange = exchange
        self._fair = fair
        self._usd_per_base = usd_per_base
        self._rng = rng
        self._per_second = per_minute / 60
        self._mood = 0.0

    async def run(self, quoted: asyncio.Event) -> None:
        """Trade, for ever; the first time as soon as there is a book."""
        await quoted.wait()
        await asyncio.sleep(self._rng.between(0, 1))
        while True:
            await self._exchange.ready()
            try:
                await self.trade()
            except (Lost, Refused) as error:
                log.debug("taker.interrupted", pair=self._pair.inst_id, error=str(error))
                await asyncio.sleep(_PAUSE_S)
            await asyncio.sleep(self._rng.waiting(self._per_second))

    async def trade(self) -> None:
        """Trade once."""
        self._mood = _MOOD_KEPT * self._mood + (1 - _MOOD_KEPT) * 3 * self._rng.normal()
        chance = 0.5 + max(-_MOOD_WEIGHT, min(_MOOD_WEIGHT, self._mood))
        side = Side.BUY if self._rng.between(0, 1) < chance else Side.SELL
        median = self._behaviour.trade_usd
        usd = min(self._rng.skewed(median, _SIZE_SIGMA), median * _LARGEST)
        size = self._pair.sized(usd / self._usd_per_base())
        fair = self._fair()
        price = (
            self._pair.below(fair * (1 + _REACH))
            if side is Side.BUY
            else self._pair.above(fair * (1 - _REACH))
        )
        (row,) = await self._exchange.operate(
            "order",
            [
                {
                    "instId": self._pair.inst_id,
                    "tdMode": "cash",
                    "side": side,
                    "ordType": "ioc",
                    "px": self._pair.price_text(price),
                    "sz": self._pair.size_text(size),
                }
            ],
        )
        if row["sCode"] != "0":
            log.debug("taker.refused", pair=self._pair.inst_id, code=row["sCode"])
