"""People trade by hand on the page, in a real browser against real processes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.browser import violations, watched
from tests.support.exchange import Exchange, kill

PASSWORD = "violet tractor seventeen"
MAKE_KEY = """async () => (await fetch("/site/v1/keys/make", {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(
    { label: "many", passphrase: "open-sesame", permissions: ["trade"], addresses: [] }),
})).json()"""


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exchange]:
    with Exchange(tmp_path_factory.mktemp("trade") / "home") as started:
        yield started


@pytest.fixture
def page(browser: Browser, exchange: Exchange) -> Iterator[Page]:
    # The tests judge the page with a script of their own, which its policy would refuse.
    context = browser.new_context(
        base_url=exchange.status()["http"],
        viewport={"width": 1440, "height": 900},
        bypass_csp=True,
    )
    opened = context.new_page()
    wrong = watched(opened)
    yield opened
    context.close()
    assert [text for text in wrong if "net::ERR" not in text and "WebSocket" not in text] == []


def sign_up(page: Page, name: str) -> None:
    page.goto("/sign-up")
    page.get_by_label("E-mail").fill(f"{name}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("region", name="Your first trade")).to_be_visible()


def test_a_newcomer_buys_by_hand_and_sees_fill_fee_balance_and_snippet(
    page: Page, exchange: Exchange
) -> None:
    exchange.ccxt("mm1").create_order("BTC/USDT", "limit", "sell", 1, 65000)
    sign_up(page, "newcomer")
    assert violations(page) == []
    card = page.get_by_role("region", name="Your first trade")
    card.get_by_role("button", name="Buy 0.01 BTC").click()
    expect(card).to_contain_text("Bought 0.01 BTC at 65,000.0, fee 0.00001 BTC.")
    expect(card).to_contain_text("You have now 2.00999 BTC")
    card.get_by_role("button", name="Make a key").click()
    expect(card.locator("pre")).to_contain_text("ccxt.okx")
    page.get_by_role("tab", name="Fills").click()
    expect(page.get_by_role("row", name="BTC / USDT Buy 65,000.0 0.01")).to_be_visible()


def test_an_order_is_placed_amended_partly_filled_and_canceled_by_keys_alone(
    page: Page, exchange: Exchange
) -> None:
    sign_up(page, "keys")
    expect(page.get_by_text("Enter a price.")).to_be_visible()
    keys = page.keyboard
    keys.press("b")
    keys.type("59999.9")
    keys.press("ArrowUp")
    keys.press("Tab")
    keys.type("0.5")
    expect(page.locator(".costs")).to_contain_text("30,000.00 USDT")
    keys.press("Enter")
    expect(page.get_by_text("Your order waits in the book at 60,000.0.")).to_be_visible()
    keys.press("Escape")
    # Nothing is selected, so the first X selects.
    keys.press("x")
    row = page.get_by_role("row", name="BTC / USDT Limit Buy")
    expect(row).to_have_attribute("data-selected", "true")

    keys.press("a")
    keys.press("Control+a")
    keys.type("60001")
    keys.press("Enter")
    expect(row).to_contain_text("60,001.0")

    exchange.ccxt("alice").create_order("BTC/USDT", "limit", "sell", 0.2, 60001)
    expect(row).to_contain_text("0.2")
    expect(page.get_by_text("Bought 0.2 BTC at 60,001.0")).to_be_visible()
    keys.press("Shift+X")
    expect(page.get_by_text("Press Shift X again to cancel the one order")).to_be_visible()
    keys.press("Shift+X")
    expect(page.get_by_text("No open orders")).to_be_visible()
    page.get_by_role("tab", name="Order history").click()
    expect(page.get_by_role("cell", name="Partly filled")).to_be_visible()


def test_hundreds_of_open_orders_are_all_there_after_a_reload_and_are_canceled_at_once(
    page: Page, exchange: Exchange
) -> None:
    sign_up(page, "many")
    key = page.evaluate(MAKE_KEY)
    client = exchange.ccxt()
    client.apiKey, client.secret, client.password = (
        key["apiKey"],
        key["secretKey"],
        key["passphrase"],
    )
    for first in range(0, 120, 20):
        client.create_orders(
            [
                {
                    "symbol": "BTC/USDT",
                    "type": "limit",
                    "side": "buy",
                    "amount": 0.001,
                    "price": 40_000 + first + n,
                }
                for n in range(20)
            ]
        )
    expect(page.get_by_role("tab", name="Open orders (120)")).to_be_visible()
    page.reload()
    expect(page.get_by_role("tab", name="Open orders (120)")).to_be_visible()
    page.get_by_role("button", name="20 more").click()
    expect(page.get_by_role("row", name="BTC / USDT Limit Buy")).to_have_count(120)
    page.get_by_role("button", name="Cancel all").click()
    page.get_by_role("button", name="Cancel 120?").click()
    expect(page.get_by_text("No open orders")).to_be_visible()


def test_a_trigger_order_is_placed_by_keys_waits_is_fired_by_another_trade_and_stands_in_the_history(
    page: Page, exchange: Exchange
) -> None:
    maker, taker = exchange.ccxt("mm1"), exchange.ccxt("alice")
    maker.create_order("ETH/USDT", "limit", "sell", 1, 3000)
    taker.create_order("ETH/USDT", "limit", "buy", 1, 3000)
    maker.create_order("ETH/USDT", "limit", "sell", 2, 3100)
    sign_up(page, "waits")
    page.goto("/trade/ETH-USDT")
    expect(page.get_by_text("Enter a price.")).to_be_visible()
    keys = page.keyboard
    keys.press("t")
    keys.press("b")
    keys.type("3100")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("0.5")
    expect(page.get_by_text("No money is held until it fires.")).to_be_visible()
    keys.press("Enter")
    expect(
        page.get_by_text("Your order waits until the last price reaches 3,100.00.")
    ).to_be_visible()
    row = page.get_by_role("row", name="ETH / USDT Trigger Buy 3,100.00 Market 0.5")
    expect(row).to_be_visible()
    assert violations(page) == []

    taker.create_order("ETH/USDT", "limit", "buy", 1, 3100)
    expect(page.get_by_text("No trigger orders")).to_be_visible()
    expect(page.get_by_text("Bought 0.5 ETH at 3,100.00")).to_be_visible()
    page.get_by_role("button", name="Dismiss").press("Enter")
    expect(page.get_by_text("Bought 0.5 ETH at 3,100.00")).not_to_be_visible()
    page.get_by_role("tab", name="Trigger history").click()
    expect(
        page.get_by_role("row", name="ETH / USDT Trigger Buy 3,100.00 3,100.00")
    ).to_contain_text("Fired")


def test_what_is_lost_is_said_and_dimmed_and_caught_up_without_a_reload(
    page: Page, exchange: Exchange
) -> None:
    sign_up(page, "patient")
    page.evaluate("window.isTheSamePage = true")
    exchange.ccxt("mm1").create_order("BTC/USDT", "limit", "buy", 1, 50000)
    book = page.locator(".book-body")
    expect(book).not_to_have_attribute("data-stale", "true")
    gateways = exchange.status()["pids"]
    for pid in (*gateways["gateway"], *gateways["fanout"]):
        kill(pid)
    expect(page.get_by_text("The connection is lost. What you see is old.")).to_be_visible()
    expect(book).to_have_attribute("data-stale", "true")
    exchange.wait_ready()
    expect(page.get_by_text("The connection is lost. What you see is old.")).not_to_be_visible(
        timeout=20_000
    )

    # It follows again: what happens now shows, also what is one's own.
    exchange.ccxt("alice").create_order("BTC/USDT", "limit", "sell", 0.1, 50000)
    expect(page.locator(".strip .last")).to_contain_text("50,000.0", timeout=20_000)
    expect(page.get_by_text("Available").locator("xpath=..")).to_contain_text("100,000.00")
    expect(page.locator("[data-stale]")).to_have_count(0, timeout=20_000)
    assert page.evaluate("window.isTheSamePage")


def test_nobody_stumbles_over_a_page(page: Page) -> None:
    for path, sign in (("/markets", "BTC / USDT"), ("/sign-up", "Open an account")):
        page.goto(path)
        expect(page.get_by_text(sign).first).to_be_visible()
        assert violations(page) == [], path
    sign_up(page, "careful")
    ticket = page.get_by_role("region", name="Order ticket")
    ticket.get_by_label("More kinds of order").select_option("post_only")
    expect(ticket.get_by_text("Only ever waits in the book.")).to_be_visible()
    for theme in ("Light theme", "Dark theme"):
        page.get_by_role("button", name=theme).click()
        assert violations(page) == [], theme
    page.goto("/account")
    expect(page.get_by_text("No keys yet")).to_be_visible()
    expect(page.get_by_role("row", name="Total")).to_be_visible()
    expect(page.get_by_label("live", exact=True)).to_be_visible()
    assert violations(page) == []
