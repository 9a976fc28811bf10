"""A maker keeps the book of one pair two-sided: quotes around the fair price, moved when they are off."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from math import exp
from typing import Final, TypeVar

from msgspec.structs import replace

from tickyard.base.log import logger
from tickyard.world.client import BATCH_MAX, Exchange, Row
from tickyard.world.errors import Lost, Refused
from tickyard.world.ladder import Move, Side, Slot, apart, plan, targets
from tickyard.world.pair import Pair
from tickyard.world.profiles import Behaviour
from tickyard.world.purse import Purse
from tickyard.world.rng import Rng
from tickyard.world.stance import Turbulence, share, stance

log = logger("world")

_OK: Final = "0"
_GONE: Final = frozenset({"51400", "51503", "51603"})
"""Codes of amends of an order that was filled meanwhile."""
_LOOK_BACK_S: Final = 60
"""How often the resting orders are compared with what the maker believes."""
_PAUSE_S: Final = 0.5
_JITTER: Final = 0.2
_STRETCH: Final = 0.2
_SIZE_SIGMA: Final = 0.3
_ROUND: Final = 100
"""People ask for round prices: where a hundred ticks end, quotes are larger."""
_ROUND_FACTOR: Final = 1.8
_KEPT: Final = 0.1
"""A maker stops selling an asset when it has less than this part of its stake."""

T = TypeVar("T")


class Maker:
    """Quotes one pair. Its orders have fixed names, so whoever runs it next continues with them."""

    def __init__(
        self,
        pair: Pair,
        behaviour: Behaviour,
        exchange: Exchange,
        purse: Purse,
        *,
        fair: Callable[[], float],
        usd_per_base: Callable[[], float],
        rng: Rng,
        refresh_s: float,
        is_restless: bool,
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            pair: what is quoted.
            behaviour: how.
            exchange: through which account.
            purse: what that account holds.
            fair: the fair price, in quote for one base.
            usd_per_base: what one base is worth.
            rng: for sizes and distances.
            refresh_s: how often quotes are looked at.
            is_restless: whether a quote changes its mind now and then though the price stands.
        """
        self.quoted = asyncio.Event()
        """Set once the book has both sides."""
        self._pair = pair
        self._behaviour = behaviour
        self._exchange = exchange
        self._purse = purse
        self._fair = fair
        self._usd_per_base = usd_per_base
        self._rng = rng
        self._refresh_s = refresh_s
        self._is_restless = is_restless
        self._turbulence = Turbulence()
        self._bids = [self._slot(Side.BUY, number) for number in range(behaviour.levels)]
        self._asks = [self._slot(Side.SELL, number) for number in range(behaviour.levels)]
        self._all = (*self._bids, *self._asks)
        self._slots = {slot.client_id: slot for slot in self._all}

    async def run(self) -> None:
        """Quote, for ever; after a loss of the connection, begin with what is there."""
        loop = asyncio.get_running_loop()
        while True:
            await self._exchange.ready()
            look_at_s = loop.time()
            try:
                while True:
                    if loop.time() >= look_at_s:
                        await self.look()
                        look_at_s = loop.time() + _LOOK_BACK_S
                    self._turbulence.see(loop.time(), self._fair())
                    await self.refresh()
                    await asyncio.sleep(
                        self._refresh_s * self._rng.between(1 - _JITTER, 1 + _JITTER)
                    )
            except (Lost, Refused) as error:
                log.debug("maker.interrupted", pair=self._pair.inst_id, error=str(error))
                await asyncio.sleep(_PAUSE_S)

    def filled(self, row: Row) -> None:
        """Take note of a fill of one of the quotes."""
        slot = self._slots.get(row["clOrdId"])
        if slot is not None:
            slot.fill(self._pair.lots(row["fillSz"]))

    async def look(self) -> None:
        """Take over the orders that rest, and cancel those that have no place in the ladder."""
        for slot in self._all:
            slot.clear()
        strangers: list[Row] = []
        for row in await self._exchange.get(
            "trade/orders-pending", instType="SPOT", instId=self._pair.inst_id
        ):
            found = self._slots.get(row["clOrdId"])
            if found is None:
                strangers.append({"instId": self._pair.inst_id, "ordId": row["ordId"]})
            else:
                found.price = self._pair.ticks(row["px"])
                found.size = self._pair.lots(row["sz"])
                found.filled = self._pair.lots(row["accFillSz"])
        for part in _parts(strangers):
            await self._exchange.operate("batch-cancel-orders", part)

    async def refresh(self) -> None:
        """Move what is off, fill up what is low, and put back what is gone."""
        inventory = self._inventory()
        seen = stance(self._behaviour, self._fair(), self._turbulence.variance, inventory)
        how = replace(self._behaviour, half_spread_bps=seen.half_bps)
        if self._is_restless:
            self._rng.one_of(self._all).stretch = self._stretch()
        await self._amend(plan(self._pair, how, seen.middle, self._bids, self._asks))
        await self._fill_up(inventory)
        await self._place(how, seen.middle, inventory)
        self.quoted.set()

    async def _amend(self, moves: Sequence[Move]) -> None:
        for part in _parts(moves):
            items = [
                {
                    "instId": self._pair.inst_id,
                    "clOrdId": move.slot.client_id,
                    "newPx": self._pair.price_text(move.price),
                }
                for move in part
            ]
            for move, row in zip(
                part, await self._exchange.operate("batch-amend-orders", items), strict=True
            ):
                if row["sCode"] != _OK:
                    self._note_refusal(row)
                    move.slot.clear()
                elif not move.slot.is_empty:
                    move.slot.price = move.price

    async def _fill_up(self, inventory: float) -> None:
        low = [slot for slot in self._all if slot.is_low]
        for part in _parts(low):
            sizes = [slot.filled + self._size(slot, slot.price, inventory) for slot in part]
            items = [
                {
                    "instId": self._pair.inst_id,
                    "clOrdId": slot.client_id,
                    "newSz": self._pair.size_text(size),
                }
                for slot, size in zip(part, sizes, strict=True)
            ]
            rows = await self._exchange.operate("batch-amend-orders", items)
            for slot, size, row in zip(part, sizes, rows, strict=True):
                if row["sCode"] != _OK:
                    self._note_refusal(row)
                    slot.clear()
                elif not slot.is_empty:
                    slot.size = size

    async def _place(self, how: Behaviour, middle: float, inventory: float) -> None:
        moves = [
            Move(slot, price)
            for side in (self._bids, self._asks)
            if self._may_offer(side[0].side)
            for slot, price in zip(side, targets(self._pair, how, middle, side), strict=True)
            if slot.is_empty
        ]
        moves = apart(moves, self._bids, self._asks)
        for part in _parts(moves):
            sizes = [self._size(move.slot, move.price, inventory) for move in part]
            items = [self._order(move, size) for move, size in zip(part, sizes, strict=True)]
            for move, size in zip(part, sizes, strict=True):
                # Noted before it is sent: a fill may be told before the acknowledgement.
                move.slot.price, move.slot.size, move.slot.filled = move.price, size, 0
            try:
                rows = await self._exchange.operate("batch-orders", items)
            except (Lost, Refused):
                for move in part:
                    move.slot.clear()
                raise
            for move, row in zip(part, rows, strict=True):
                if row["sCode"] != _OK:
                    self._note_refusal(row)
                    move.slot.clear()

    def _order(self, move: Move, size: int) -> Row:
        return {
            "instId": self._pair.inst_id,
            "tdMode": "cash",
            "side": move.slot.side,
            "ordType": "limit",
            "px": self._pair.price_text(move.price),
            "sz": self._pair.size_text(size),
            "clOrdId": move.slot.client_id,
        }

    def _note_refusal(self, row: Row) -> None:
        if row["sCode"] not in _GONE:
            log.info("maker.refused", pair=self._pair.inst_id, code=row["sCode"])

    def _inventory(self) -> float:
        excess = self._purse.excess_usd(self._pair.base)
        return excess / self._behaviour.inventory_usd

    def _may_offer(self, side: Side) -> bool:
        given = self._pair.quote if side is Side.BUY else self._pair.base
        return self._purse.part(given) > _KEPT

    def _size(self, slot: Slot, price: int, inventory: float) -> int:
        how = self._behaviour
        usd = how.best_usd * (1 + how.growth * slot.number) * exp(-slot.number / how.decay)
        usd *= share(inventory, is_buying=slot.side is Side.BUY)
        if price % _ROUND == 0:
            usd *= _ROUND_FACTOR
        return self._pair.sized(self._rng.skewed(usd, _SIZE_SIGMA) / self._usd_per_base())

    def _slot(self, side: Side, number: int) -> Slot:
        return Slot(self._pair, side, number, self._stretch())

    def _stretch(self) -> float:
        return self._rng.between(1 - _STRETCH, 1 + _STRETCH)


async def withdraw(exchange: Exchange) -> None:
    """Cancel all orders of an account."""
    while rows := await exchange.get("trade/orders-pending", instType="SPOT"):
        items = [{"instId": row["instId"], "ordId": row["ordId"]} for row in rows]
        for part in _parts(items):
            await exchange.operate("batch-cancel-orders", part)


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), BATCH_MAX):
        yield items[start : start + BATCH_MAX]
