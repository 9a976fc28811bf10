"""Amendments, cancellations and timers at the edge."""

from typing import Any

import pytest
from tests.support.order_desk import ALICE, OrderDesk, failure, wire, without
from tests.support.pairs import pair

from tickyard.base.ids import InstrumentId
from tickyard.engine import commands
from tickyard.engine.records import ANY_INSTRUMENT, OrderId

PAIR = pair("BTC-USDT")
CANCEL = {"instId": "BTC-USDT", "ordId": "123456789"}
AMEND = {**CANCEL, "newPx": "50000"}
AT: dict[str, Any] = {"account": ALICE, "instrument": PAIR.instrument}


async def sent(path: str, body: Any) -> list[bytes]:
    desk = OrderDesk()
    await desk.post(path, body)
    return desk.core.records


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({}, {"order_id": OrderId(123456789)}),
        ({"ordId": 123456789}, {"order_id": OrderId(123456789)}),
        # the order's id goes before the client's
        ({"clOrdId": "mine"}, {"order_id": OrderId(123456789)}),
        ({"ordId": None, "clOrdId": "mine"}, {"client_id": b"mine"}),
        ({"instId": None, "instIdCode": PAIR.instrument}, {"order_id": OrderId(123456789)}),
    ],
)
async def test_an_order_is_cancelled_by_either_name(
    said: dict[str, Any], meant: dict[str, Any]
) -> None:
    item = {name: value for name, value in {**CANCEL, **said}.items() if value is not None}
    assert await sent("cancel-order", item) == [commands.cancel_order(**AT, **meant)]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({}, {"price": PAIR.price_to_ticks("50000")}),
        (
            {"newSz": "0.25"},
            {"price": PAIR.price_to_ticks("50000"), "size": PAIR.size_to_lots("0.25")},
        ),
        ({"newPx": None, "newSz": "0.25"}, {"size": PAIR.size_to_lots("0.25")}),
        ({"reqId": "r1"}, {"price": PAIR.price_to_ticks("50000"), "request_id": b"r1"}),
        ({"cxlOnFail": True}, {"price": PAIR.price_to_ticks("50000"), "cancel_on_fail": True}),
        ({"cxlOnFail": "true"}, {"price": PAIR.price_to_ticks("50000"), "cancel_on_fail": True}),
        ({"pxAmendType": "1"}, {"price": PAIR.price_to_ticks("50000"), "clamp_price": True}),
        ({"attachAlgoOrds": []}, {"price": PAIR.price_to_ticks("50000")}),
    ],
)
async def test_an_amendment_says_only_what_changes(
    said: dict[str, Any], meant: dict[str, Any]
) -> None:
    item = {name: value for name, value in {**AMEND, **said}.items() if value is not None}
    expected = commands.amend_order(**AT, order_id=OrderId(123456789), **meant)
    assert await sent("amend-order", item) == [expected]


@pytest.mark.parametrize(
    ("path", "item", "code"),
    [
        ("cancel-order", without(CANCEL, "ordId"), "51407"),
        ("cancel-order", {**CANCEL, "ordId": "abc"}, "51000"),
        ("cancel-order", {**CANCEL, "ordId": "0"}, "51000"),
        ("cancel-order", {**CANCEL, "ordId": "-5"}, "51000"),
        ("cancel-order", {**CANCEL, "ordId": "9" * 39}, "51000"),
        ("cancel-order", {**CANCEL, "ordId": "\uff11\uff12"}, "51000"),
        ("cancel-order", {"instId": "BTC-USDT", "clOrdId": "a-b"}, "51000"),
        ("cancel-order", without(CANCEL, "instId"), "50014"),
        ("cancel-order", {**CANCEL, "instId": "NO-SUCH"}, "51001"),
        ("amend-order", without(AMEND, "ordId"), "51003"),
        ("amend-order", without(AMEND, "newPx"), "51500"),
        ("amend-order", {**AMEND, "newPx": "0"}, "51000"),
        ("amend-order", {**AMEND, "newPx": "1.23"}, "51000"),
        ("amend-order", {**AMEND, "newPx": "9" * 33}, "51514"),
        ("amend-order", {**AMEND, "newPx": "1e400"}, "51000"),
        ("amend-order", {**AMEND, "newSz": "-1"}, "51000"),
        ("amend-order", {**AMEND, "newSz": "0.500000001"}, "51121"),
        ("amend-order", {**AMEND, "reqId": "r" * 33}, "51000"),
        ("amend-order", {**AMEND, "cxlOnFail": "perhaps"}, "51000"),
        ("amend-order", {**AMEND, "pxAmendType": "7"}, "51000"),
        ("amend-order", {**AMEND, "newPxUsd": "1"}, "51179"),
        ("amend-order", {**AMEND, "newTriggerPx": "1"}, "54070"),
        ("amend-order", {**AMEND, "newTpTriggerPx": "1"}, "51503"),
        ("amend-order", {**AMEND, "attachAlgoOrds": [{"newSlOrdPx": "1"}]}, "51503"),
    ],
)
async def test_what_names_no_order_or_changes_nothing_never_reaches_the_core(
    path: str, item: dict[str, Any], code: str
) -> None:
    desk = OrderDesk()
    (ack,) = wire(await desk.post(path, item))
    assert ack["sCode"] == code
    assert desk.core.frames == []


