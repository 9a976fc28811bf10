"""Pictures of the page on a living market. Run: make screenshots (into build/screenshots)."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

from playwright.sync_api import Browser, Page, ViewportSize, expect
from tests.support.browser import chromium, watched
from tests.support.exchange import Exchange

FOLDER: Final = Path("build/screenshots")
SIZES: Final[dict[str, ViewportSize]] = {
    "desk": {"width": 1440, "height": 900},
    "laptop": {"width": 1280, "height": 800},
    "small": {"width": 1024, "height": 768},
    "phone": {"width": 390, "height": 844},
}
THEMES: Final[tuple[Literal["dark", "light"], ...]] = ("dark", "light")
PASSWORD: Final = "violet tractor seventeen"  # noqa: S105  # of people who live for a minute


def shoot(browser: Browser, url: str, folder: Path) -> list[str]:
    """Take every picture; return what the page complained of."""
    folder.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    for size_name, size in SIZES.items():
        for theme in THEMES:
            name = f"{size_name}-{theme}"
            context = browser.new_context(viewport=size, base_url=url)
            context.add_init_script(f"localStorage.setItem('tickyard.theme', '{theme}')")
            page = context.new_page()
            complaints = watched(page)
            _stranger(page, folder, name)
            with _signed_up(page, f"{name}@example.org"):
                _trader(page, folder, name, is_phone=size_name == "phone")
            wrong += [f"{name}: {text}" for text in complaints]
            context.close()
    return wrong


def _stranger(page: Page, folder: Path, name: str) -> None:
    page.goto("/markets")
    expect(page.get_by_role("link", name="BTC / USDT")).to_be_visible()
    expect(page.get_by_label("live", exact=True)).to_be_visible()
    expect(page.locator("[data-stale]")).to_have_count(0)
    page.screenshot(path=folder / f"{name}-markets.png")
    page.goto("/trade/BTC-USDT")
    _settled(page)
    page.screenshot(path=folder / f"{name}-out.png")
    for where in ("nowhere", "log-in", "sign-up"):
        page.goto(f"/markets/{where}" if where == "nowhere" else f"/{where}")
        page.screenshot(path=folder / f"{name}-{where}.png")


@contextmanager
def _signed_up(page: Page, email: str) -> Iterator[None]:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("region", name="Your first trade")).to_be_visible()
    yield


def _trader(page: Page, folder: Path, name: str, *, is_phone: bool) -> None:
    _settled(page)
    page.screenshot(path=folder / f"{name}-newcomer.png")
    page.get_by_role("button", name="Buy 0.01 BTC").click()
    expect(page.get_by_text("You have now")).to_be_visible()
    page.screenshot(path=folder / f"{name}-bought.png")
    page.get_by_role("button", name="Make a key").click()
    expect(page.locator("pre.snippet")).to_be_visible()
    page.screenshot(path=folder / f"{name}-program.png")
    page.get_by_role("button", name="Done").click()
    _order(page, "64900", "0.05", is_phone=is_phone)
    _order(page, "64800", "0.1", is_phone=is_phone)
    page.screenshot(path=folder / f"{name}-in.png")
    _waiting(page, folder, name, is_phone=is_phone)
    if is_phone:
        for tab in ("Book", "Trade", "Orders"):
            page.get_by_role("navigation", name="Parts").get_by_role("button", name=tab).click()
            page.screenshot(path=folder / f"{name}-{tab.lower()}.png")
    else:
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.screenshot(path=folder / f"{name}-keys.png")
        page.keyboard.press("Escape")
        page.keyboard.press("Control+k")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.screenshot(path=folder / f"{name}-picker.png")
        page.keyboard.press("Escape")
    _account(page, folder, name)


def _order(page: Page, price: str, amount: str, *, is_phone: bool) -> None:
    if is_phone:
        page.get_by_role("navigation", name="Parts").get_by_role("button", name="Trade").click()
    ticket = page.get_by_role("region", name="Order ticket")
    ticket.get_by_label("Price", exact=False).first.fill(price)
    ticket.get_by_label("Amount").fill(amount)
    ticket.get_by_role("button", name="Buy BTC").click()
    expect(ticket.get_by_text("Your order waits")).to_be_visible()


def _waiting(page: Page, folder: Path, name: str, *, is_phone: bool) -> None:
    """Take the ticket of each kind of order that waits for a price, and the list of such orders."""
    ticket = page.get_by_role("region", name="Order ticket")
    more = ticket.get_by_label("More kinds of order")
    more.select_option("tp_sl")
    page.screenshot(path=folder / f"{name}-tp-sl.png")
    for kind in ("post_only", "fok", "ioc"):
        more.select_option(kind)
        page.screenshot(path=folder / f"{name}-{kind.replace('_', '-')}.png")
    more.select_option("trailing")
    ticket.get_by_label("Distance", exact=True).fill("2")
    page.screenshot(path=folder / f"{name}-trailing.png")
    ticket.get_by_role("button", name="Trigger", exact=True).click()
    ticket.get_by_label("Fires at").fill("60000")
    ticket.get_by_label("Amount").fill("0.05")
    ticket.get_by_role("button", name="Buy BTC").click()
    expect(ticket.get_by_text("Your order waits until")).to_be_visible()
    if is_phone:
        page.get_by_role("navigation", name="Parts").get_by_role("button", name="Orders").click()
    page.screenshot(path=folder / f"{name}-triggers.png")
    for tab in ("Order history", "Fills", "Balances"):
        page.get_by_role("tab", name=tab).click()
        expect(page.locator("#own-rows tbody tr").first).to_be_visible()
        page.screenshot(path=folder / f"{name}-{tab.lower().replace(' ', '-')}.png")
    page.get_by_role("tab", name="Open orders").click()
    page.get_by_role("button", name="Amend").first.click()
    page.screenshot(path=folder / f"{name}-amending.png")
    page.get_by_role("button", name="Leave it").click()


def _account(page: Page, folder: Path, name: str) -> None:
    """Take the account page as it is at first, and with a sub-account that has money and a key."""
    page.goto("/account")
    expect(page.get_by_role("row", name="my first program")).to_be_visible()
    expect(page.get_by_role("row", name="Total")).to_be_visible()
    section = page.get_by_role("region", name="Second factor")
    section.get_by_role("button", name="Set up").click()
    expect(section.get_by_role("img")).to_be_visible()
    page.screenshot(path=folder / f"{name}-account.png", full_page=True)
    accounts = page.get_by_role("region", name="Sub-accounts")
    accounts.get_by_label("Name").fill("grid1")
    accounts.get_by_role("button", name="Open a sub-account").click()
    transfer = page.get_by_role("region", name="Transfer")
    for target, amount in (("grid1, trading", "1500"), ("Own funding wallet", "20000")):
        transfer.get_by_label("To", exact=True).select_option(target)
        transfer.get_by_label("Currency").select_option("USDT")
        transfer.get_by_label("Amount").fill(amount)
        transfer.get_by_role("button", name="Transfer").click()
        expect(transfer.get_by_text("USDT moved")).to_be_visible()
    accounts.get_by_text("grid1", exact=True).click()
    accounts.get_by_label("Label").fill("grid bot")
    accounts.get_by_label("Passphrase").fill("open-sesame")
    accounts.get_by_role("button", name="Make a key").click()
    expect(accounts.get_by_role("row", name="grid bot")).to_be_visible()
    page.screenshot(path=folder / f"{name}-sub-account.png", full_page=True)


def _settled(page: Page) -> None:
    """Wait until the chart is drawn and the book is live."""
    expect(page.get_by_label("live", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Chart").locator("canvas").first).to_be_attached()
    expect(page.locator("canvas.book-canvas")).to_be_attached()
    # A moment for the panels' own pace; nothing tells when a picture is pretty.
    page.wait_for_timeout(1_200)


def main() -> int:
    """Start an exchange in a temporary home, take the pictures, stop it."""
    with (
        TemporaryDirectory() as folder,
        Exchange(Path(folder) / "home", profile="living") as exchange,
        chromium() as browser,
    ):
        wrong = shoot(browser, exchange.status()["http"], FOLDER)
    print(*sorted(str(path) for path in FOLDER.glob("*.png")), *wrong, sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
