"""The process that asks the venues every second and tells the core what instruments are worth outside."""

import asyncio
from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_UP, Decimal, localcontext
from pathlib import Path
from typing import Final

import msgspec

from tickyard.base.amounts import format_amount
from tickyard.base.clock import Clock
from tickyard.base.log import logger
from tickyard.engine import BookRow, CoreBusy, CoreClient, CoreTimeout, commands
from tickyard.indices import published
from tickyard.indices.limits import Premium, limits
from tickyard.indices.rule import Component, index_price
from tickyard.indices.sources import Rules, Said, ask, component, said
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.model import Instrument

log = logger("indices")

_PERIOD_S: Final = 1.0
_FROZEN_MS: Final = 60_000
"""When no venue has answered for so long, the last index stays, but bounds nobody."""
_DIGITS: Final = 28
_SHOWN: Final = Decimal("1e-8")


class _Told(msgspec.Struct, frozen=True):
    """What the core was told of a pair, in ticks."""

    price: int
    highest_buy: int
    lowest_sell: int


class _Index:
    """The index of one pair."""

    def __init__(self, pair: Instrument) -> None:
        self.pair = pair
        self.told = _Told(0, 0, 0)
        self._tick = pair.ticks_to_value(1)
        self._premium = Premium()
        self._price_ms = 0

    def recall(self, told: _Told, now_ms: int) -> None:
        """Go on from what the core was told before."""
        self.told, self._price_ms = told, now_ms

    def follow(
        self, components: Sequence[Component], book: BookRow | None, rules: Rules, now_ms: int
    ) -> tuple[Decimal | None, _Told]:
        """Take in what the venues say and where our book stands; return the price and what to tell of it."""
        price = index_price(components, rules.band)
        if price is None:
            if now_ms - self._price_ms > _FROZEN_MS:
                return None, _Told(self.told.price, 0, 0)
            return None, self.told
        self._price_ms = now_ms
        if book is not None and book.bids and book.asks:
            middle = (book.bids[0][0] + book.asks[0][0]) * self._tick / 2
            self._premium.add(middle, price)
        bounds = limits(price, self._premium.mean, rules.limit_near, rules.limit_far)
        return price, _Told(
            self._ticks(price, ROUND_HALF_EVEN),
            # Towards the index, so that nothing beyond the limit is accepted.
            self._ticks(bounds.highest_buy, ROUND_DOWN),
            self._ticks(bounds.lowest_sell, ROUND_UP),
        )

    def _ticks(self, price: Decimal, rounding: str) -> int:
        ticks = int((price / self._tick).to_integral_value(rounding))
        return min(max(ticks, self.pair.min_price), self.pair.max_price)


class IndexWorker:
    """Asks, reckons and tells, once a second."""

    def __init__(
        self, folder: Path, core: CoreClient, catalog: Catalog, rules: Rules, clock: Clock
    ) -> None:
        """Prepare; nobody is asked yet.

        Args:
            folder: of the running exchange, where the venues' sockets are and the components are published.
            core: is told.
            catalog: the pairs.
            rules: which venues count, and how far.
            clock: wall time, which venues go by.
        """
        self._folder = folder
        self._core = core
        self._rules = rules
        self._clock = clock
        self._indices = [_Index(pair) for pair in catalog.instruments]

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop."""
        await self._recall()
        while not stop.is_set():
            try:
                await self.step()
            except (CoreTimeout, CoreBusy, OSError) as error:
                # OSError: what is published has no room on the disk.
                log.warning("index.not_told", error=str(error))
            try:
                async with asyncio.timeout(_PERIOD_S):
                    await stop.wait()
            except TimeoutError:
                continue

    async def _recall(self) -> None:
        """Go on from what the core was told before; it counts as said now."""
        told = {said.instrument: said for said in (await self._core.definitions()).index_prices}
        now_ms = self._clock.now_ms()
        for index in self._indices:
            known = told.get(index.pair.instrument)
            if known is not None:
                bounds = (known.highest_buy, known.lowest_sell)
                index.recall(_Told(known.price, *bounds), now_ms)

    async def step(self) -> None:
        """Ask all venues once, and tell the core what has changed."""
        sources = self._rules.source
        answers = await asyncio.gather(
            *(ask(self._folder / f"venue-{source.name}.sock") for source in sources)
        )
        now_ms = self._clock.now_ms()
        known = [
            said(source, quotes, now_ms, self._rules.stale_ms)
            for source, quotes in zip(sources, answers, strict=True)
        ]
        books = await asyncio.gather(
            *(self._core.book(index.pair.instrument, 1) for index in self._indices)
        )
        with localcontext(prec=_DIGITS):
            news, shown = self._reckon(known, books, now_ms)
        if news:
            replies = await self._core.submit_many([_record(index, told) for index, told in news])
            for (index, told), reply in zip(news, replies, strict=True):
                if reply.refusal is None:
                    index.told = told
                else:
                    log.error("index.refused", pair=index.pair.symbol, refusal=reply.refusal.name)
        if shown:
            published.write(self._folder, shown)

    def _reckon(
        self, known: Sequence[Said], books: Sequence[BookRow], now_ms: int
    ) -> tuple[list[tuple[_Index, _Told]], Mapping[str, published.PublishedIndex]]:
        news: list[tuple[_Index, _Told]] = []
        shown: dict[str, published.PublishedIndex] = {}
        for index, book in zip(self._indices, books, strict=True):
            pair = index.pair
            found = [
                component(source, says, pair.base.symbol, pair.quote.symbol)
                for source, says in zip(self._rules.source, known, strict=True)
            ]
            components = [each for each in found if each is not None]
            price, told = index.follow(components, book, self._rules, now_ms)
            if told != index.told:
                news.append((index, told))
            if price is not None:
                shown[pair.symbol] = _shown(price, components, now_ms)
        return news, shown


def _record(index: _Index, told: _Told) -> bytes:
    return commands.set_index_price(
        instrument=index.pair.instrument,
        price=told.price,
        highest_buy=told.highest_buy,
        lowest_sell=told.lowest_sell,
    )


def _shown(
    price: Decimal, components: Sequence[Component], now_ms: int
) -> published.PublishedIndex:
    whole = sum(component.weight for component in components)
    return published.PublishedIndex(
        _text(price),
        now_ms,
        tuple(
            published.PublishedComponent(
                each.source,
                each.symbol,
                format_amount(each.price),
                _text(each.converted),
                _text(each.weight / whole),
            )
            for each in components
        ),
    )


def _text(number: Decimal) -> str:
    return format_amount(number.quantize(_SHOWN).normalize())
