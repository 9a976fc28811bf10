"""`settings.toml` in a home: what a person may choose for it. Read strictly, so that a slip of the pen is not a choice.

Whatever is not named there has its default.
"""

import re
import tomllib
from typing import Final, Literal

import msgspec

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
"""


class SettingsWrong(Exception):
    """The settings cannot be read; the message names the file, the key and what it may be."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a home's settings say."""

    keep: str = DEFAULT_KEEP
    rate_limits: Literal["on", "off"] = "on"

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
            f"{home.settings}: {error}; the keys are keep and rate_limits"
        ) from error
    if settings.keep != ALL and _SIZE.fullmatch(settings.keep) is None:
        raise SettingsWrong(
            f'{home.settings}: keep was "{settings.keep}"; it may be "{ALL}" or a size such as "500MB" or "2GB"'
        )
    return settings


def write_defaults(home: Home) -> None:
    """Write the file with its defaults where it is missing, for a person to find."""
    if not home.settings.exists():
        home.settings.write_text(_TEXT)
