"""A trading house for the rules that only the real core can show."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.trading_house import House, open_house


@pytest.fixture
async def house(trading_home: Path) -> AsyncIterator[House]:
    """Everybody has demo money, and BTC-USDT was traded at 60000."""
    async with open_house(trading_home) as opened:
        await opened.trade_at("60000")
        yield opened
