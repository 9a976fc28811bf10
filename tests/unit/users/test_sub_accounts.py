"""Sub-accounts and their keys over the API."""

from typing import Any

import pytest
from tests.support.people_desk import NOW_NS, PeopleDesk

from tickyard.base.ids import AccountId
from tickyard.gateway.route import Access, ApiError, Caller, Request
from tickyard.users.routes import routes

MASTER = AccountId(16)
"""An account of the demo: nobody's in the records."""
KEY = {"label": "bot", "passphrase": "open-sesame"}


class Owner:
    """Somebody with a key of an account."""

    def __init__(self, desk: PeopleDesk, account: AccountId = MASTER) -> None:
        self.caller = Caller(account, "uid", MASTER, "key", frozenset({Access.TRADE}))
        self.table = {(r.method, r.path): r.handler for r in routes(desk.sub_accounts)}

    async def get(self, path: str, **params: str) -> list[Any]:
        return await self._send("GET", path, Request(self.caller, params, None, 0))

    async def post(self, path: str, **body: Any) -> list[Any]:
        return await self._send("POST", path, Request(self.caller, {}, body, 0))

    async def opened(self, name: str, **more: Any) -> dict[str, Any]:
        (row,) = await self.post("subaccount/create-subaccount", subAcct=name, type="1", **more)
        return dict(row)

    async def code(self, method: str, path: str, **sent: Any) -> str:
        with pytest.raises(ApiError) as refused:
            await (self.get if method == "GET" else self.post)(path, **sent)
        return refused.value.code

    async def _send(self, method: str, path: str, request: Request) -> list[Any]:
        data = (await self.table[method, f"/api/v5/users/{path}"](request)).data
        assert isinstance(data, list)
        return data


@pytest.fixture
def owner(desk: PeopleDesk) -> Owner:
    return Owner(desk)


async def test_a_sub_account_is_opened_in_the_records_and_in_the_core(
    owner: Owner, desk: PeopleDesk
) -> None:
    row = await owner.opened("bot1", label="my bot")
    assert row == {
        "subAcct": "bot1",
        "label": "my bot",
        "uid": "10000001024",
        "ts": str(NOW_NS // 10**6),
    }
    assert desk.ledger.next_account == 1025
    assert desk.store.accounts.unopened() == []


async def test_sub_accounts_are_listed_newest_first(owner: Owner) -> None:
    await owner.opened("one")
    await owner.opened("two")
    rows = await owner.get("subaccount/list")
    assert [row["subAcct"] for row in rows] == ["two", "one"]
    assert (rows[0]["type"], rows[0]["enable"], rows[0]["canTransOut"]) == ("1", True, False)
    (row,) = await owner.get("subaccount/list", subAcct="one")
    assert row["subAcct"] == "one"
    assert len(await owner.get("subaccount/list", limit="1")) == 1
    assert await owner.get("subaccount/list", after=rows[0]["ts"]) == []
    assert await owner.get("subaccount/list", enable="false") == []


async def test_people_see_in_the_page_what_their_keys_opened(desk: PeopleDesk) -> None:
    browser = await desk.signed_up()
    caller = Caller(AccountId(1024), "uid", AccountId(1024), "key", frozenset({Access.TRADE}))
    owner = Owner(desk)
    owner.caller = caller
    await owner.opened("bot1")
    names = [account["name"] for account in (await browser.get("accounts")).json()]
    assert names == ["", "bot1"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"subAcct": "bot"}, "50014"),
        ({"type": "1"}, "50014"),
        ({"subAcct": "with blank", "type": "1"}, "51000"),
        ({"subAcct": "x" * 21, "type": "1"}, "51000"),
        ({"subAcct": "bot", "type": "9"}, "51000"),
        ({"subAcct": "bot", "type": "5"}, "59515"),
        ({"subAcct": "bot", "type": "1", "label": "x" * 51}, "51000"),
    ],
)
async def test_what_cannot_be_opened_is_refused(
    owner: Owner, sent: dict[str, str], code: str
) -> None:
    assert await owner.code("POST", "subaccount/create-subaccount", **sent) == code


async def test_names_are_given_once_and_there_are_so_many(owner: Owner) -> None:
    await owner.opened("bot0")
    sent = {"subAcct": "bot0", "type": "1"}
    assert await owner.code("POST", "subaccount/create-subaccount", **sent) == "59601"
    for number in range(1, 20):
        await owner.opened(f"bot{number}")
    sent = {"subAcct": "bot20", "type": "1"}
    assert await owner.code("POST", "subaccount/create-subaccount", **sent) == "59603"


async def test_keys_of_sub_accounts_cannot_see_to_sub_accounts(desk: PeopleDesk) -> None:
    sub = Owner(desk, AccountId(1024))
    assert await sub.code("GET", "subaccount/list") == "59500"
    sent = {"subAcct": "bot", "type": "1"}
    assert await sub.code("POST", "subaccount/create-subaccount", **sent) == "59500"


