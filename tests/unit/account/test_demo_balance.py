"""Demo money: added three times a day, taken at any time."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.accounts import Desk, MemoryCore
from tests.support.fields import assert_fields

from tickyard.engine.records import CommandKind, Refusal

PATH = "account/demo-adjust-balance"
FIELDS = ["remainCnt", "totalCnt", "details", "details[].ccy", "details[].amt", "details[].bal"]


class Counting(MemoryCore):
    """Remembers the keys of credits, as the core does."""

    async def submit(self, record: bytes) -> Any:
        reply = await super().submit(record)
        if record[0] == CommandKind.CREDIT and self.refusal is None:
            self.keys.add(record[48:64])
        return reply


@pytest.fixture
def desk() -> Iterator[Desk]:
    opened = Desk(Counting(USDT="100"))
    yield opened
    opened.ledger.close()


async def adjust(desk: Desk, kind: str, **amounts: str) -> dict[str, Any]:
    items = [{"ccy": ccy, "amt": amt} for ccy, amt in amounts.items()]
    (row,) = await desk.post(PATH, type=kind, adjustments=items)
    return dict(row)


async def test_money_is_added_three_times_a_day(desk: Desk) -> None:
    row = await adjust(desk, "increase", USDT="50", BTC="1")
    assert_fields(row, FIELDS)
    assert (row["remainCnt"], row["totalCnt"]) == ("2", "3")
    assert row["details"][0] == {"ccy": "USDT", "amt": "50", "bal": "100"}
    assert (await adjust(desk, "increase", USDT="1"))["remainCnt"] == "1"
    assert (await adjust(desk, "increase", USDT="1"))["remainCnt"] == "0"
    more = {"type": "increase", "adjustments": [{"ccy": "USDT", "amt": "1"}]}
    assert await desk.code("POST", PATH, **more) == "50040"


async def test_money_is_taken_as_often_as_one_likes(desk: Desk) -> None:
    for _ in range(5):
        assert (await adjust(desk, "reduce", USDT="1"))["remainCnt"] == "3"
    assert {record[0] for record in desk.core.submitted} == {CommandKind.DEBIT}
    desk.core.refusal = Refusal.INSUFFICIENT_BALANCE
    sent = {"type": "reduce", "adjustments": [{"ccy": "USDT", "amt": "1000"}]}
    assert await desk.code("POST", PATH, **sent) == "59200"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"type": "increase"}, "50014"),
        ({"adjustments": [{"ccy": "USDT", "amt": "1"}]}, "50014"),
        ({"type": "more", "adjustments": [{"ccy": "USDT", "amt": "1"}]}, "51000"),
        ({"type": "increase", "adjustments": []}, "51000"),
        ({"type": "increase", "adjustments": ["USDT"]}, "51000"),
        ({"type": "increase", "adjustments": [{"ccy": "USDT"}]}, "50014"),
        ({"type": "increase", "adjustments": [{"ccy": "XYZ", "amt": "1"}]}, "51012"),
        ({"type": "increase", "adjustments": [{"ccy": "SOL", "amt": "1"}]}, "51000"),
        ({"type": "increase", "adjustments": [{"ccy": "USDT", "amt": "-1"}]}, "58114"),
        ({"type": "increase", "adjustments": [{"ccy": "USDT", "amt": "1"}] * 2}, "51000"),
    ],
)
async def test_what_cannot_be_adjusted_is_refused(
    desk: Desk, sent: dict[str, Any], code: str
) -> None:
    assert await desk.code("POST", PATH, **sent) == code
    assert desk.core.submitted == []
