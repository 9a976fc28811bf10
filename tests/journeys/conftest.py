"""A browser for pages. Clients from the registry leave connections to the garbage collector; that is their affair."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.support.browser import chromium

LEFT_OPEN = ("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the journeys' clients leave what they like."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for warning in LEFT_OPEN:
                item.add_marker(pytest.mark.filterwarnings(warning))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """Collect it here, so that no later test is blamed for it."""
    yield
    gc.collect()
