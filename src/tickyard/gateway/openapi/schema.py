"""From the members of a shape to JSON Schema."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, Final

Schema = dict[str, Any]

_KINDS: Final[Mapping[str, Schema]] = {
    "text": {"type": "string"},
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "object": {"type": "object"},
    "objects": {"type": "array", "items": {"type": "object"}},
    "words": {"type": "array", "items": {"type": "string"}},
    "list": {"type": "array"},
}
LIST: Final[Schema] = {"type": "array"}
NEEDED: Final = "!"
_OF_LIST: Final = "[]"


def kind(word: str) -> Schema:
    """Return the schema of one member: a kind by its name, or the words that it may be."""
    found = _KINDS.get(word)
    # A copy, whole: what is nested may be added to later.
    return deepcopy(found) if found else {"type": "string", "enum": word.split("|")}


def taken(members: Mapping[str, str]) -> Schema:
    """Write the schema of a body; only what is marked must be there."""
    return _tree(
        (name.rstrip(NEEDED), kind(word), name.endswith(NEEDED)) for name, word in members.items()
    )


def given(members: Iterable[str]) -> Schema:
    """Write the schema of a row: every member is always there, though it may be empty text."""
    typed = (member.partition(":") for member in members)
    return _tree((name, kind(word or "text"), True) for name, _, word in typed)


def _tree(members: Iterable[tuple[str, Schema, bool]]) -> Schema:
    root: Schema = {"type": "object", "properties": {}}
    for path, schema, is_needed in members:
        *outer, name = path.split(".")
        place = root
        for step in outer:
            place = _inside(place, step)
        place["properties"].setdefault(name, schema)
        if is_needed:
            place.setdefault("required", []).append(name)
    return root


def _inside(place: Schema, step: str) -> Schema:
    """Return the object that a member is, or holds a list of, making it one."""
    name = step.removesuffix(_OF_LIST)
    member: Schema = place["properties"].setdefault(name, {})
    inner = member
    if step.endswith(_OF_LIST):
        member["type"] = "array"
        inner = member.setdefault("items", {})
    inner["type"] = "object"
    inner.setdefault("properties", {})
    return inner
