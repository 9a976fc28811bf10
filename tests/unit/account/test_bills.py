from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.accounts import ALICE, NOW_MS, Desk, MemoryCore, movement, trade_legs
from tests.support.fields import assert_fields, documented

from tickyard.base.ids import Seq
from tickyard.engine.events import TransferNamed
from tickyard.engine.records import PostingReason, Side, Wallet

DAY_MS = 86_400_000


@pytest.fixture
def desk() -> Iterator[Desk]:
    opened = Desk(MemoryCore())
    opened.ledger.add(
        movement(1, "100", reason=PostingReason.CREDIT, age_ms=8 * DAY_MS),
        movement(2, "-5", wallet=Wallet.FUNDING, key=b"t" * 16),
        movement(2, "5", index=1, key=b"t" * 16),
        *trade_legs(3),
        *trade_legs(4, side=Side.SELL, fee="-0.65", is_taker=False),
        movement(5, "7", wallet=Wallet.FUNDING, reason=PostingReason.CREDIT),
    )
    yield opened
    opened.ledger.close()


def keys(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(row["ccy"], row["type"], row["subType"]) for row in rows]


SELL = [("USDT", "2", "2"), ("BTC", "2", "2")]
BUY = [("USDT", "2", "1"), ("BTC", "2", "1")]
TRANSFER = [("USDT", "1", "11")]


async def test_every_line_has_every_field_that_okx_documents(desk: Desk) -> None:
    for path in ("account/bills", "account/bills-archive"):
        rows = await desk.get(path)
        for row in rows:
            assert_fields(row, documented("account_fields.json", f"GET /api/v5/{path}"))
            assert all(type(value) is str for value in row.values())


async def test_the_archive_goes_back_further(desk: Desk) -> None:
    assert keys(await desk.get("account/bills")) == SELL + BUY + TRANSFER
    assert keys(await desk.get("account/bills-archive")) == SELL + BUY + TRANSFER + TRANSFER


async def test_both_sides_of_a_purchase_are_told_in_their_own_currency(desk: Desk) -> None:
    money, coins = await desk.get("account/bills", subType="1")
    assert (coins["ccy"], coins["sz"], coins["balChg"], coins["fee"]) == (
        "BTC", "0.01", "0.00999", "-0.00001",
    )  # fmt: skip
    assert (money["ccy"], money["sz"], money["balChg"], money["fee"]) == (
        "USDT", "650", "-650", "0",
    )  # fmt: skip
    for row in (money, coins):
        assert (row["px"], row["instId"], row["instType"], row["execType"], row["tradeId"]) == (
            "65000", "BTC-USDT", "SPOT", "T", "3",
        )  # fmt: skip
        assert row["ordId"] == "1"
        assert row["ts"] == row["fillTime"] == str(NOW_MS)


async def test_a_maker_is_told_that_it_made(desk: Desk) -> None:
    money, _ = await desk.get("account/bills", subType="2")
    assert (money["balChg"], money["fee"], money["execType"]) == ("649.35", "-0.65", "M")


