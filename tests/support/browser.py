"""A real Chromium, driven by the tests."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

_AXE = Path("web/node_modules/axe-core/axe.min.js")
_SERIOUS = ("serious", "critical")
NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser that is installed."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path is not None, "Chromium is not installed: tools/needs.sh installs it"
    # As root it has no sandbox of its own.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def watched(page: Page) -> list[str]:
    """Collect what the page says is wrong: errors, refused code, failed requests."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: wrong.append(message.text) if message.type == "error" else None,
    )
    return wrong


def violations(page: Page) -> list[str]:
    """Ask axe what those who hear or key the page would stumble over."""
    # What is dimmed because it may be old is meant to be hard to take for new.
    expect(page.locator("[data-stale]")).to_have_count(0)
    page.add_script_tag(path=_AXE)
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{one['id']}: {json.dumps([node['target'] for node in one['nodes']])}"
        for one in found
        if one["impact"] in _SERIOUS
    ]
