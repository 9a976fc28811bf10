"""Acknowledgements: their members, their codes, the order of a batch, and what the host turned away."""

from typing import Any

import pytest
from tests.support.order_desk import LIMIT, OrderDesk, failure, wire, without

from tickyard.base.errors import Busy, OutcomeUnknown, Unavailable
from tickyard.engine.records import Refusal
from tickyard.trading.errors import AMEND, CANCEL, HOST, PLACE

NAMED = {**LIMIT, "clOrdId": "mine", "tag": "bot1"}
CANCELING = {"instId": "BTC-USDT", "ordId": "123", "clOrdId": "mine"}
AMENDING = {**CANCELING, "newSz": "1", "reqId": "r1"}
SINGLES = [("order", NAMED), ("cancel-order", CANCELING), ("amend-order", AMENDING)]
BATCHES = [
    ("batch-orders", "batch-orders", NAMED, "51111"),
    ("cancel-batch-orders", "batch-cancel-orders", CANCELING, "51406"),
    ("amend-batch-orders", "batch-amend-orders", AMENDING, "51501"),
]


async def test_an_accepted_order_is_acknowledged_with_every_member() -> None:
    answer = await OrderDesk().post("order", NAMED)
    assert (answer.code, answer.msg, answer.timed) == ("0", "", True)
    assert wire(answer) == [
        {
            "ordId": "1000",
            "clOrdId": "mine",
            "tag": "bot1",
            "ts": "1790000000000",
            "sCode": "0",
            "sMsg": "",
            "subCode": "",
        }
    ]


async def test_an_order_without_money_is_refused_with_its_sub_code() -> None:
    desk = OrderDesk()
    desk.core.refusals = [Refusal.INSUFFICIENT_BALANCE]
    answer = await desk.post("order", NAMED)
    assert (answer.code, answer.msg, answer.timed) == ("1", "All operations failed", True)
    (ack,) = wire(answer)
    assert (ack["ordId"], ack["clOrdId"], ack["tag"]) == ("", "mine", "bot1")
    assert (ack["sCode"], ack["subCode"]) == ("51008", "1000")
    assert ack["sMsg"]


async def test_cancellations_and_amendments_have_members_of_their_own() -> None:
    (canceled,) = wire(await OrderDesk().post("cancel-order", CANCELING))
    assert list(canceled) == ["ordId", "clOrdId", "ts", "sCode", "sMsg"]
    (amended,) = wire(await OrderDesk().post("amend-order", AMENDING))
    assert list(amended) == ["ordId", "clOrdId", "ts", "reqId", "sCode", "sMsg", "subCode"]
    assert amended["reqId"] == "r1"


async def test_an_order_that_is_gone_has_a_code_for_each_verb() -> None:
    desk = OrderDesk()
    desk.core.refusals = [Refusal.ORDER_NOT_FOUND, Refusal.ORDER_NOT_FOUND]
    (canceled,) = wire(await desk.post("cancel-order", CANCELING))
    (amended,) = wire(await desk.post("amend-order", AMENDING))
    assert (canceled["sCode"], amended["sCode"]) == ("51400", "51503")


@pytest.mark.parametrize(
    ("path", "change"), [("cancel-batch-orders", {}), ("amend-batch-orders", {"newSz": "1"})]
)
async def test_clients_find_the_failed_item_of_a_batch_by_the_id_that_they_sent(
    path: str, change: dict[str, str]
) -> None:
    desk = OrderDesk()
    named = ({"ordId": "7"}, {"ordId": "8"}, {"clOrdId": "mine"}, {"ordId": "x"})
    desk.core.refusals = [Refusal.ORDER_NOT_FOUND] * 3
    acks = wire(await desk.post(path, [{"instId": "BTC-USDT", **ids, **change} for ids in named]))
    assert [(ack["ordId"], ack["clOrdId"]) for ack in acks] == [
        ("7", ""), ("8", ""), ("", "mine"), ("x", ""),
    ]  # fmt: skip


async def test_an_amendment_without_money_has_a_code_of_its_own() -> None:
    desk = OrderDesk()
    desk.core.refusals = [Refusal.INSUFFICIENT_BALANCE]
    (ack,) = wire(await desk.post("amend-order", AMENDING))
    assert (ack["sCode"], ack["subCode"]) == ("51502", "1030")


