"""Run by Alembic, with the connection and the version table that `database.migrate` gives it."""

from alembic import context

given = context.config.attributes
# Batches, because SQLite alters a table by copying it.
context.configure(
    connection=given["connection"], version_table=given["version_table"], render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
