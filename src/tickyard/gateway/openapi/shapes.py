"""What each endpoint takes and gives: `shapes.json` of a slice, keyed by method and path.

Names are OKX's. Those of nested members are spelled `details[].ccy` in lists and `linkedAlgoOrd.algoId` in objects.
A table may say more than the slice serves: what is not served yet is no part of the document.
"""

from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Final

import msgspec
from msgspec import Struct

FILE: Final = "shapes.json"
LISTS: Final = "lists"


class Shape(Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of one endpoint."""

    takes: Mapping[str, str] = {}
    """Members of the query or the body. A "!" at the end of the name: it must be there.

    The value is "text", "boolean", "integer", "object", "objects", "words" (a list of texts), or the words that OKX
    knows, with bars between them.
    """
    gives: tuple[str, ...] | str = ()
    """Members of each row, as text unless a type follows: "instIdCode:integer"; "lists" when rows are lists."""
    many: bool = False
    """Whether the body is a list of 1 to 20 such objects."""


def load(packages: Iterable[str]) -> Mapping[str, Shape]:
    """Read the tables of slices.

    Args:
        packages: e.g. "tickyard.trading".

    Returns:
        Shapes by method and path, e.g. "GET /api/v5/trade/order".
    """
    found: dict[str, Shape] = {}
    for package in packages:
        text = resources.files(package).joinpath(FILE).read_bytes()
        found |= msgspec.json.decode(text, type=dict[str, Shape])
    return found