async def test_a_key_of_a_sub_account_is_known_to_gateways(owner: Owner, desk: PeopleDesk) -> None:
    await owner.opened("bot1")
    (made,) = await owner.post(
        "subaccount/apikey", subAcct="bot1", perm="read_only,trade", ip="203.0.113.7", **KEY
    )
    assert (made["subAcct"], made["perm"], made["ip"]) == (
        "bot1", "read_only,trade", "203.0.113.7",
    )  # fmt: skip
    await desk.recorded.load()
    record = desk.recorded.lookup(made["apiKey"])
    assert record is not None
    assert record.secret.decode() == made["secretKey"]
    assert (record.account, record.master) == (1024, MASTER)
    assert record.permissions == {Access.READ, Access.TRADE}
    (listed,) = await owner.get("subaccount/apikey", subAcct="bot1", apiKey=made["apiKey"])
    assert listed == {name: made[name] for name in ("label", "apiKey", "perm", "ip", "ts")}


async def test_a_key_reads_unless_more_was_asked_for(owner: Owner) -> None:
    await owner.opened("bot1")
    (made,) = await owner.post("subaccount/apikey", subAcct="bot1", **KEY)
    assert (made["perm"], made["ip"]) == ("read_only", "")


async def test_what_is_not_said_of_a_key_stays(owner: Owner, desk: PeopleDesk) -> None:
    await owner.opened("bot1")
    (made,) = await owner.post("subaccount/apikey", subAcct="bot1", perm="trade", **KEY)
    named = {"subAcct": "bot1", "apiKey": made["apiKey"]}
    (changed,) = await owner.post("subaccount/modify-apikey", ip="10.0.0.0/8", **named)
    assert (changed["label"], changed["perm"], changed["ip"]) == (
        "bot", "read_only,trade", "10.0.0.0/8",
    )  # fmt: skip
    (changed,) = await owner.post("subaccount/modify-apikey", perm="read_only", **named)
    assert (changed["perm"], changed["ip"]) == ("read_only", "10.0.0.0/8")
    await desk.recorded.load()
    record = desk.recorded.lookup(made["apiKey"])
    assert record is not None
    assert (record.permissions, record.ips) == (frozenset({Access.READ}), ("10.0.0.0/8",))


async def test_a_deleted_key_is_gone(owner: Owner, desk: PeopleDesk) -> None:
    await owner.opened("bot1")
    (made,) = await owner.post("subaccount/apikey", subAcct="bot1", **KEY)
    named = {"subAcct": "bot1", "apiKey": made["apiKey"]}
    assert await owner.post("subaccount/delete-apikey", **named) == [{"subAcct": "bot1"}]
    await desk.recorded.load()
    assert desk.recorded.lookup(made["apiKey"]) is None
    assert await owner.code("POST", "subaccount/delete-apikey", **named) == "59506"
    assert await owner.code("POST", "subaccount/modify-apikey", **named) == "59506"
    assert await owner.code("GET", "subaccount/apikey", **named) == "59506"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"passphrase": "short"}, "59505"),
        ({"label": "x" * 51}, "51000"),
        ({"perm": "withdraw"}, "51000"),
        ({"ip": "nowhere"}, "51000"),
        ({"subAcct": "bot2"}, "59510"),
        ({"label": None}, "50014"),
    ],
)
async def test_a_key_that_cannot_be_is_refused(
    owner: Owner, change: dict[str, Any], code: str
) -> None:
    await owner.opened("bot1")
    sent = {"subAcct": "bot1", **KEY, **change}
    sent = {name: value for name, value in sent.items() if value is not None}
    assert await owner.code("POST", "subaccount/apikey", **sent) == code


async def test_an_account_has_fifty_keys_at_most(owner: Owner) -> None:
    await owner.opened("bot1")
    for _ in range(50):
        await owner.post("subaccount/apikey", subAcct="bot1", **KEY)
    assert await owner.code("POST", "subaccount/apikey", subAcct="bot1", **KEY) == "59501"


async def test_leave_to_transfer_out_is_given_and_taken(owner: Owner) -> None:
    await owner.opened("one")
    await owner.opened("two")
    rows = await owner.post("subaccount/set-transfer-out", subAcct="one,two")
    assert rows == [{"subAcct": name, "canTransOut": True} for name in ("one", "two")]
    await owner.post("subaccount/set-transfer-out", subAcct="two", canTransOut="false")
    rows = await owner.get("subaccount/list")
    assert {row["subAcct"]: row["canTransOut"] for row in rows} == {"one": True, "two": False}
    assert await owner.code("POST", "subaccount/set-transfer-out", subAcct="no") == "59510"


async def test_nobody_trades_for_others(owner: Owner) -> None:
    assert await owner.get("entrust-subaccount-list") == []
