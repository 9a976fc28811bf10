from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import OperationalError

from tickyard.base.database import migrate, open_reader, open_writer

FIRST = '''
"""First tables."""
import sqlalchemy as sa
from alembic import op
revision = "0001"
down_revision = None
def upgrade():
    op.create_table("fills", sa.Column("id", sa.Integer, primary_key=True))
'''
SECOND = '''
"""A column more."""
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"
def upgrade():
    with op.batch_alter_table("fills") as fills:
        fills.add_column(sa.Column("size", sa.Text, nullable=False, server_default="0"))
'''


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Engine]:
    engine = open_writer(tmp_path / "read" / "read.sqlite")
    yield engine
    engine.dispose()


def revisions(folder: Path, *sources: str) -> Path:
    folder.mkdir(exist_ok=True)
    for number, source in enumerate(sources, 1):
        (folder / f"{number:04}_step.py").write_text(source)
    return folder


def columns(engine: Engine) -> list[str]:
    return [column["name"] for column in inspect(engine).get_columns("fills")]


def test_each_slice_brings_its_tables_up_to_date(tmp_path: Path, writer: Engine) -> None:
    folder = revisions(tmp_path / "trading", FIRST)
    with writer.begin() as connection:
        migrate(connection, "trading", folder)
    assert columns(writer) == ["id"]
    revisions(folder, FIRST, SECOND)
    with writer.begin() as connection:
        migrate(connection, "trading", folder)
        migrate(connection, "trading", folder)
    assert columns(writer) == ["id", "size"]


def test_slices_count_their_versions_apart(tmp_path: Path, writer: Engine) -> None:
    with writer.begin() as connection:
        migrate(connection, "trading", revisions(tmp_path / "trading", FIRST))
        migrate(
            connection, "account", revisions(tmp_path / "account", FIRST.replace("fills", "bills"))
        )
    assert {"fills", "bills", "trading_version", "account_version"} <= set(
        inspect(writer).get_table_names()
    )


def test_a_failed_transaction_leaves_nothing_behind(tmp_path: Path, writer: Engine) -> None:
    broken = FIRST + "    raise RuntimeError\n"
    with pytest.raises(RuntimeError), writer.begin() as connection:
        migrate(connection, "trading", revisions(tmp_path / "trading", broken))
    assert inspect(writer).get_table_names() == []


def test_readers_see_what_is_committed_and_change_nothing(tmp_path: Path, writer: Engine) -> None:
    with writer.begin() as connection:
        migrate(connection, "trading", revisions(tmp_path / "trading", FIRST))
    reader = open_reader(tmp_path / "read" / "read.sqlite")
    with writer.begin() as writing, reader.connect() as reading:
        writing.execute(text("insert into fills values (1)"))
        assert reading.execute(text("select count(*) from fills")).scalar() == 0
    with reader.connect() as reading:
        assert reading.execute(text("select count(*) from fills")).scalar() == 1
    with pytest.raises(OperationalError, match="readonly"), reader.begin() as reading:
        reading.execute(text("delete from fills"))
    reader.dispose()


def test_a_reader_creates_no_database(tmp_path: Path) -> None:
    reader = open_reader(tmp_path / "read.sqlite")
    with pytest.raises(OperationalError), reader.connect():
        pass
    assert not (tmp_path / "read.sqlite").exists()
