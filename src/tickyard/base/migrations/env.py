"""What Alembic runs to apply migrations: on the connection that `migrating.migrate` has opened."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
