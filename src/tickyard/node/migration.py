"""The tables of the records, brought up to date: by the one process that writes them, before it serves."""

from importlib import resources
from pathlib import Path

from tickyard.base import database, migrating
from tickyard.node.home import Home

_SLICES = ("tickyard.users",)


def migrate(home: Home) -> None:
    """Bring the tables of every slice up to date."""
    engine = database.open_database(database.records_url(home.records))
    try:
        folders = [Path(str(resources.files(name))) / "migrations" for name in _SLICES]
        migrating.migrate(engine, folders)
    finally:
        engine.dispose()
