"""The data files of packages: what is so, written down where anybody can read and change it."""

import tomllib
from importlib import resources
from typing import TypeVar

import msgspec

T = TypeVar("T")


def read_text(package: str, name: str) -> str:
    """Read a file of a package's folder `data`."""
    return resources.files(package).joinpath("data", name).read_text("utf-8")


def read_toml(package: str, name: str, shape: type[T]) -> T:
    """Read a TOML file of a package's folder `data`.

    Raises:
        msgspec.ValidationError: it is not of that shape.
    """
    return msgspec.convert(tomllib.loads(read_text(package, name)), shape)
