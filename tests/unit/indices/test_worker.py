"""The worker against venues that a test plays, and a core that takes down what it is told."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from tickyard.base.clock import ManualClock
from tickyard.base.ids import InstrumentId, Seq
from tickyard.engine import BookRow, CoreClient, Reply
from tickyard.engine.commands import set_index_price
from tickyard.engine.rows import Definitions
from tickyard.gateway.route import Request
from tickyard.indices import published
from tickyard.indices.routes import routes
from tickyard.indices.sources import ask, rules
from tickyard.indices.worker import IndexWorker
from tickyard.instruments import listing

NOW_MS = 1_764_042_240_000
CATALOG = listing.load()
BTC = InstrumentId(1)


class Core:
    """Accepts everything."""

    def __init__(self) -> None:
        self.told: dict[int, bytes] = {}

    async def definitions(self) -> Definitions:
        return Definitions([], [], [], [])

    async def book(self, instrument: InstrumentId, depth: int) -> BookRow:
        del instrument, depth
        return BookRow(Seq(0), 0, [], [])

    async def submit_many(self, records: list[bytes]) -> list[Reply]:
        self.told |= {int.from_bytes(record[24:28], "little"): record for record in records}
        return [cast("Reply", Accepted()) for _ in records]


class Accepted:
    refusal = None


def ticker(symbol: str, price: str, ts: int = NOW_MS, volume: str = "1") -> dict[str, Any]:
    return {
        "symbol": symbol,
        "bid": price,
        "ask": price,
        "last": price,
        "volume_1m": volume,
        "ts": ts,
    }


class Outside:
    """Venues that answer what they are given; the others do not answer."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="venues"))
        self.core = Core()
        self.clock = ManualClock(NOW_MS * 1_000_000)
        self.worker = IndexWorker(
            self.folder, cast("CoreClient", self.core), CATALOG, rules(), self.clock
        )
        self.says: dict[str, bytes] = {}
        self.servers: list[asyncio.Server] = []

    async def open(self, name: str, *tickers: dict[str, Any]) -> None:
        is_new = name not in self.says
        self.says[name] = b"HTTP/1.1 200 OK\r\n\r\n" + msgspec.json.encode(tickers)
        if is_new:

            async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(self.says[name])
                writer.close()

            path = self.folder / f"venue-{name}.sock"
            self.servers.append(await asyncio.start_unix_server(answer, path))

    async def btc(self, **prices: str) -> None:
        for name, price in prices.items():
            quote = next(source.quote for source in rules().source if source.name == name)
            await self.open(name, ticker(f"BTC-{quote}", price), ticker(f"USDT-{quote}", "1"))
        await self.worker.step()


@pytest.fixture
def outside() -> Iterator[Outside]:
    found = Outside()
    yield found
    for server in found.servers:
        server.close()


def told(price: int, highest_buy: int, lowest_sell: int) -> bytes:
    return set_index_price(
        instrument=BTC, price=price, highest_buy=highest_buy, lowest_sell=lowest_sell
    )


async def test_the_core_is_told_the_index_and_the_bounds_in_ticks(outside: Outside) -> None:
    await outside.btc(halyard="100", kestrel="100", meridian="100", quarry="100")
    # The lowest price of the listing bounds them too.
    assert outside.core.told[BTC] == told(1_000, 1_050, 1_000)


async def test_a_venue_that_lies_moves_the_index_no_further_than_the_band(
    outside: Outside,
) -> None:
    await outside.btc(halyard="50000", kestrel="50000", meridian="50000", quarry="500000")
    # The liar counts as two percent above the median, and weighs 0.15.
    assert outside.core.told[BTC][32:40] == told(501_500, 0, 0)[32:40]


async def test_stale_and_future_prices_and_silent_venues_do_not_count(outside: Outside) -> None:
    await outside.open("halyard", ticker("BTC-USDT", "99000", ts=NOW_MS - 10_001))
    await outside.open("kestrel", ticker("BTC-USDT", "98000", ts=NOW_MS + 2_000))
    await outside.btc(quarry="50000")
    assert outside.core.told[BTC][32:40] == told(500_000, 0, 0)[32:40]


async def test_without_any_venue_the_index_stays_and_after_a_minute_bounds_nobody(
    outside: Outside,
) -> None:
    await outside.btc(halyard="50000")
    before = outside.core.told[BTC]
    outside.says["halyard"] = b"HTTP/1.1 503 Service Unavailable\r\n\r\n[]"
    outside.clock.advance_ms(59_000)
    await outside.worker.step()
    assert outside.core.told[BTC] == before
    outside.clock.advance_ms(2_000)
    await outside.worker.step()
    assert outside.core.told[BTC] == told(500_000, 0, 0)


async def test_nonsense_is_no_answer(outside: Outside) -> None:
    await outside.open("halyard")
    for nonsense in (b"", b"HTTP/1.1 200 OK\r\n\r\n{", b'HTTP/1.1 200 OK\r\n\r\n[{"symbol":1}]'):
        outside.says["halyard"] = nonsense
        assert await ask(outside.folder / "venue-halyard.sock") == ()
    assert await ask(outside.folder / "venue-nobody.sock") == ()


async def test_components_are_shown_converted_and_with_weights_that_sum_to_one(
    outside: Outside,
) -> None:
    await outside.open("halyard", ticker("BTC-USDT", "50000"), ticker("ETH-USDT", "2500"))
    await outside.open("meridian", ticker("BTC-USDC", "50000"), ticker("ETH-USDC", "2500"))
    await outside.worker.step()
    assert published.read(outside.folder)["ETH-BTC"].price == "0.05"
    route = next(r for r in routes(CATALOG, outside.folder) if r.path.endswith("components"))
    answer = await route.handler(
        Request(caller=None, params={"index": "ETH-BTC"}, body=None, received_us=0)
    )
    assert isinstance(answer.data, msgspec.Raw)
    row = msgspec.json.decode(answer.data)
    assert row["last"] == "0.05"
    shown = [(c["exch"], c["symbol"], c["symPx"], c["cnvPx"]) for c in row["components"]]
    assert shown == [
        ("halyard", "ETH-USDT", "2500", "0.05"),
        ("meridian", "ETH-USDC", "2500", "0.05"),
    ]
    assert sum(float(c["wgt"]) for c in row["components"]) == pytest.approx(1)
