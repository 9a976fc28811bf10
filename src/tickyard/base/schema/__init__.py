"""The environment in which Alembic runs the migrations of a slice."""
