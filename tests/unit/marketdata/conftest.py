from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.market_history import ReadDatabase, catalog

from tickyard.marketdata.market import Markets


@pytest.fixture
def database(tmp_path: Path) -> Iterator[ReadDatabase]:
    found = ReadDatabase(tmp_path)
    yield found
    found.close()


@pytest.fixture
def markets() -> Markets:
    return Markets(catalog())
