"""A maker keeps the book of one pair two-sided: quotes around the fair price, moved when they are off."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

import structlog

from tickyard.world.client import BATCH_MAX, Exchange, Row
from tickyard.world.errors import Lost, Refused
from tickyard.world.ladder import Move, Side, Slot, apart, plan, targets
from tickyard.world.pair import Pair
from tickyard.world.rng import Rng
from tickyard.world.settings import Behaviour

log = structlog.get_logger()

_OK: Final = "0"
_LOOK_BACK_S: Final = 20
"""How often the resting orders are compared with what the maker believes."""
_PAUSE_S: Final = 0.5
_JITTER: Final = 0.2
_STRETCH: Final = 0.2
_SIZE_SIGMA: Final = 0.3
_GROWTH: Final = 0.5
"""A quote is larger than its inner neighbour by this part of the best quote."""

T = TypeVar("T")


class Maker:
    """Quotes one pair. Its orders have fixed names, so whoever runs it next continues with them."""

    def __init__(
        self,
        pair: Pair,
        behaviour: Behaviour,
        exchange: Exchange,
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
        self._fair = fair
        self._usd_per_base = usd_per_base
        self._rng = rng
        self._refresh_s = refresh_s
        self._is_restless = is_restless
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
                    await self.refresh()
                    await asyncio.sleep(
                        self._refresh_s * self._rng.between(1 - _JITTER, 1 + _JITTER)
                    )
            except (Lost, Refused) as error:
                log.debug("maker.interrupted", pair=self._pair.inst_id, error=str(error))
                await asyncio.sleep(_PAUSE_S)

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
        fair = self._fair()
        if self._is_restless:
            self._rng.one_of(self._all).stretch = self._stretch()
        await self._amend(plan(self._pair, self._behaviour, fair, self._bids, self._asks))
        await self._fill_up()
        await self._place(fair)
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
                if row["sCode"] == _OK:
                    move.slot.price = move.price
                else:
                    move.slot.clear()  # filled meanwhile

    async def _fill_up(self) -> None:
        low = [slot for slot in self._all if slot.is_low]
        for part in _parts(low):
            items = []
            for slot in part:
                slot.size = slot.filled + self._size(slot)
                size = self._pair.size_text(slot.size)
                items.append(
                    {"instId": self._pair.inst_id, "clOrdId": slot.client_id, "newSz": size}
                )
            for slot, row in zip(
                part, await self._exchange.operate("batch-amend-orders", items), strict=True
            ):
                if row["sCode"] != _OK:
                    slot.clear()

    async def _place(self, fair: float) -> None:
        moves = [
            Move(slot, price)
            for side in (self._bids, self._asks)
            for slot, price in zip(
                side, targets(self._pair, self._behaviour, fair, side), strict=True
            )
            if slot.is_empty
        ]
        moves = apart(moves, self._bids, self._asks)
        for part in _parts(moves):
            items = [self._order(move) for move in part]
            for move, item, row in zip(
                part, items, await self._exchange.operate("batch-orders", items), strict=True
            ):
                if row["sCode"] == _OK:
                    move.slot.price = move.price
                    move.slot.size = self._pair.lots(item["sz"])
                    move.slot.filled = 0
                else:
                    log.debug("maker.refused", pair=self._pair.inst_id, code=row["sCode"])

    def _order(self, move: Move) -> Row:
        return {
            "instId": self._pair.inst_id,
            "tdMode": "cash",
            "side": move.slot.side,
            "ordType": "limit",
            "px": self._pair.price_text(move.price),
            "sz": self._pair.size_text(self._size(move.slot)),
            "clOrdId": move.slot.client_id,
        }

    def _size(self, slot: Slot) -> int:
        usd = self._behaviour.best_usd * (1 + _GROWTH * slot.number)
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
