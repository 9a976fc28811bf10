"""A newcomer opens the page in a real browser."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyotp
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.support.browser import violations, watched
from tests.support.exchange import Exchange

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "violet tractor seventeen"
NEW_PASSWORD = "crimson harvest nineteen"


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


def test_a_person_sees_sessions_changes_the_password_and_has_a_second_factor(
    browser: Browser, exchange: Exchange
) -> None:
    url = exchange.status()["http"]
    # axe is a foreign script, which our policy keeps out.
    here, there = (browser.new_context(base_url=url, bypass_csp=True).new_page() for _ in range(2))
    wrong = watched(here)
    _enter(here, "sign-up", "grace@example.org", PASSWORD)
    _enter(there, "log-in", "grace@example.org", PASSWORD)
    here.get_by_role("link", name="grace@example.org").click()
    sessions = here.get_by_role("region", name="Sessions")
    expect(sessions.get_by_role("row")).to_have_count(3)
    expect(sessions.get_by_text("this one")).to_be_visible()

    section = here.get_by_role("region", name="Password")
    section.get_by_label("Current password").fill(PASSWORD)
    section.get_by_label("New password").fill(NEW_PASSWORD)
    section.get_by_role("button", name="Change password").click()
    expect(section.get_by_role("status")).to_contain_text("is changed")
    expect(sessions.get_by_role("row")).to_have_count(2)
    # Nobody needs to reload a page to learn that its session has ended.
    there.get_by_role("banner").get_by_role("link", name="Log in").click()
    expect(there.get_by_text("Your session has ended. Log in again.")).to_be_visible()

    section = here.get_by_role("region", name="Second factor")
    section.get_by_role("button", name="Set up").click()
    authenticator = pyotp.TOTP(section.locator("code").inner_text())
    now = time.time()  # the authenticator's own clock
    section.get_by_label("The six digits").fill(authenticator.at(now))
    section.get_by_role("button", name="Turn it on").click()
    expect(section.get_by_text("On", exact=True)).to_be_visible()
    assert violations(here) == []
    section.get_by_label("Password").fill(NEW_PASSWORD)
    # No code is good twice, so it takes the next one.
    section.get_by_label("A code").fill(authenticator.at(now, counter_offset=1))
    section.get_by_role("button", name="Turn it off").click()
    expect(section.get_by_text("Off", exact=True)).to_be_visible()
    assert wrong == []
    here.context.close()
    there.context.close()


def test_a_person_moves_money_to_funding_and_to_a_sub_account_and_gives_it_a_key(
    browser: Browser, exchange: Exchange
) -> None:
    url = exchange.status()["http"]
    page = browser.new_context(base_url=url, bypass_csp=True).new_page()
    wrong = watched(page)
    _enter(page, "sign-up", "mary@example.org", PASSWORD)
    page.get_by_role("link", name="mary@example.org").click()
    expect(page.get_by_label("live", exact=True)).to_be_visible()
    balances = page.get_by_role("region", name="Balances")
    expect(balances.get_by_role("row", name="USDC 50,000")).to_contain_text("50,000.00 USD")

    transfer = page.get_by_role("region", name="Transfer")
    transfer.get_by_label("Currency").select_option("USDC")
    transfer.get_by_label("Amount").fill("50000.01")
    transfer.get_by_label("Amount").press("Enter")
    expect(transfer.get_by_text("Only 50,000 USDC can be moved")).to_be_visible()
    transfer.get_by_role("button", name="All").press("Enter")
    transfer.get_by_label("Amount").press("Enter")
    expect(transfer.get_by_text("50,000 USDC moved")).to_be_visible()
    in_funding = balances.get_by_role("row", name="USDC").get_by_role("cell").nth(2)
    expect(in_funding).to_contain_text("50,000.00 USD")

    section = page.get_by_role("region", name="Sub-accounts")
    expect(section.get_by_text("No sub-accounts yet")).to_be_visible()
    section.get_by_label("Name").fill("grid1")
    section.get_by_label("Name").press("Enter")
    transfer.get_by_role("button", name="Swap").click()
    expect(transfer.get_by_label("Currency")).to_have_value("USDC")
    transfer.get_by_label("To", exact=True).select_option("grid1, trading")
    transfer.get_by_label("Amount").fill("1,234.5")
    transfer.get_by_label("Amount").press("Enter")
    expect(transfer.get_by_text("1,234.5 USDC moved")).to_be_visible()

    section.get_by_text("grid1", exact=True).click()
    expect(section.get_by_role("row", name="USDC 1,234.5")).to_be_visible()
    section.get_by_label("Label").fill("grid bot")
    section.get_by_label("Passphrase").fill("open-sesame")
    section.get_by_role("button", name="Make a key").click()
    expect(section.locator("pre.snippet")).to_contain_text("ccxt.okx")
    expect(section.get_by_role("row", name="grid bot")).to_contain_text("read, trade")
    assert violations(page) == []
    _restrict(section)
    # What cannot be undone is asked once more.
    section.get_by_role("button", name="Delete grid bot").click()
    section.get_by_role("button", name="For ever? grid bot").click()
    expect(section.get_by_text("No keys yet")).to_be_visible()
    assert wrong == []
    page.context.close()


def _restrict(section: Locator) -> None:
    """Let a sub-account's keys move money out, then let its one key only read, and only from here."""
    section.get_by_role("button", name="Allow").click()
    expect(section.get_by_text("to your other sub-accounts")).to_be_visible()
    section.get_by_role("button", name="Forbid").click()
    expect(section.get_by_text("to nobody")).to_be_visible()
    section.get_by_role("button", name="Change grid bot").click()
    form = section.get_by_role("form", name="Change grid bot")
    form.get_by_label("Trade").uncheck()
    form.get_by_label("Only from these addresses").fill("127.0.0.1")
    form.get_by_label("Label").fill("reader")
    form.get_by_label("Label").press("Enter")
    expect(section.get_by_role("row", name="reader")).to_contain_text("read")
    expect(section.get_by_role("row", name="reader")).not_to_contain_text("trade")
    expect(section.get_by_role("row", name="reader")).to_contain_text("127.0.0.1")
    section.get_by_role("button", name="Change reader").click()
    form = section.get_by_role("form", name="Change reader")
    form.get_by_label("Label").fill("grid bot")
    form.get_by_role("button", name="Change").click()
    expect(section.get_by_role("row", name="grid bot")).to_be_visible()


def _enter(page: Page, where: str, email: str, password: str) -> None:
    page.goto(f"/{where}")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("link", name=email)).to_be_visible()
