"""The venues that count, and what they say."""

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from tickyard.base.data_files import read_toml
from tickyard.indices.rule import Component

_ANSWER_WITHIN_S: Final = 0.8
_OK: Final = b"HTTP/1.1 200 "
_FUTURE_MS: Final = 1_000


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A venue, as far as an index knows it."""

    name: str
    quote: str
    weight: Decimal


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which venues count, and how far. The data file says what each number means."""

    stale_ms: int
    band: Decimal
    limit_near: Decimal
    limit_far: Decimal
    source: tuple[Source, ...]


class Quote(msgspec.Struct, frozen=True):
    """A ticker of a venue."""

    symbol: str
    bid: Decimal
    ask: Decimal
    last: Decimal
    volume_1m: Decimal
    ts: int

    @property
    def price(self) -> Decimal:
        """The last price, but not beyond what is bid and asked now."""
        return min(max(self.last, self.bid), self.ask)

    def counts(self, now_ms: int, stale_ms: int) -> bool:
        """Tell whether it is fresh, of now and not of the future, and somebody trades there."""
        is_fresh = -_FUTURE_MS <= now_ms - self.ts <= stale_ms
        return is_fresh and self.volume_1m > 0 and 0 < self.bid <= self.ask and self.last > 0


Said = Mapping[str, Quote]
"""The tickers of one venue that count, by their base coin."""


@cache
def rules() -> Rules:
    """Return the rules that come with the package."""
    return read_toml("tickyard.indices", "sources.toml", Rules)


async def ask(path: Path) -> Sequence[Quote]:
    """Ask a venue for its tickers; empty when it does not answer, or answers nonsense.

    Args:
        path: the socket that it listens on.
    """
    try:
        async with asyncio.timeout(_ANSWER_WITHIN_S):
            reader, writer = await asyncio.open_unix_connection(path)
            try:
                writer.write(b"GET /tickers HTTP/1.1\r\nHost: venue\r\nConnection: close\r\n\r\n")
                answer = await reader.read(-1)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return ()
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(_OK):
        return ()
    try:
        return msgspec.json.decode(body, type=tuple[Quote, ...])
    except msgspec.DecodeError:
        return ()


def said(source: Source, quotes: Sequence[Quote], now_ms: int, stale_ms: int) -> Said:
    """Return what counts of a venue's tickers."""
    suffix = f"-{source.quote}"
    return {
        quote.symbol.removesuffix(suffix): quote
        for quote in quotes
        if quote.symbol.endswith(suffix) and quote.counts(now_ms, stale_ms)
    }


def component(source: Source, known: Said, base: str, quote: str) -> Component | None:
    """Return what a venue says of an index, converted by its own prices; None when it says nothing.

    Args:
        source: the venue.
        known: what it says.
        base: of the index.
        quote: of the index.
    """
    worth = _price(source, known, base)
    per = _price(source, known, quote)
    if worth is None or per is None:
        return None
    symbol = f"{base}-{source.quote}" if base != source.quote else f"{quote}-{source.quote}"
    price = worth if base != source.quote else per
    return Component(source.name, symbol, price, worth / per, source.weight)


def _price(source: Source, known: Said, asset: str) -> Decimal | None:
    """What one of an asset is worth in the venue's quote coin."""
    if asset == source.quote:
        return Decimal(1)
    quote = known.get(asset)
    return None if quote is None else quote.price
