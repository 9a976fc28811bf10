from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from tests.support.people_desk import PeopleDesk

import tickyard.users
from tickyard.base import migrating
from tickyard.users.records import PEOPLE


def test_migrations_make_the_tables_that_the_code_knows(desk: PeopleDesk) -> None:
    with desk.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, PEOPLE.metadata) == []


def test_migrating_twice_changes_nothing(desk: PeopleDesk) -> None:
    desk.store.add_person("ada@example.org", "hash", 1)
    migrating.migrate(desk.engine, [Path(tickyard.users.__file__).with_name("migrations")])
    assert desk.store.person_by_email("ada@example.org") is not None
