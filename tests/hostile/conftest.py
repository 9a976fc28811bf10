"""One exchange for everything hostile that a test process sends."""

from collections.abc import Iterator

import pytest
from tests.hostile.venue import Venue
from tests.support.exchange import Exchange


@pytest.fixture(scope="session")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    """An exchange of this process's own: what others do must not change the state hash."""
    with Exchange(tmp_path_factory.mktemp("hostile") / "home") as running:
        yield Venue(running)
