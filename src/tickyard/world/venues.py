"""Venues outside: small services with public tickers, foreign to the exchange. An index is made of them.

Each follows the fair prices late, strays from them by itself, and has troubles of its own: it does not answer, its prices stand
still, or one of them is far off. Whoever listens to them must bear that.
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from math import exp, floor, log10, sqrt
from pathlib import Path
from typing import Final

import msgspec

from tickyard.base.clock import DAY_MS, Clock
from tickyard.base.data_files import read_toml
from tickyard.world.fair import FairPrices
from tickyard.world.rng import Rng

TICK_MS: Final = 500
"""So often prices change."""
_MEMORY: Final = 0.95
"""How much of a distance is left at the next change."""
_BPS: Final = 1e-4
_FIGURES: Final = 8
_TROUBLE_SIGMA: Final = 0.6
_SLIP: Final = 0.08
"""How far off a slipped price is."""
_REQUEST_MAX: Final = 4_096
_ANSWER_WITHIN_S: Final = 2


class VenueProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a venue behaves. The data file says what each number means."""

    name: str
    quote: str
    noise_bps: float
    half_spread_bps: float
    lag_ms: int
    outages_per_day: float
    freezes_per_day: float
    slips_per_day: float
    trouble_s: float


class VenueTicker(msgspec.Struct, frozen=True):
    """What a venue says of one of its pairs."""

    symbol: str
    bid: str
    ask: str
    last: str
    volume_1m: str
    ts: int


class _VenueFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    venue: tuple[VenueProfile, ...]


class Venue:
    """The prices of one venue."""

    def __init__(self, profile: VenueProfile, fair: FairPrices, rng: Rng) -> None:
        self.profile = profile
        self._fair = fair
        self._rng = rng
        self._seen: deque[Mapping[str, float]] = deque(maxlen=profile.lag_ms // TICK_MS + 1)
        self._away: dict[str, float] = {}
        self._out_until_ms = self._frozen_until_ms = self._slip_until_ms = 0
        self._slipped = ""
        self._tickers: list[VenueTicker] = []

    def tick(self, now_ms: int) -> None:
        """Let prices change."""
        how = self.profile
        self._seen.append(self._fair.all_usd())
        self._out_until_ms = self._trouble(self._out_until_ms, how.outages_per_day, now_ms)
        self._frozen_until_ms = self._trouble(self._frozen_until_ms, how.freezes_per_day, now_ms)
        if self._slip_until_ms <= now_ms:
            self._slip_until_ms = self._trouble(self._slip_until_ms, how.slips_per_day, now_ms)
            self._slipped = self._rng.one_of(sorted(self._seen[0]))
        if self._frozen_until_ms <= now_ms or not self._tickers:
            worth = self._seen[0]
            self._tickers = [
                self._ticker(asset, usd / worth[how.quote], now_ms)
                for asset, usd in worth.items()
                if asset != how.quote and how.quote in worth
            ]

    def tickers(self, now_ms: int) -> Sequence[VenueTicker] | None:
        """What it says; None while it does not answer."""
        return None if self._out_until_ms > now_ms else self._tickers

    def _ticker(self, asset: str, price: float, now_ms: int) -> VenueTicker:
        how = self.profile
        stray = how.noise_bps * _BPS * sqrt(1 - _MEMORY**2) * self._rng.normal()
        self._away[asset] = self._away.get(asset, 0.0) * _MEMORY + stray
        price *= exp(self._away[asset])
        if asset == self._slipped and self._slip_until_ms > now_ms:
            price *= 1 + _SLIP
        half = how.half_spread_bps * _BPS
        last = price * (1 + self._rng.between(-half, half))
        return VenueTicker(
            symbol=f"{asset}-{how.quote}",
            bid=_text(price * (1 - half)),
            ask=_text(price * (1 + half)),
            last=_text(last),
            volume_1m=_text(self._rng.skewed(1, 1)),
            ts=now_ms,
        )

    def _trouble(self, until_ms: int, per_day: float, now_ms: int) -> int:
        """When a trouble ends: the one that there is, or one that begins now and then."""
        if until_ms > now_ms or self._rng.between(0, 1) >= per_day * TICK_MS / DAY_MS:
            return until_ms
        return now_ms + int(self._rng.skewed(self.profile.trouble_s * 1000, _TROUBLE_SIGMA))


def profiles() -> tuple[VenueProfile, ...]:
    """Return all venues that there are."""
    return _file().venue


async def serve(folder: Path, fair: FairPrices, seed: int, clock: Clock) -> None:
    """Run all venues, each an HTTP service on a socket of its own, until cancelled.

    Args:
        folder: where the sockets are made, as `venue-NAME.sock`.
        fair: the prices that they follow.
        seed: where noise and troubles come from.
        clock: tells their time.
    """
    venues = [Venue(how, fair, Rng(seed, f"venue {how.name}")) for how in profiles()]
    servers: list[asyncio.Server] = []
    try:
        for venue in venues:
            path = folder / f"venue-{venue.profile.name}.sock"
            with suppress(FileNotFoundError):
                path.unlink()
            service = _Service(venue, clock)
            server = await asyncio.start_unix_server(
                service.answer, path, limit=_REQUEST_MAX, start_serving=False
            )
            # Known before it serves, so that it is closed wherever we are cancelled.
            servers.append(server)
            await server.start_serving()
        while True:
            for venue in venues:
                venue.tick(clock.now_ms())
            await asyncio.sleep(TICK_MS / 1000)
    finally:
        for server in servers:
            server.close()


class _Service:
    """GET /tickers; one request a connection."""

    def __init__(self, venue: Venue, clock: Clock) -> None:
        self._venue = venue
        self._clock = clock

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, whatever it asks: there is but one page."""
        with suppress(
            OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError
        ):
            async with asyncio.timeout(_ANSWER_WITHIN_S):
                await reader.readuntil(b"\r\n\r\n")
                tickers = self._venue.tickers(self._clock.now_ms())
                status = b"200 OK" if tickers is not None else b"503 Service Unavailable"
                body = msgspec.json.encode(tickers or [])
                writer.write(
                    b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nConnection: close\r\n"
                    b"Content-Length: %d\r\n\r\n%b" % (status, len(body), body)
                )
                await writer.drain()
        writer.close()


def _text(number: float) -> str:
    digits = max(0, _FIGURES - 1 - floor(log10(number)))
    return f"{number:.{digits}f}"


@cache
def _file() -> _VenueFile:
    return read_toml("tickyard.world", "venues.toml", _VenueFile)
