"""The demo's data file, read once."""

from functools import cache
from typing import Final

import msgspec

from tickyard.base.data_files import read_toml
from tickyard.base.ids import AccountId
from tickyard.users.model import DemoAccount, DemoKey

FIRST_ACCOUNT: Final = AccountId(1_024)
"""The first number of people who sign up; those below are the house's and the demo's, for ever."""


class _DemoFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    account: tuple[DemoAccount, ...]
    key: tuple[DemoKey, ...]


def demo_accounts() -> tuple[DemoAccount, ...]:
    """Return the demo's accounts, in the order of their numbers."""
    return _file().account


def demo_keys() -> tuple[DemoKey, ...]:
    """Return the demo's keys; one account may have several."""
    return _file().key


@cache
def _file() -> _DemoFile:
    return read_toml("tickyard.users", "demo.toml", _DemoFile)
