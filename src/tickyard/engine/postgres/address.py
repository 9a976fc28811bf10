"""Where a PostgreSQL server is, and which schema on it is a home's."""

import re
import ssl
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
from pg8000.core import CoreConnection
from pg8000.exceptions import DatabaseError, InterfaceError

from tickyard.engine.database import Unavailable
from tickyard.engine.postgres.failures import cause_text, server_text

_SCHEMES: Final = ("postgresql", "postgres")
_PORT: Final = 5432
_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class Address(msgspec.Struct, frozen=True):
    """Where a server is, and what there is ours."""

    user: str
    database: str
    host: str = "localhost"
    """A name, or the folder of the server's socket."""
    port: int = _PORT
    schema: str = "tickyard"
    password_file: str = ""
    is_verified: bool = False
    """Whether the server must show a certificate that the system trusts."""

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read an address such as `postgresql://user@host:5432/database?schema=tickyard`.

        Raises:
            ValueError: the message says what is wrong.
        """
        parts = urlsplit(text)
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        host = options.pop("host", "") or parts.hostname or "localhost"
        schema = options.pop("schema", "tickyard")
        password_file = options.pop("password_file", "")
        mode = options.pop("sslmode", "prefer")
        database = unquote(parts.path.removeprefix("/"))
        for is_wrong, reason in (
            (parts.scheme not in _SCHEMES, 'it begins with "postgresql://"'),
            (parts.password is not None, "a password is in a file, named by ?password_file="),
            (not parts.username, "it names a user: postgresql://user@host/database"),
            (not database or "/" in database, "it ends with the name of a database"),
            (_NAME.fullmatch(schema) is None, "a schema has small letters, digits and _"),
            (mode not in {"prefer", "verify-full"}, 'sslmode is "prefer" or "verify-full"'),
            (bool(options), f"unknown: {', '.join(options)}"),
        ):
            if is_wrong:
                raise ValueError(reason)
        return cls(
            unquote(parts.username or ""),
            database,
            unquote(host),
            parts.port or _PORT,
            schema,
            password_file,
            mode == "verify-full",
        )

    def __str__(self) -> str:
        """Name it for people."""
        host = "" if self.host.startswith("/") else f"{self.host}:{self.port}"
        return f"postgresql://{self.user}@{host}/{self.database}, schema {self.schema}"

    def connect(self, within_s: int) -> CoreConnection:
        """Connect; each answer must come within the time."""
        password = None
        if self.password_file:
            try:
                password = Path(self.password_file).expanduser().read_text().strip()
            except OSError as error:
                raise Unavailable(f"{self}: {error}") from error
        is_local = self.host.startswith("/")
        try:
            return CoreConnection(
                self.user,
                host=None if is_local else self.host,
                unix_sock=f"{self.host}/.s.PGSQL.{self.port}" if is_local else None,
                port=self.port,
                database=self.database,
                password=password,
                ssl_context=ssl.create_default_context() if self.is_verified else None,
                timeout=within_s,
                application_name="tickyard",
            )
        except (DatabaseError, InterfaceError, OSError) as error:
            reason = server_text(error) if isinstance(error, DatabaseError) else cause_text(error)
            raise Unavailable(f"{self}: {reason}") from error
