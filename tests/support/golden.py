"""The golden files that hold Rust and Python together."""

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[1] / "golden"


def read(name: str) -> dict[str, Any]:
    """Read one golden file."""
    found: dict[str, Any] = json.loads((_FOLDER / name).read_text())
    return found


def spelled(variant: str) -> str:
    """Turn a Rust variant's name into ours: FillOrKill to FILL_OR_KILL."""
    return "".join(f"_{c}" if c.isupper() else c for c in variant).lstrip("_").upper()
