"""The records of a home: which database holds them, and the key that opens what is sealed in it."""

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from tickyard.base import database
from tickyard.node.home import Home
from tickyard.users.store import Store
from tickyard.users.vault import Vault

_SLICES = ("tickyard.users",)


def people(home: Home) -> Store:
    """Open the records of people."""
    return Store(database.open_database(database.records_url(home.records)))


def vault(home: Home) -> Vault:
    """Open the vault; its key is made with the home."""
    return Vault.open(home.keys / "records.key")


def migrate(home: Home) -> None:
    """Bring the tables of every slice up to date."""
    engine = database.open_database(database.records_url(home.records))
    try:
        database.migrate(engine, _locations())
    finally:
        engine.dispose()


def _locations() -> Sequence[Path]:
    return [Path(str(resources.files(name))) / "migrations" for name in _SLICES]
