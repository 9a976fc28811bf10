"""Money between accounts of one owner: who may move it, and how each side is told."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from tests.support.accounts import ALICE, Desk, MemoryCore, MemorySub, movement

from tickyard.account.transfers import transfer_key
from tickyard.base.ids import AccountId, Seq
from tickyard.engine.events import TransferNamed
from tickyard.engine.records import Wallet
from tickyard.gateway.route import Access, ApiError, Caller, Request

ONE, TWO = AccountId(1024), AccountId(1025)
MOVE = {"ccy": "USDT", "amt": "5", "from": "6", "to": "18"}


@pytest.fixture
def desk() -> Iterator[Desk]:
    opened = Desk(MemoryCore(USDT="100"))
    opened.relatives.accounts = [MemorySub(TWO, "two"), MemorySub(ONE, "one")]
    yield opened
    opened.ledger.close()


async def as_sub(desk: Desk, method: str, path: str, who: AccountId = ONE, /, **sent: Any) -> Any:
    caller = Caller(who, "uid", ALICE, "key", frozenset({Access.READ, Access.TRADE}))
    is_get = method == "GET"
    request = Request(caller, sent if is_get else {}, None if is_get else sent, 0)
    return await desk.send(method, path, request)


async def code_as_sub(
    desk: Desk, method: str, path: str, who: AccountId = ONE, /, **sent: Any
) -> str:
    with pytest.raises(ApiError) as refused:
        await as_sub(desk, method, path, who, **sent)
    return refused.value.code


def parties(record: bytes) -> tuple[int, int, int]:
    """Who orders, who gives, who receives."""
    return tuple(int.from_bytes(record[at : at + 4], "little") for at in (4, 24, 28))  # type: ignore[return-value]


@pytest.mark.parametrize(("kind", "giver", "receiver"), [("1", ALICE, ONE), ("2", ONE, ALICE)])
async def test_a_master_account_moves_money_both_ways(
    desk: Desk, kind: str, giver: AccountId, receiver: AccountId
) -> None:
    (row,) = await desk.post("asset/transfer", type=kind, subAcct="one", **MOVE)
    assert (row["amt"], row["from"], row["to"]) == ("5", "6", "18")
    assert parties(desk.core.submitted[0]) == (ALICE, giver, receiver)


async def test_between_accounts_the_wallet_may_be_the_same(desk: Desk) -> None:
    (row,) = await desk.post("asset/transfer", type="1", subAcct="one", **{**MOVE, "to": "6"})
    assert (row["from"], row["to"]) == ("6", "6")
    assert parties(desk.core.submitted[0]) == (ALICE, ALICE, ONE)


async def test_a_sub_account_moves_money_to_its_master_account(desk: Desk) -> None:
    await as_sub(desk, "POST", "asset/transfer", type="3", **MOVE)
    assert parties(desk.core.submitted[0]) == (ONE, ONE, ALICE)


async def test_a_sub_account_moves_money_to_another_only_with_leave(desk: Desk) -> None:
    sent = {"type": "4", "subAcct": "two", **MOVE}
    assert await code_as_sub(desk, "POST", "asset/transfer", **sent) == "58119"
    desk.relatives.accounts[1] = MemorySub(ONE, "one", can_transfer_out=True)
    await as_sub(desk, "POST", "asset/transfer", **sent)
    assert parties(desk.core.submitted[0]) == (ONE, ONE, TWO)


async def test_a_sub_account_that_may_not_give_does_not(desk: Desk) -> None:
    desk.relatives.accounts[1] = MemorySub(ONE, "one", can_transfer_out=False)
    assert await code_as_sub(desk, "POST", "asset/transfer", type="3", **MOVE) == "58119"
    assert desk.core.submitted == []
    # Its owner still may.
    await desk.post("asset/transfer", type="2", subAcct="one", **MOVE)


async def test_kinds_fit_the_account_of_the_key(desk: Desk) -> None:
    for kind in ("3", "4"):
        sent = {"type": kind, "subAcct": "one", **MOVE}
        assert await desk.code("POST", "asset/transfer", **sent) == "58129"
    for kind in ("1", "2"):
        sent = {"type": kind, "subAcct": "two", **MOVE}
        assert await code_as_sub(desk, "POST", "asset/transfer", **sent) == "58129"


async def test_the_other_side_is_named_and_known(desk: Desk) -> None:
    assert await desk.code("POST", "asset/transfer", type="1", **MOVE) == "50014"
    assert await desk.code("POST", "asset/transfer", type="1", subAcct="x", **MOVE) == "58115"
    assert await desk.code("POST", "asset/transfer", type="7", **MOVE) == "51000"


async def test_a_master_account_moves_money_between_sub_accounts(desk: Desk) -> None:
    names = {"fromSubAccount": "one", "toSubAccount": "two"}
    (row,) = await desk.post("asset/subaccount/transfer", **names, **MOVE)
    assert set(row) == {"transId"}
    assert parties(desk.core.submitted[0]) == (ALICE, ONE, TWO)
    sent = {**MOVE, **names, "toSubAccount": "one"}
    assert await desk.code("POST", "asset/subaccount/transfer", **sent) == "59507"
    assert await desk.code("POST", "asset/subaccount/transfer", **MOVE) == "50014"
    assert await code_as_sub(desk, "POST", "asset/subaccount/transfer", **names, **MOVE) == "59500"


def between(seq: int, amount: str, me: AccountId, other: AccountId, **more: Any) -> Any:
    """One leg of a transfer between accounts."""
    return replace(movement(seq, amount, account=me, **more), counter_account=other)


async def test_each_side_has_a_line_with_a_signed_size(desk: Desk) -> None:
    desk.ledger.add(
        between(3, "-5", ALICE, ONE, wallet=Wallet.TRADING),
        between(3, "5", ONE, ALICE, wallet=Wallet.TRADING, index=1),
    )
    (row,) = await desk.get("account/bills-archive", type="1")
    assert (row["subType"], row["sz"], row["balChg"]) == ("12", "-5", "-5")
    (row,) = await as_sub(desk, "GET", "account/bills-archive", type="1")
    assert (row["subType"], row["sz"], row["balChg"]) == ("11", "5", "5")


async def test_lines_of_the_funding_wallet_tell_who_was_on_the_other_side(desk: Desk) -> None:
    kinds = [("-5", ALICE, ONE), ("5", ALICE, ONE), ("5", ONE, ALICE), ("-5", ONE, TWO)]
    desk.ledger.add(
        movement(1, "1", wallet=Wallet.FUNDING),
        *(
            between(seq, amount, me, other, wallet=Wallet.FUNDING)
            for seq, (amount, me, other) in enumerate(kinds, 3)
        ),
    )
    rows = await desk.get("asset/bills")
    assert [row["type"] for row in rows] == ["21", "20", "130"]
    rows = await as_sub(desk, "GET", "asset/bills")
    assert [row["type"] for row in rows] == ["22", "23"]
    assert [row["type"] for row in await desk.get("asset/bills", type="20")] == ["20"]
    assert [row["type"] for row in await desk.get("asset/bills", type="130")] == ["130"]
    assert await desk.get("asset/bills", type="22") == []


async def test_a_master_account_lists_transfers_with_its_sub_accounts(desk: Desk) -> None:
    desk.ledger.add(
        movement(1, "1"),
        between(3, "-5", ALICE, ONE),
        between(4, "7", ALICE, TWO, wallet=Wallet.FUNDING),
    )
    rows = await desk.get("asset/subaccount/bills")
    assert [(row["type"], row["subAcct"], row["amt"]) for row in rows] == [
        ("1", "two", "7"),
        ("0", "one", "5"),
    ]
    assert set(rows[0]) == {"billId", "ccy", "amt", "type", "subAcct", "ts"}
    (row,) = await desk.get("asset/subaccount/bills", subAcct="one")
    assert row["amt"] == "5"
    (row,) = await desk.get("asset/subaccount/bills", type="1")
    assert row["amt"] == "7"
    assert await desk.get("asset/subaccount/bills", ccy="BTC") == []
    assert await desk.get("asset/subaccount/bills", after=rows[0]["ts"]) == []
    assert await desk.code("GET", "asset/subaccount/bills", subAcct="x") == "59510"
    assert await desk.code("GET", "asset/subaccount/bills", type="2") == "51000"
    assert await desk.get("asset/subaccount/managed-subaccount-bills") == []


async def test_a_transfer_is_found_by_everybody_it_concerns(desk: Desk) -> None:
    desk.core.last_seq = 9  # type: ignore[assignment]
    desk.ledger.add(
        between(3, "-5", ALICE, ONE),
        between(3, "5", ONE, ALICE, index=1),
        between(4, "-6", ONE, TWO),
        between(4, "6", TWO, ONE, index=1),
    )
    (row,) = await desk.get("asset/transfer-state", transId="3")
    assert (row["type"], row["subAcct"], row["amt"], row["state"]) == ("1", "one", "5", "success")
    (row,) = await desk.get("asset/transfer-state", transId="4")
    assert (row["type"], row["subAcct"], row["amt"]) == ("4", "two", "6")
    (row,) = await as_sub(desk, "GET", "asset/transfer-state", transId="4")
    assert (row["type"], row["amt"]) == ("4", "6")
    assert await code_as_sub(desk, "GET", "asset/transfer-state", TWO, transId="3") == "51000"


async def test_only_master_accounts_look_into_sub_accounts(desk: Desk) -> None:
    for path in (
        "account/subaccount/balances",
        "account/subaccount/max-withdrawal",
        "asset/subaccount/balances",
    ):
        assert await desk.code("GET", path) == "50014"
        assert await desk.code("GET", path, subAcct="x") == "59510"
        assert await code_as_sub(desk, "GET", path, subAcct="one") == "59500"


async def test_lines_of_the_funding_wallet_are_found_by_the_name_of_their_transfer(
    desk: Desk,
) -> None:
    key = transfer_key(ALICE, "mine")
    desk.ledger.add(
        movement(1, "1", wallet=Wallet.FUNDING),
        TransferNamed(Seq(2), 0, 0, ALICE, key, b"mine"),
        movement(2, "2", index=1, wallet=Wallet.FUNDING, key=key),
    )
    (row,) = await desk.get("asset/bills", clientId="mine")
    assert (row["balChg"], row["clientId"]) == ("2", "mine")
    assert await desk.get("asset/bills", clientId="other") == []
    assert [row["clientId"] for row in await desk.get("asset/bills")] == ["mine", ""]
    (state,) = await desk.get("asset/transfer-state", transId="2")
    assert state["clientId"] == "mine"


async def test_pages_of_the_funding_wallet_go_by_time_or_by_id(desk: Desk) -> None:
    desk.ledger.add(*(movement(seq, str(seq), wallet=Wallet.FUNDING) for seq in (1, 2, 3)))
    (new, middle, old) = await desk.get("asset/bills-history")
    page = {"pagingType": "2", "after": middle["billId"]}
    assert await desk.get("asset/bills-history", **page) == [old]
    page = {"pagingType": "2", "before": middle["billId"]}
    assert await desk.get("asset/bills-history", **page) == [new]
    assert await desk.get("asset/bills-history", after=middle["ts"]) == []
    assert await desk.code("GET", "asset/bills-history", pagingType="3") == "51000"
