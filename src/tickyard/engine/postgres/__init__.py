"""The read side in PostgreSQL: the tables of a home are one schema of a database that is named by its address.

Only this package knows the server's ways.
"""

from tickyard.engine.postgres.address import Address
from tickyard.engine.postgres.database import PostgresDatabase

__all__ = ["Address", "PostgresDatabase"]
