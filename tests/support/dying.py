"""A connection of the projector's that breaks at a chosen statement, as it does when the process is killed there."""

from collections.abc import Iterable, Sequence

from tickyard.engine.database import Connection, Rows, Values


class Killed(Exception):
    """The process would be dead now."""


class DyingConnection:
    """Fulfils `database.Connection` until it dies; what was not committed is gone, and nothing works any more."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._left: int | None = None
        self.is_dead = False

    def die_at(self, statement: int) -> None:
        """Die before a statement from here on, counted from 1; a commit counts twice, before and after."""
        self._left = statement

    def execute(self, statement: str, values: Values = ()) -> Rows:
        self._step()
        return self._connection.execute(statement, values)

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        self._step()
        self._connection.executemany(statement, rows)

    def begin_reading(self) -> None:
        self._step()
        self._connection.begin_reading()

    def begin_writing(self) -> None:
        self._step()
        self._connection.begin_writing()

    def begin_dropping(self) -> None:
        self._step()
        self._connection.begin_dropping()

    def commit(self) -> None:
        self._step()
        self._connection.commit()
        self._step()

    def rollback(self) -> None:
        """A dead process does not roll back: whoever held its connection does."""
        if not self.is_dead:
            self._connection.rollback()

    def close(self) -> None:
        self._connection.close()

    def has_table(self, table: str) -> bool:
        return self._connection.has_table(table)

    def columns(self, table: str) -> Sequence[str]:
        return self._connection.columns(table)

    def keys(self, table: str) -> Sequence[str]:
        return self._connection.keys(table)

    def _step(self) -> None:
        assert not self.is_dead, "nothing is asked of a dead connection"
        if self._left is None:
            return
        self._left -= 1
        if self._left == 0:
            self.is_dead = True
            self._connection.close()
            raise Killed
