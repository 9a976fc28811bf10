"""What an account holds, as far as it knows, and what it had to begin with."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from tickyard.base.log import logger
from tickyard.world.client import Exchange, Row
from tickyard.world.errors import Lost, Refused
from tickyard.world.pair import Pair

log = logger("world")

_LOOK_EVERY_S: Final = 120
_PAUSE_S: Final = 1


class Purse:
    """Balances of one account: read now and then, and carried on by fills in between."""

    def __init__(self, stake: Mapping[str, float], usd: Callable[[str], float]) -> None:
        """Begin with the stake.

        Args:
            stake: by asset.
            usd: what an asset is worth.
        """
        self._stake = stake
        self.usd = usd
        self._held = dict(stake)

    async def keep(self, exchange: Exchange, first_s: float) -> None:
        """Read the balances every two minutes, for ever; the first time after some seconds."""
        await asyncio.sleep(first_s)
        while True:
            await exchange.ready()
            try:
                await self.look(exchange)
            except (Lost, Refused) as error:
                log.debug("purse.unknown", error=str(error))
                await asyncio.sleep(_PAUSE_S)
            else:
                await asyncio.sleep(_LOOK_EVERY_S)

    async def look(self, exchange: Exchange) -> None:
        """Read the balances."""
        (row,) = await exchange.get("account/balance")
        self._held = {detail["ccy"]: float(detail["eq"]) for detail in row["details"]}

    def filled(self, pair: Pair, row: Row) -> None:
        """Take note of a fill, as the `fills` channel tells it."""
        self.moved(pair, float(row["fillSz"]), float(row["fillPx"]), is_bought=row["side"] == "buy")

    def moved(self, pair: Pair, size: float, price: float, *, is_bought: bool) -> None:
        """Take note of a trade."""
        signed = size if is_bought else -size
        self._held[pair.base] = self.held(pair.base) + signed
        self._held[pair.quote] = self.held(pair.quote) - signed * price

    def held(self, asset: str) -> float:
        """How much of an asset there is."""
        return self._held.get(asset, 0.0)

    def part(self, asset: str) -> float:
        """How much there is, as a part of what there was to begin with."""
        stake = self._stake.get(asset, 0.0)
        return self.held(asset) / stake if stake else 0.0

    def excess_usd(self, asset: str) -> float:
        """How much more there is than to begin with, in USD."""
        return (self.held(asset) - self._stake.get(asset, 0.0)) * self.usd(asset)
