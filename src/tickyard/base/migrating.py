"""Brings the records up to date: each slice has its migrations, and the one process that writes runs them at its start.

Source: decisions.md 27.
"""

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine


def migrate(engine: Engine, locations: Sequence[Path]) -> None:
    """Bring the tables of all slices up to date. Only one process may do so at a time.

    Args:
        engine: of `open_database`.
        locations: each slice's folder of migrations.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, locations)))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "heads")