async def test_a_batch_is_one_frame_and_answers_in_request_order() -> None:
    desk = OrderDesk()
    desk.core.refusals = [None, Refusal.CLIENT_ID_IN_USE]
    items = [
        {**LIMIT, "clOrdId": "a"},
        {**LIMIT, "clOrdId": "b", "sz": "0"},
        {**LIMIT, "clOrdId": "c"},
        {**LIMIT, "clOrdId": "d", "instId": "NO-SUCH"},
        {**LIMIT, "clOrdId": "e"},
    ]
    answer = await desk.post("batch-orders", items)
    assert [len(frame) for frame in desk.core.frames] == [3]
    assert (answer.code, answer.msg) == ("2", "Bulk operation partially succeeded")
    acks = wire(answer)
    assert [ack["clOrdId"] for ack in acks] == list("abcde")
    assert [ack["sCode"] for ack in acks] == ["0", "51000", "51016", "51001", "0"]
    assert [ack["ordId"] for ack in acks] == ["1000", "", "", "", "1002"]


async def test_a_batch_that_fails_whole_says_so() -> None:
    desk = OrderDesk()
    answer = await desk.post("batch-orders", [{**LIMIT, "px": "x"}] * 2)
    assert (answer.code, answer.msg) == ("1", "All operations failed")
    assert desk.core.frames == []


@pytest.mark.parametrize(("path", "op", "item", "code"), BATCHES)
async def test_a_batch_holds_one_to_twenty_items(
    path: str, op: str, item: dict[str, Any], code: str
) -> None:
    desk = OrderDesk()
    many = [{**item, "ordId": str(at)} for at in range(1, 22)]
    assert (await failure(desk.post(path, many))).code == code
    assert (await failure(desk.operate(op, *many))).code == code
    assert desk.core.frames == []
    assert (await desk.post(path, many[:20])).code == "0"
    assert (await desk.operate(op, *many[:1])).code == "0"


@pytest.mark.parametrize("body", [[], {}, "x", 5, None, [5], [LIMIT, "x"], [[LIMIT]]])
async def test_a_batch_of_another_shape_is_refused_whole(body: Any) -> None:
    desk = OrderDesk()
    assert (await failure(desk.post("batch-orders", body))).code == "51000"
    assert desk.core.frames == []


@pytest.mark.parametrize("body", [[], [LIMIT], "x", 5, None])
async def test_a_single_order_is_one_object(body: Any) -> None:
    assert (await failure(OrderDesk().post("order", body))).code == "51000"


async def test_a_single_operation_has_one_element() -> None:
    desk = OrderDesk()
    assert (await failure(desk.operate("order", LIMIT, LIMIT))).code == "60013"
    assert (await desk.operate("order", LIMIT)).code == "0"


@pytest.mark.parametrize(("op", "item"), SINGLES)
async def test_operations_answer_as_the_endpoints_do(op: str, item: dict[str, Any]) -> None:
    assert wire(await OrderDesk().operate(op, item)) == wire(await OrderDesk().post(op, item))


@pytest.mark.parametrize("table", [PLACE, CANCEL, AMEND], ids=["place", "cancel", "amend"])
def test_every_refusal_of_the_core_has_a_code(table: dict[Refusal, Any]) -> None:
    assert set(table) == set(Refusal)
    assert all(rejection.code.isdigit() and rejection.message for rejection in table.values())


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (Refusal.BUSY, Busy),
        (Refusal.UNAVAILABLE, Unavailable),
        (Refusal.ORIGIN_FORGOTTEN, OutcomeUnknown),
    ],
)
async def test_what_the_host_turned_away_fails_as_a_whole(
    refusal: Refusal, error: type[Exception]
) -> None:
    desk = OrderDesk()
    desk.core.refusals = [refusal, refusal]
    with pytest.raises(error):
        await desk.post("batch-orders", [LIMIT, LIMIT])


async def test_what_the_host_turned_away_in_part_is_a_matter_of_items() -> None:
    desk = OrderDesk()
    desk.core.refusals = [Refusal.BUSY, None]
    acks = wire(await desk.post("batch-orders", [LIMIT, LIMIT]))
    assert [ack["sCode"] for ack in acks] == ["50013", "0"]


def test_the_hosts_own_refusals_are_known() -> None:
    assert set(HOST) == {refusal for refusal in Refusal if refusal >= Refusal.BUSY}


async def test_a_rejected_item_is_stamped_with_the_time_of_its_request() -> None:
    (ack,) = wire(await OrderDesk().post("order", without(NAMED, "sz")))
    assert ack["ts"] == "1790000000000"
