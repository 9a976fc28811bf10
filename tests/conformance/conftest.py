"""A trading house for the rules that only the real core can show."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.support.trading_house import House, core_host, open_house


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with core_host(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture
async def house(home: Path) -> AsyncIterator[House]:
    """Everybody has demo money, and BTC-USDT was traded at 60000."""
    async with open_house(home) as opened:
        await opened.trade_at("60000")
        yield opened
