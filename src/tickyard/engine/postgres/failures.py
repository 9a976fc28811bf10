"""What the server and the driver say, in the words of the read side."""

from typing import Final, NoReturn

from pg8000.exceptions import DatabaseError

from tickyard.engine.database import Broken, NoTables, Unavailable

# States of SQL, by their beginnings. Source: PostgreSQL 15, Appendix A.
_NO_TABLES: Final = ("42P01", "3F000")
_TEMPORARY: Final = ("08", "28", "3D000", "40", "53", "55", "57", "58")
_DAMAGED: Final = ("XX", "23", "42P07")


def raise_as_ours(error: Exception) -> NoReturn:
    """Raise what it means for who reads or writes; what means nothing known is raised as it is."""
    if not isinstance(error, DatabaseError):
        raise Unavailable(cause_text(error)) from error
    state = str(error.args[0].get("C", "")) if error.args else ""
    if state in _NO_TABLES:
        raise NoTables(server_text(error)) from error
    if state.startswith(_TEMPORARY):
        raise Unavailable(server_text(error)) from error
    if state.startswith(_DAMAGED):
        raise Broken(server_text(error)) from error
    raise error


def server_text(error: DatabaseError) -> str:
    """Return what the server said."""
    found = error.args[0] if error.args else {}
    return str(found.get("M", found)) if isinstance(found, dict) else str(found)


def cause_text(error: Exception) -> str:
    """Return what went wrong on the way to the server."""
    return f"{error}: {error.__cause__}" if error.__cause__ else str(error) or repr(error)
