"""Keys that people make: what they may do, where, for how long, and that nothing of them lies about."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.support.people_desk import PASSWORD, PeopleDesk

from tickyard.gateway.route import Access

WISH: Mapping[str, Any] = {"label": "bot", "passphrase": "open-sesame", "permissions": ["trade"]}
DAY_MS = 86_400_000


def error_of(response) -> tuple[int, str]:  # type: ignore[no-untyped-def]
    return response.status_code, response.json()["error"]["code"]


async def test_a_key_is_known_to_gateways_as_it_was_made(desk: PeopleDesk) -> None:
    browser = await desk.signed_up()
    made = (await browser.post("keys/make", json={**WISH, "addresses": ["203.0.113.7"]})).json()
    await desk.recorded.load()
    record = desk.recorded.lookup(made["apiKey"])
    assert record is not None
    assert record.secret.decode() == made["secretKey"]
    assert record.permissions == {Access.READ, Access.TRADE}
    assert (record.account, record.master, record.uid) == (1024, 1024, "10000001024")
    assert (record.label, record.ips) == ("bot", ("203.0.113.7/32",))


async def test_a_secret_is_shown_once_and_kept_sealed(desk: PeopleDesk) -> None:
    browser = await desk.signed_up()
    made = (await browser.post("keys/make", json=WISH)).json()
    listed = (await browser.get("keys")).text
    assert made["apiKey"] in listed
    assert made["secretKey"] not in listed
    assert "open-sesame" not in listed
    (row,) = desk.store.keys.of_person(1)
    assert made["secretKey"].encode() not in row.secret


@pytest.mark.parametrize(
    "change",
    [
        {"passphrase": "short"},
        {"passphrase": "x" * 33},
        {"passphrase": "has blanks in it"},
        {"label": ""},
        {"label": "x" * 51},
        {"label": "two\nlines"},
        {"permissions": ["root"]},
        {"addresses": ["nowhere"]},
        {"addresses": ["10.0.0.1/8"]},
        {"addresses": ["192.0.2.1"] * 21},
        {"expiresMs": 1},
        {"expiresMs": -1},
    ],
)
async def test_a_key_that_cannot_be_is_refused(desk: PeopleDesk, change: Mapping[str, Any]) -> None:
    browser = await desk.signed_up()
    assert error_of(await browser.post("keys/make", json={**WISH, **change})) == (
        400,
        "key_invalid",
    )
    assert desk.store.keys.of_person(1) == []


@pytest.mark.parametrize("member", ["role", "feeLevel", "balance", "account_id", "isAdmin"])
async def test_members_nobody_asked_for_are_refused(desk: PeopleDesk, member: str) -> None:
    browser = await desk.signed_up()
    for call, body in (
        ("keys/make", WISH),
        ("accounts/add", {"name": "sub1"}),
        ("log-in", {"email": "ada@example.org", "password": PASSWORD}),
    ):
        done = await browser.post(call, json={**body, member: 1})
        assert error_of(done) == (400, "body_invalid"), call


async def test_a_deleted_key_is_unknown(desk: PeopleDesk) -> None:
    browser = await desk.signed_up()
    name = (await browser.post("keys/make", json=WISH)).json()["apiKey"]
    await desk.recorded.load()
    assert (await browser.post("keys/delete", json={"name": name})).status_code == 200
    await desk.recorded.load()
    assert desk.recorded.lookup(name) is None
    assert error_of(await browser.post("keys/delete", json={"name": name})) == (404, "not_found")


async def test_nobody_touches_the_keys_and_accounts_of_others(desk: PeopleDesk) -> None:
    ada, eve = await desk.signed_up("ada@example.org"), await desk.signed_up("eve@example.org")
    name = (await ada.post("keys/make", json=WISH)).json()["apiKey"]
    assert error_of(await eve.post("keys/delete", json={"name": name})) == (404, "not_found")
    mine = desk.account_of("ada@example.org")
    taken = await eve.post("keys/make", json={**WISH, "account": mine})
    assert error_of(taken) == (404, "not_found")
    assert len(desk.store.keys.of_person(1)) == 1


async def test_a_sub_account_has_keys_of_its_own(desk: PeopleDesk) -> None:
    browser = await desk.signed_up()
    sub = (await browser.post("accounts/add", json={"name": "grid1"})).json()
    made = (await browser.post("keys/make", json={**WISH, "account": sub["account"]})).json()
    await desk.recorded.load()
    record = desk.recorded.lookup(made["apiKey"])
    assert record is not None
    assert (record.account, record.master) == (sub["account"], 1024)
    names = [row["name"] for row in (await browser.get("accounts")).json()]
    assert names == ["", "grid1"]
    assert error_of(await browser.post("accounts/add", json={"name": "grid1"})) == (
        409,
        "name_taken",
    )


@pytest.mark.parametrize("name", ["", "x" * 21, "with blank", "ümlaut", "../up"])
async def test_a_sub_account_has_a_plain_name(desk: PeopleDesk, name: str) -> None:
    browser = await desk.signed_up()
    assert error_of(await browser.post("accounts/add", json={"name": name})) == (
        400,
        "name_invalid",
    )


async def test_an_unbound_trading_key_lapses_when_nobody_uses_it(desk: PeopleDesk) -> None:
    browser = await desk.signed_up()
    free = (await browser.post("keys/make", json=WISH)).json()["apiKey"]
    bound = {**WISH, "addresses": ["203.0.113.7"]}
    kept = (await browser.post("keys/make", json=bound)).json()["apiKey"]
    read = {**WISH, "permissions": ["read_only"]}
    reads = (await browser.post("keys/make", json=read)).json()["apiKey"]
    await desk.recorded.load()
    desk.clock.advance_ms(14 * DAY_MS + 1)
    assert desk.recorded.lookup(free) is None
    assert desk.recorded.lookup(kept) is not None
    assert desk.recorded.lookup(reads) is not None


async def test_a_key_is_the_same_object_until_it_changes(desk: PeopleDesk) -> None:
    browser = await desk.signed_up()
    first = (await browser.post("keys/make", json=WISH)).json()["apiKey"]
    await desk.recorded.load()
    before = desk.recorded.lookup(first)
    await browser.post("keys/make", json=WISH)
    await desk.recorded.load()
    assert desk.recorded.lookup(first) is before


async def test_the_key_of_a_page_ends_with_its_session(desk: PeopleDesk) -> None:
    browser = await desk.signed_up()
    made = (await browser.post("session-key", json={})).json()
    assert (await browser.get("keys")).json() == []
    await desk.recorded.load()
    assert desk.recorded.lookup(made["apiKey"]) is not None
    await browser.post("log-out", json={})
    await desk.recorded.load()
    assert desk.recorded.lookup(made["apiKey"]) is None
