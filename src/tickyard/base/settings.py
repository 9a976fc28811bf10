"""Settings: frozen structs, one per slice, all in one TOML file.

A slice derives its struct from `Section`; each key has a default, a unit in its name and a line of
documentation. `node` puts the sections together into one struct and loads it.
"""

import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from tickyard.base.errors import TickyardError

T = TypeVar("T", bound=msgspec.Struct)


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A group of settings. An unknown key is an error, so that a typing mistake is found."""


class SettingsInvalid(TickyardError):
    """The settings file cannot be used."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def load_settings(path: Path, kind: type[T]) -> T:
    """Read the settings file; a missing file means all defaults.

    Args:
        path: the TOML file.
        kind: the struct of all sections, each of which has a default.

    Raises:
        SettingsInvalid: not TOML, an unknown key, or a value of the wrong type.
    """
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SettingsInvalid(path, str(error)) from error
