import asyncio

from tests.support.market_history import btc

from tickyard.marketdata.channels.cadence import Cadence
from tickyard.marketdata.market import Market, Markets


async def test_what_changes_often_is_handed_on_once(markets: Markets) -> None:
    seen: list[Market] = []
    handed_on = asyncio.Event()

    def flush(market: Market) -> None:
        seen.append(market)
        handed_on.set()

    cadence = Cadence(60_000, flush)
    for _ in range(5):
        cadence.mark(btc(markets))
    async with asyncio.timeout(5):
        task = asyncio.ensure_future(cadence.run())
        await handed_on.wait()
    assert seen == [btc(markets)]
    cadence.mark(btc(markets))
    cadence.flush()
    assert len(seen) == 2
    task.cancel()
