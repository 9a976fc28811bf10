"""How many orders, amendments and cancellations go through, and what the others are told."""

from typing import Any

import pytest
from tests.support.order_desk import BOB, LIMIT, OrderDesk, failure, wire

from tickyard._core import Counters
from tickyard.trading.errors import TooOften

CANCEL = {"instId": "BTC-USDT", "ordId": "1000"}
AMEND = {**CANCEL, "newSz": "1"}
ETH = {**LIMIT, "instId": "ETH-USDT", "px": "3000"}
VERBS = [
    ("order", "batch-orders", LIMIT),
    ("cancel-order", "cancel-batch-orders", CANCEL),
    ("amend-order", "amend-batch-orders", AMEND),
]


def desk() -> OrderDesk:
    return OrderDesk(counters=Counters())


async def admitted(made: OrderDesk, path: str, body: Any, tries: int = 100) -> int:
    """Send the same until it is refused; return how often it was not."""
    for count in range(tries):
        try:
            await made.post(path, body)
        except TooOften as refused:
            return count if refused.code == "50011" else -1
    return tries


def each_different(item: dict[str, Any], count: int) -> list[dict[str, Any]]:
    return [{**item, "ordId": str(1000 + at)} if "ordId" in item else item for at in range(count)]


@pytest.mark.parametrize(("path", "_batch", "item"), VERBS)
async def test_sixty_requests_of_a_verb_and_instrument_go_through_in_two_seconds(
    path: str, _batch: str, item: dict[str, Any]
) -> None:
    made = desk()
    assert await admitted(made, path, item) == 60
    assert len(made.core.records) == 60
    made.wall_ms += 1_999
    assert await admitted(made, path, item) == 0
    made.wall_ms += 1
    assert await admitted(made, path, item) == 60


@pytest.mark.parametrize(("path", "batch", "item"), VERBS)
async def test_a_batch_of_one_counts_as_a_single_request(
    path: str, batch: str, item: dict[str, Any]
) -> None:
    made = desk()
    assert await admitted(made, batch, [item]) == 60
    assert await admitted(made, path, item) == 0


@pytest.mark.parametrize(("path", "batch", "item"), VERBS)
async def test_three_hundred_items_of_batches_go_through_beside_single_requests(
    path: str, batch: str, item: dict[str, Any]
) -> None:
    made = desk()
    assert await admitted(made, batch, each_different(item, 20)) == 15
    assert await admitted(made, path, item) == 60


async def test_verbs_instruments_and_accounts_are_counted_apart() -> None:
    made = desk()
    assert await admitted(made, "order", LIMIT) == 60
    assert await admitted(made, "order", ETH) == 60
    assert await admitted(made, "cancel-order", CANCEL) == 60
    assert await admitted(made, "amend-order", AMEND) == 60
    await made.post("order", dict(LIMIT), account=BOB)


async def test_rest_and_websocket_count_together() -> None:
    made = desk()
    for _ in range(30):
        await made.operate("order", LIMIT)
        await made.post("order", dict(LIMIT))
    assert (await failure(made.operate("order", LIMIT))).code == "50011"
    assert (await failure(made.post("order", dict(LIMIT)))).code == "50011"


async def test_items_of_a_batch_beyond_the_limit_are_refused_alone() -> None:
    made = desk()
    for _ in range(14):
        await made.post("batch-orders", [LIMIT] * 20)
    await made.post("batch-orders", [LIMIT] * 10)
    answer = await made.post("batch-orders", [LIMIT, ETH] * 10)
    assert [ack["sCode"] for ack in wire(answer)] == ["0", "0"] * 10
    answer = await made.post("batch-orders", [LIMIT, ETH])
    assert [ack["sCode"] for ack in wire(answer)] == ["50011", "0"]
    assert answer.code == "2"


async def test_wrong_items_count_and_what_is_beyond_is_told_of_the_limit_first() -> None:
    made = desk()
    wrong = {**LIMIT, "side": "up"}
    for _ in range(60):
        (ack,) = wire(await made.post("order", wrong))
        assert ack["sCode"] == "51000"
    assert (await failure(made.post("order", wrong))).code == "50011"
    unknown = {**LIMIT, "instId": "NO-SUCH"}
    assert await admitted(made, "order", unknown) == 60


async def test_a_thousand_new_orders_and_amendments_of_an_account_go_through_in_two_seconds() -> (
    None
):
    made = desk()
    pairs = ("BTC-USDT", "ETH-USDT", "SOL-USDT")
    for pair in pairs:
        for _ in range(15):
            await made.post("batch-orders", [{**ETH, "instId": pair, "px": "100"}] * 20)
    for _ in range(5):
        await made.post("amend-batch-orders", each_different(AMEND, 20))
    refused = await failure(made.post("order", dict(LIMIT)))
    assert (refused.code, refused.data) == ("50061", [])
    assert await admitted(made, "cancel-order", CANCEL) == 60
    await made.post("order", dict(LIMIT), account=BOB)
    made.wall_ms += 2_000
    await made.post("order", dict(LIMIT))


async def test_what_is_refused_never_reaches_the_core() -> None:
    made = desk()
    await admitted(made, "order", LIMIT)
    before = len(made.core.records)
    await failure(made.post("order", dict(LIMIT)))
    assert len(made.core.records) == before


async def test_the_limit_of_an_account_can_be_read() -> None:
    made = desk()
    (row,) = await made.get("account-rate-limit")
    assert row == {
        "accRateLimit": "1000",
        "nextAccRateLimit": "",
        "fillRatio": "",
        "mainFillRatio": "",
        "ts": str(made.wall_ms),
    }
