"""A browser for pages. Clients from the registry leave connections to the garbage collector; that is their affair."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.support.browser import chromium
from tests.support.left_open import let_go


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the journeys' clients leave what they like."""
    let_go(items, Path(__file__).parent)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """Collect it here, so that no later test is blamed for it."""
    yield
    gc.collect()
