"""The demo's data file, read once."""

import tomllib
from functools import cache
from importlib import resources

import msgspec

from tickyard.users.model import DemoAccount, DemoKey


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
    text = resources.files("tickyard.users").joinpath("data", "demo.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _DemoFile)
