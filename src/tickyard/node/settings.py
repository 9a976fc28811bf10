"""`settings.toml` in a home: what a person may choose for it. Read strictly, so that a slip of the pen is not a choice.

Whatever is not named there has its default.
"""

import re
import tomllib
from typing import Final, Literal

import msgspec

from tickyard.engine.database import ReadDatabase
from tickyard.engine.postgres import Address, PostgresDatabase
from tickyard.engine.sqlite import SqliteDatabase
from tickyard.node.home import Home

ALL: Final = "all"
DEFAULT_KEEP: Final = "1GB"
_UNITS: Final = {"MB": 10**6, "GB": 10**9, "TB": 10**12}
_SIZE: Final = re.compile(rf"([1-9][0-9]{{0,5}}) ?({'|'.join(_UNITS)})")
_TEXT: Final = f"""\
# Settings of this home; they are read whenever the exchange starts.

# See docs/howto/keep-a-home-small.md. How much of the journal and of its events is kept, compressed: "all", or a size in MB, GB or TB, e.g. "2GB". When they
# take more, the oldest segments go, but never what the oldest snapshot or a reader needs. Default: "{DEFAULT_KEEP}".
keep = "{DEFAULT_KEEP}"

# Whether clients are held to OKX's rate limits: "on", or "off" for homes that are measured or tested. See
# docs/reference/rate-limits.md. Default: "on".
rate_limits = "on"

# Where history is read from: orders, fills, bills, candles. See docs/howto/read-from-postgresql.md. "sqlite" for a file in
# this home, or the address of a PostgreSQL database, e.g. "postgresql://tickyard@localhost/tickyard". Default: "sqlite".
read_database = "sqlite"
"""


READ_IN_SQLITE: Final = "sqlite"


class SettingsWrong(Exception):
    """The settings cannot be read; the message names the file, the key and what it may be."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a home's settings say."""

    keep: str = DEFAULT_KEEP
    rate_limits: Literal["on", "off"] = "on"
    read_database: str = READ_IN_SQLITE

    @property
    def keep_bytes(self) -> int | None:
        """How much journal and events may take; None for no bound."""
        if self.keep == ALL:
            return None
        size = _SIZE.fullmatch(self.keep)
        assert size is not None, "Invariant: settings are checked when they are read"
        return int(size[1]) * _UNITS[size[2]]


def load(home: Home) -> Settings:
    """Read the settings of a home; a home without the file has the defaults.

    Raises:
        OSError: the file cannot be read.
        SettingsWrong: it is not TOML, a key is unknown, or a value is not allowed.
    """
    try:
        text = home.settings.read_text()
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError as error:
        raise SettingsWrong(f"{home.settings} is not text: {error}") from error
    try:
        settings = msgspec.convert(tomllib.loads(text), Settings)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SettingsWrong(
            f"{home.settings}: {error}; the keys are keep, rate_limits and read_database"
        ) from error
    if settings.keep != ALL and _SIZE.fullmatch(settings.keep) is None:
        raise SettingsWrong(
            f'{home.settings}: keep was "{settings.keep}"; it may be "{ALL}" or a size such as "500MB" or "2GB"'
        )
    if settings.read_database != READ_IN_SQLITE:
        try:
            Address.parse(settings.read_database)
        except ValueError as error:
            raise SettingsWrong(
                f'{home.settings}: read_database was "{settings.read_database}"; it may be "{READ_IN_SQLITE}" or the address'
                f" of a PostgreSQL database: {error}"
            ) from error
    return settings


def read_database(home: Home, settings: Settings | None = None) -> ReadDatabase:
    """Return where the tables of history stand; read from the home's settings unless they are given.

    Raises:
        OSError: the settings cannot be read.
        SettingsWrong: they are wrong.
    """
    address = (settings or load(home)).read_database
    if address == READ_IN_SQLITE:
        return SqliteDatabase(home.root)
    return PostgresDatabase(home.root, Address.parse(address))


def write_defaults(home: Home) -> None:
    """Write the file with its defaults where it is missing, for a person to find."""
    if not home.settings.exists():
        home.settings.write_text(_TEXT)
