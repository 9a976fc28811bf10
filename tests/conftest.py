"""What all tests share."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.support.exchange import Exchange
from tests.support.postgres import PostgresServer, postgres_server
from tests.support.trading_house import core_host

from tickyard.engine.database import ReadDatabase
from tickyard.engine.sqlite import SqliteDatabase

# No test depends on how fast the machine is.
settings.register_profile("tickyard", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tickyard")


@pytest.fixture(scope="session")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exchange]:
    """An exchange without simulated participants, shared by the tests of one worker."""
    with Exchange(tmp_path_factory.mktemp("exchange") / "home") as running:
        yield running


@pytest.fixture
def fresh_exchange(tmp_path: Path) -> Iterator[Exchange]:
    """An exchange of the test's own, to be killed and restarted."""
    with Exchange(tmp_path / "home") as running:
        yield running


@pytest.fixture(scope="module")
def trading_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a core alone, shared by the tests of a module; see `trading_house.open_house`."""
    with core_host(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server, shared by the tests of one worker; each test has a schema of its own."""
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def read_database(request: pytest.FixtureRequest, tmp_path: Path) -> ReadDatabase:
    """Where the tables of a home in `tmp_path` stand: what it shows holds for both databases."""
    if request.param == "sqlite":
        return SqliteDatabase(tmp_path)
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.database(tmp_path)
