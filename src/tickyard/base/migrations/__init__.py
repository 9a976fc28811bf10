"""Where Alembic begins; the migrations themselves stand in the slices."""