async def test_a_transfer_names_both_wallets(desk: Desk) -> None:
    (row,) = await desk.get("account/bills", type="1")
    assert (row["subType"], row["from"], row["to"], row["balChg"], row["sz"]) == (
        "11", "6", "18", "5", "5",
    )  # fmt: skip
    assert (row["instType"], row["instId"], row["ordId"], row["execType"], row["px"]) == ("",) * 5


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ({"instType": "SPOT"}, SELL + BUY),
        ({"type": "2"}, SELL + BUY),
        ({"type": "1"}, TRANSFER),
        ({"type": "1", "subType": "2"}, []),
        ({"subType": "11"}, TRANSFER),
        ({"subType": "12"}, []),
        ({"type": "8"}, []),
        ({"subType": "173"}, []),
        ({"type": "8", "ctType": "linear", "ccy": "USDT", "instType": "SWAP"}, []),
        ({"instType": "SWAP"}, []),
        ({"mgnMode": "isolated"}, []),
        ({"ccy": "BTC"}, [SELL[1], BUY[1]]),
        ({"instId": "BTC-USDT"}, SELL + BUY),
        ({"instId": "ETH-USDT"}, []),
        ({"limit": "1"}, SELL[:1]),
        ({"limit": "12000"}, SELL + BUY + TRANSFER),
        ({"after": str(3 << 16)}, TRANSFER),
        ({"before": str(3 << 16 | 1)}, SELL),
        ({"begin": str(NOW_MS + 1)}, []),
        ({"end": str(NOW_MS - 1)}, []),
    ],
)
async def test_lines_are_found_by_what_is_asked(
    desk: Desk, wish: dict[str, str], found: list[tuple[str, str, str]]
) -> None:
    assert keys(await desk.get("account/bills", **wish)) == found


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"type": "x"}, "51000"),
        ({"instType": "spot"}, "51000"),
        ({"limit": "0"}, "51000"),
        ({"after": "-1"}, "51000"),
        ({"ccy": "XYZ"}, "51012"),
        ({"instId": "X-Y"}, "51001"),
    ],
)
async def test_wrong_wishes_are_refused(desk: Desk, wish: dict[str, str], code: str) -> None:
    assert await desk.code("GET", "account/bills", **wish) == code


async def test_history_is_as_new_as_the_newest_acknowledgement(desk: Desk) -> None:
    await desk.get("account/bills")
    await desk.get("asset/bills")
    assert desk.ledger.asked == [desk.core.last_seq] * 2


async def test_types_of_lines_are_listed(desk: Desk) -> None:
    rows = await desk.get("account/subtypes")
    for row in rows:
        assert_fields(row, documented("account_fields.json", "GET /api/v5/account/subtypes"))
    assert [row["type"] for row in rows] == ["1", "2"]
    assert [row["type"] for row in await desk.get("account/subtypes", type="2")] == ["2"]


async def test_the_funding_wallet_has_lines_of_its_own(desk: Desk) -> None:
    rows = await desk.get("asset/bills")
    assert [(row["type"], row["balChg"]) for row in rows] == [("1", "7"), ("131", "-5")]
    for row in rows:
        assert_fields(row, documented("account_fields.json", "GET /api/v5/asset/bills"))
    assert [row["type"] for row in await desk.get("asset/bills", type="131")] == ["131"]
    assert await desk.get("asset/bills", type="130") == []
    assert await desk.get("asset/bills", type="48") == []
    assert await desk.get("asset/bills", after=str(NOW_MS)) == []
    assert len(await desk.get("asset/bills", before=str(NOW_MS - 1))) == 2


async def test_a_transfer_is_found_by_its_number(desk: Desk) -> None:
    (row,) = await desk.get("asset/transfer-state", transId="2")
    assert_fields(row, documented("account_fields.json", "GET /api/v5/asset/transfer-state"))
    assert (row["state"], row["ccy"], row["amt"], row["from"], row["to"]) == (
        "success", "USDT", "5", "6", "18",
    )  # fmt: skip


async def test_only_transfers_are_found(desk: Desk) -> None:
    assert await desk.code("GET", "asset/transfer-state", transId="3") == "51000"
    assert await desk.code("GET", "asset/transfer-state", transId="9" * 19) == "51000"
    assert await desk.code("GET", "asset/transfer-state", clientId="never") == "51000"
    assert await desk.code("GET", "asset/transfer-state") == "50015"


async def test_a_name_that_was_used_before_finds_the_first_transfer(desk: Desk) -> None:
    wish = {"ccy": "USDT", "amt": "5", "from": "6", "to": "18", "clientId": "c1"}
    (first,) = await desk.post("asset/transfer", **wish)
    key = desk.core.submitted[0][56:72]
    number = int(first["transId"])
    desk.ledger.add(
        TransferNamed(Seq(number), 0, 0, ALICE, key, b"c1"), movement(number, "5", index=1, key=key)
    )
    desk.core.was_used_before = True
    (again,) = await desk.post("asset/transfer", **wish)
    assert again == first
    (state,) = await desk.get("asset/transfer-state", clientId="c1")
    assert (state["transId"], state["clientId"]) == (first["transId"], "c1")
