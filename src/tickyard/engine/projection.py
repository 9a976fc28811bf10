"""The read side: tables that follow the event segments, exactly once.

Each projection has a cursor, the number of the last command whose events it has stored. Rows and cursor are
committed in one transaction, so a projector that dies anywhere resumes with the next command.
"""

import sqlite3
from pathlib import Path
from typing import Protocol

from tickyard.engine.events import EventBatch

READ_DATABASE = Path("read") / "read.sqlite"


class Projection(Protocol):
    """One slice's tables in the read database."""

    @property
    def name(self) -> str:
        """Names the cursor. A new name builds the tables again from the oldest kept event."""
        ...

    def migrate(self, connection: sqlite3.Connection) -> None:
        """Create the tables if they are not there. Runs at every start, inside a transaction."""
        ...

    def apply(self, connection: sqlite3.Connection, batch: EventBatch) -> None:
        """Store what the events mean. The caller owns the transaction and the cursor."""
        ...
