"""A newcomer opens the page in a real browser."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect
from tests.support.browser import chromium, watched
from tests.support.exchange import Exchange

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "violet tractor seventeen"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exchange]:
    home: Path = tmp_path_factory.mktemp("page") / "home"
    with Exchange(home) as started:
        yield started


def test_a_newcomer_signs_up_makes_a_key_and_a_client_uses_it(
    browser: Browser, exchange: Exchange
) -> None:
    page = browser.new_page(base_url=exchange.status()["http"])
    wrong = watched(page)
    page.goto("/")
    expect(page.get_by_role("row", name="BTC / USDT")).to_be_visible()
    expect(page.get_by_label("live", exact=True)).to_be_visible()

    page.get_by_role("link", name="Sign up").click()
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill("12345678")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("alert")).to_contain_text("top-10 common password")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.get_by_role("link", name="ada@example.org").click()

    expect(page.get_by_text("No keys yet")).to_be_visible()
    page.get_by_label("Label").fill("bot")
    page.get_by_label("Passphrase").fill("open-sesame")
    page.get_by_role("button", name="Make a key").click()
    snippet = page.locator("pre.snippet")
    expect(snippet).to_contain_text("ccxt.okx")
    config = dict(
        line.strip().rstrip(",").replace('"', "").split(": ")
        for line in snippet.inner_text().splitlines()
        if line.strip().startswith(('"apiKey"', '"secret"', '"password"'))
    )
    client = exchange.ccxt()
    client.apiKey, client.secret, client.password = (
        config["apiKey"],
        config["secret"],
        config["password"],
    )
    assert client.fetch_balance()["USDT"]["free"] == 100_000

    page.reload()
    expect(page.get_by_role("cell", name=config["apiKey"])).to_be_visible()
    expect(page.get_by_text(config["secret"])).not_to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    # The first password was refused, and the browser says so in its own words.
    assert [text for text in wrong if "400" not in text] == []
    page.close()
