from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.people_desk import PeopleDesk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PeopleDesk]:
    made = PeopleDesk(tmp_path)
    yield made
    made.engine.dispose()
