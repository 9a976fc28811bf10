"""Compares rows of an answer with the lists of fields that OKX documents."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parent.parent / "conformance" / "vectors"


def documented(file: str, name: str) -> list[str]:
    """Return the fields of an endpoint ("GET /api/v5/...") or channel ("WS account").

    A field of a nested list is spelled `details[].ccy`, one of a nested object `details.funding`.
    """
    found: list[str] = json.loads((VECTORS / file).read_text())[name]
    return found


def spelled(row: Mapping[str, Any]) -> set[str]:
    """Spell the fields of a row as `documented` does."""
    names: set[str] = set()
    for name, value in row.items():
        names.add(name)
        if isinstance(value, Mapping):
            names |= {f"{name}.{inner}" for inner in spelled(value)}
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, Mapping):
                    names |= {f"{name}[].{inner}" for inner in spelled(item)}
    return names


def expected_of(row: Mapping[str, Any], fields: Iterable[str]) -> set[str]:
    """Leave out the fields of nested lists that are empty in this row."""
    empty = tuple(f"{name}[]." for name, value in row.items() if value == [])
    return {field for field in fields if not (empty and field.startswith(empty))}


def assert_fields(row: Mapping[str, Any], fields: Iterable[str]) -> None:
    """Assert that a row has the documented fields and no others, and no null anywhere."""
    assert spelled(row) == expected_of(row, fields)
    assert "null" not in json.dumps(row)
