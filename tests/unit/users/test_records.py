import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from tests.support.people_desk import PeopleDesk

import tickyard.users
from tickyard.base import database, migrating
from tickyard.base.ids import AccountId
from tickyard.users.records import PEOPLE

MIGRATIONS = Path(tickyard.users.__file__).with_name("migrations")


def test_migrations_make_the_tables_that_the_code_knows(desk: PeopleDesk) -> None:
    with desk.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, PEOPLE.metadata) == []


def test_migrating_twice_changes_nothing(desk: PeopleDesk) -> None:
    desk.store.people.add("ada@example.org", "hash", 1)
    migrating.migrate(desk.engine, [MIGRATIONS])
    assert desk.store.people.by_email("ada@example.org") is not None


def test_records_from_before_sub_accounts_are_brought_up_to_date(tmp_path: Path) -> None:
    engine = database.open_database(database.records_url(tmp_path))
    before = tmp_path / "migrations"
    before.mkdir()
    shutil.copy(MIGRATIONS / "users_0001_people.py", before)
    migrating.migrate(engine, [before])
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO people VALUES (7, 'ada@example.org', 'hash', 1, 1, NULL, 0, 0)",
            "INSERT INTO accounts VALUES (1024, 7, 1024, '', 1, 1)",
            "INSERT INTO api_keys VALUES ('key', 1024, x'00', x'00', 'trade', '', '', 1, 0, 0, NULL)",
        ):
            connection.execute(text(statement))
    engine.dispose()

    desk = PeopleDesk(tmp_path)
    (account,) = desk.store.accounts.of_person(7)
    assert (account.account, account.label, account.can_transfer_out) == (1024, "", None)
    assert [key.api_key for key in desk.store.keys.of_account(AccountId(1024))] == ["key"]
    with desk.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, PEOPLE.metadata) == []
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    desk.engine.dispose()


def test_records_of_a_newer_version_are_refused_by_name(desk: PeopleDesk) -> None:
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'users_9999'"))
    with pytest.raises(migrating.CannotMigrate, match="users_9999"):
        migrating.migrate(desk.engine, [MIGRATIONS])
    with desk.engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
