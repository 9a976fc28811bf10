"""Brings the records up to date: each slice has its migrations, and the one process that writes runs them at its start."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine


class CannotMigrate(Exception):
    """The records are of a version that this program does not know; the message says so. Nothing was changed."""


def migrate(engine: Engine, locations: Sequence[Path]) -> None:
    """Bring the tables of all slices up to date, in one transaction. Only one process may do so at a time.

    Args:
        engine: of `open_database`.
        locations: each slice's folder of migrations.

    Raises:
        CannotMigrate: a newer version of this program has changed them.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, locations)))
    with _alone(engine) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "heads")
        except CommandError as error:
            raise CannotMigrate(
                f"the records are of another version of tickyard ({error}): start them with that version or a newer one"
            ) from error


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Open a transaction in which tables may be made anew, also such to which others refer."""
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    with engine.connect() as connection:
        # SQLite changes a table by copying it, and would take its removal for that of its rows.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        try:
            # Its driver begins by itself only before rows are changed, not before tables are.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            assert not broken, f"Invariant: no row refers to nothing: {broken}"
            connection.commit()
        finally:
            connection.rollback()
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
