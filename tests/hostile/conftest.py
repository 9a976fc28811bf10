"""One exchange for everything hostile that a test process sends."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hostile.venue import Venue
from tests.support.exchange import Exchange

CUT_OFF = ("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let go what the other end has cut off; when the collector finds it is nobody's affair."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for warning in CUT_OFF:
                item.add_marker(pytest.mark.filterwarnings(warning))


@pytest.fixture(scope="session")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    """An exchange of this process's own: what others do must not change the state hash."""
    with Exchange(tmp_path_factory.mktemp("hostile") / "home") as running:
        yield Venue(running)
