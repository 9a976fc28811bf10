from collections.abc import Iterator

import pytest
from tests.support.market_history import MarketDatabase, catalog

from tickyard.engine.database import ReadDatabase
from tickyard.marketdata.market import Markets


@pytest.fixture
def database(read_database: ReadDatabase) -> Iterator[MarketDatabase]:
    found = MarketDatabase(read_database)
    yield found
    found.close()


@pytest.fixture
def markets() -> Markets:
    return Markets(catalog())
