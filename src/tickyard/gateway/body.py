"""JSON as clients send it: strict where it matters, lenient where they differ.

Members named twice are refused, because two readers would take different ones. Members that are ""
or null are dropped, because clients send all that they do not use. Fractions become `Decimal`.
"""

import json
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

DEPTH_MAX = 32
"""Lists and objects inside of each other; nothing that means something here is nested half as deep."""

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_CONTAINERS = frozenset({dict, list})


class NotJson(ValueError):
    """The bytes are no JSON, nested too deep, or name a member twice."""


def decode(raw: bytes) -> Any:  # noqa: ANN401  # JSON is anything
    """Decode JSON exactly as it is, blanks included.

    Raises:
        NotJson: it is none, it is nested too deep, or it names a member twice.
    """
    try:
        value = _DECODER.decode(raw)
        _refuse_depth(value, raw)
        _refuse_duplicates(value, raw)
    # InvalidOperation: a number with an exponent beyond that of any decimal.
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InvalidOperation) as error:
        raise NotJson(str(error)) from None
    return value


def without_blanks(value: Any, raw: bytes) -> Any:  # noqa: ANN401  # JSON is anything
    """Drop members that are "" or null, at every depth; they mean absent.

    Args:
        value: what `decode` returned.
        raw: the text that `value`, or what is around it, was decoded from.
    """
    # An empty string can be written in no other way, so mostly there is nothing to walk through.
    # Searched from the end, because on such text that takes a third of the time.
    if raw.rfind(b'""') < 0 and raw.rfind(b"null") < 0:
        return value
    return _stripped(value)


def _stripped(value: Any) -> Any:  # noqa: ANN401
    if type(value) is dict:
        return {
            name: _stripped(member) if type(member) in {dict, list} else member
            for name, member in value.items()
            if member is not None and member != ""
        }
    if type(value) is list:
        return [_stripped(item) for item in value]
    return value


def _refuse_depth(value: Any, raw: bytes) -> None:  # noqa: ANN401
    # Whoever walks through the value later calls itself once per level. Most text has fewer brackets
    # than there may be levels.
    if raw.count(b"{") + raw.count(b"[") <= DEPTH_MAX:
        return
    level = [value]
    for _ in range(DEPTH_MAX):
        level = [
            inner for outer in level if type(outer) in _CONTAINERS for inner in _members_of(outer)
        ]
    if any(type(inner) in _CONTAINERS for inner in level):
        raise NotJson("nested too deep")


def _members_of(container: Any) -> Iterable[Any]:  # noqa: ANN401
    return container.values() if type(container) is dict else container


def _refuse_duplicates(value: Any, raw: bytes) -> None:  # noqa: ANN401
    # There are at least as many colons as members written, and at least as many members written as
    # decoded; when both ends are equal nothing was lost. Only text with other colons is read twice.
    colons = raw.count(b":")
    if _members(value) == colons or _members_at_all_depths(value) == colons:
        return
    json.loads(raw, object_pairs_hook=_once)


def _members(value: Any) -> int:  # noqa: ANN401
    """Count the members of an object, of a list of objects, or of an object that holds such lists."""
    if type(value) is dict:
        inner = value.get("args")
        return len(value) + (_members(inner) if type(inner) is list else 0)
    count = 0
    if type(value) is list:
        for item in value:
            if type(item) is dict:
                count += len(item)
    return count


def _members_at_all_depths(value: Any) -> int:  # noqa: ANN401
    if type(value) is dict:
        return len(value) + sum(map(_members_at_all_depths, value.values()))
    if type(value) is list:
        return sum(map(_members_at_all_depths, value))
    return 0


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotJson("a member is named twice")
    return members