@pytest.mark.parametrize(
    "twin",
    [
        AMEND,
        {**AMEND, "ordId": 123456789, "newPx": "50001"},
        {**AMEND, "clOrdId": "other"},
    ],
)
async def test_an_order_named_twice_in_a_batch_is_amended_by_neither(twin: dict[str, Any]) -> None:
    desk = OrderDesk()
    other = {**AMEND, "ordId": "5"}
    answer = await desk.post("amend-batch-orders", [AMEND, other, twin])
    assert answer.code == "2"
    assert [ack["sCode"] for ack in wire(answer)] == ["51512", "0", "51512"]
    assert len(desk.core.records) == 1


async def test_two_items_without_any_name_are_no_twins() -> None:
    item = without(AMEND, "ordId")
    answer = await OrderDesk().post("amend-batch-orders", [item, item])
    assert [ack["sCode"] for ack in wire(answer)] == ["51003", "51003"]


@pytest.mark.parametrize(
    ("said", "timeout_ms", "tag"),
    [
        ({"timeOut": 10}, 10_000, b""),
        ({"timeOut": "120"}, 120_000, b""),
        ({"timeOut": "0"}, 0, b""),
        ({"timeOut": 0, "tag": "bot1"}, 0, b"bot1"),
    ],
)
async def test_a_timer_is_off_or_within_ten_to_120_seconds(
    said: dict[str, Any], timeout_ms: int, tag: bytes
) -> None:
    expected = commands.cancel_all_after(account=ALICE, timeout_ms=timeout_ms, tag=tag)
    assert await sent("cancel-all-after", said) == [expected]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "50014"),
        ({"timeOut": "9"}, "51000"),
        ({"timeOut": "121"}, "51000"),
        ({"timeOut": "-10"}, "51000"),
        ({"timeOut": "1e1"}, "51000"),
        ({"timeOut": True}, "51000"),
        ({"timeOut": ["10"]}, "51000"),
        ({"timeOut": "10", "tag": "t" * 17}, "51000"),
    ],
)
async def test_another_time_is_refused(said: dict[str, Any], code: str) -> None:
    desk = OrderDesk()
    assert (await failure(desk.post("cancel-all-after", said))).code == code
    assert desk.core.frames == []


async def test_an_armed_timer_tells_when_it_fires() -> None:
    (ack,) = wire(await OrderDesk().post("cancel-all-after", {"timeOut": "10", "tag": "bot1"}))
    assert ack == {"triggerTime": "77", "tag": "bot1", "ts": "1790000000000"}


@pytest.mark.parametrize(
    ("said", "instrument"),
    [
        ({"instType": "SPOT"}, ANY_INSTRUMENT),
        ({"instType": "SPOT", "instFamily": "BTC-USDT"}, PAIR.instrument),
        ({"instType": "SPOT", "instId": "BTC-USDT"}, PAIR.instrument),
        (
            {"instType": "SPOT", "instIdCode": PAIR.instrument, "lockInterval": 10_000},
            PAIR.instrument,
        ),
        ({"instType": "OPTION", "instFamily": "BTC-USD"}, None),
        ({"instType": "SWAP"}, None),
    ],
)
async def test_mass_cancel_means_every_order_of_what_it_names(
    said: dict[str, Any], instrument: InstrumentId | None
) -> None:
    desk = OrderDesk()
    for answer in (await desk.post("mass-cancel", said), await desk.operate("mass-cancel", said)):
        assert (answer.code, wire(answer)) == ("0", [{"result": True}])
    expected = (
        [] if instrument is None else [commands.mass_cancel(account=ALICE, instrument=instrument)]
    )
    assert desk.core.records == expected * 2


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "50014"),
        ({"instType": "STOCK"}, "51000"),
        ({"instType": ["SPOT"]}, "51000"),
        ({"instType": "SPOT", "instId": "NO-SUCH"}, "51001"),
        ({"instType": "SPOT", "instFamily": "NO-SUCH"}, "51001"),
        ({"instType": "SPOT", "lockInterval": "10001"}, "54009"),
        ({"instType": "SPOT", "lockInterval": "-1"}, "54009"),
    ],
)
async def test_mass_cancel_refuses_what_does_not_exist(said: dict[str, Any], code: str) -> None:
    desk = OrderDesk()
    assert (await failure(desk.post("mass-cancel", said))).code == code
    assert desk.core.frames == []
