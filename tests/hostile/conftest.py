"""One exchange for everything hostile that a test process sends."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hostile.venue import Venue
from tests.support.exchange import Exchange
from tests.support.left_open import let_go


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let go what the other end has cut off."""
    let_go(items, Path(__file__).parent)


@pytest.fixture(scope="session")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    """An exchange of this process's own: what others do must not change the state hash."""
    with Exchange(tmp_path_factory.mktemp("hostile") / "home") as running:
        yield Venue(running)
