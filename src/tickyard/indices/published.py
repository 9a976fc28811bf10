"""What the indices were last made of, in a file of the running exchange: derived, and of interest only while it is new."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

FILE = "indices.json"


class PublishedComponent(msgspec.Struct, frozen=True):
    """What one venue said; numbers are plain decimals."""

    source: str
    symbol: str
    price: str
    converted: str
    weight: str
    """Of the weights that counted."""


class PublishedIndex(msgspec.Struct, frozen=True):
    """An index and its components."""

    price: str
    time_ms: int
    components: tuple[PublishedComponent, ...]


def write(folder: Path, indices: Mapping[str, PublishedIndex]) -> None:
    """Replace what is published.

    Args:
        folder: of the running exchange.
        indices: by the names of the pairs.
    """
    path = folder / FILE
    fresh = path.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(indices))
    fresh.replace(path)


def read(folder: Path) -> Mapping[str, PublishedIndex]:
    """Read what is published; nothing when nobody has published yet."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=dict[str, PublishedIndex])
    except FileNotFoundError:
        return {}
