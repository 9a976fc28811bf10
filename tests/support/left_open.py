"""Connections that are left to the garbage collector: by clients from the registry, and where the other end has cut them off."""

from collections.abc import Iterable
from pathlib import Path

import pytest

_WARNINGS = ("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


def let_go(items: Iterable[pytest.Item], folder: Path) -> None:
    """Let the tests of a folder leave what they like; when the collector finds it is nobody's affair."""
    for item in items:
        if folder in item.path.parents:
            for warning in _WARNINGS:
                item.add_marker(pytest.mark.filterwarnings(warning))
