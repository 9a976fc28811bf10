"""The rules of take-profits and stop-losses attached to an order, one by one, over the real core.

Source: OKX v5, POST /api/v5/trade/order and amend-order, "attachAlgoOrds", as of 2026-06-27.
"""

from typing import Any

import pytest
from tests.support.fields import assert_fields, documented
from tests.support.order_desk import wire
from tests.support.trading_house import ALICE, BOB, House

from tickyard.gateway.route import ApiError

MARKET = "-1"
TAKE = {"tpTriggerPx": "66000", "tpOrdPx": MARKET}
STOP = {"slTriggerPx": "50000", "slOrdPx": MARKET}
BUY = {
    "instId": "BTC-USDT",
    "tdMode": "cash",
    "side": "buy",
    "ordType": "limit",
    "px": "59000",
    "sz": "0.02",
}
HALVES = [
    {**TAKE, "sz": "0.01", "attachAlgoClOrdId": "half1"},
    {**TAKE, "tpTriggerPx": "67000", "sz": "0.01", "attachAlgoClOrdId": "half2"},
]


async def attach(house: House, *entries: dict[str, str], **more: Any) -> dict[str, Any]:
    """Place an order with attachments that is accepted; return it as the query shows it."""
    ack = await house.ack(ALICE, "order", **{**BUY, "attachAlgoOrds": [*entries], **more})
    assert ack["sCode"] == "0", ack
    return await house.order(ALICE, ack["ordId"])


async def live(house: House, kinds: str = "conditional,oco") -> list[dict[str, Any]]:
    return await house.get(ALICE, "orders-algo-pending", ordType=kinds)


async def test_an_order_shows_what_is_attached_to_it_with_every_documented_field(
    house: House,
) -> None:
    order = await attach(house, {**TAKE, **STOP, "attachAlgoClOrdId": "pair"})
    assert_fields(order, documented("trading_fields.json", "GET /api/v5/trade/order"))
    (entry,) = order["attachAlgoOrds"]
    assert (entry["attachAlgoClOrdId"], entry["tpTriggerPx"], entry["slTriggerPx"]) == (
        *("pair", "66000", "50000"),
    )
    assert (entry["tpTriggerPxType"], entry["slTriggerPxType"], entry["sz"]) == ("last", "last", "")
    (pending,) = await house.get(ALICE, "orders-pending", instId="BTC-USDT")
    assert pending == order
    assert await live(house) == []
    with pytest.raises(ApiError, match="does not exist"):
        await house.shown(ALICE, entry["attachAlgoId"])


async def test_the_orders_channel_tells_of_what_is_attached(house: House) -> None:
    ear = await house.listen(ALICE)
    order = await attach(house, {**TAKE, **STOP})
    await house.place(BOB, "sell", "0.02", "59000")
    for push in await ear.hear(2):
        assert [entry["attachAlgoId"] for entry in push["attachAlgoOrds"]] == [
            order["attachAlgoOrds"][0]["attachAlgoId"]
        ]


async def test_it_lives_when_its_order_is_filled_whole_and_stays_in_the_history(
    house: House,
) -> None:
    order = await attach(house, {**TAKE, **STOP, "attachAlgoClOrdId": "whole"})
    ear = await house.listen(ALICE, "orders-algo")
    await house.place(BOB, "sell", "0.01", "59000")
    assert await live(house) == []
    await house.place(BOB, "sell", "0.01", "59000")
    (row,) = await live(house)
    assert (row["algoClOrdId"], row["ordType"], row["side"]) == ("whole", "oco", "sell")
    assert (row["sz"], row["linkedOrd"]["ordId"]) == ("0.02", order["ordId"])
    assert [push["algoId"] for push in await ear.hear(1)] == [row["algoId"]]
    done = await house.order(ALICE, order["ordId"])
    assert (done["state"], done["attachAlgoOrds"]) == ("filled", order["attachAlgoOrds"])
    (done, *_) = await house.get(ALICE, "orders-history", instType="SPOT")
    assert done["attachAlgoOrds"] == order["attachAlgoOrds"]


async def test_what_was_filled_of_a_cancelled_order_is_protected(house: House) -> None:
    order = await attach(house, STOP)
    await house.place(BOB, "sell", "0.005", "59000")
    which = {"instId": "BTC-USDT", "ordId": order["ordId"]}
    await house.ack(ALICE, "cancel-order", **which)
    (row,) = await live(house)
    assert (row["sz"], row["ordType"]) == ("0.005", "conditional")


async def test_it_goes_without_a_trace_with_an_order_that_is_cancelled_unfilled(
    house: House,
) -> None:
    ear = await house.listen(ALICE, "orders-algo")
    order = await attach(house, STOP)
    which = {"instId": "BTC-USDT", "ordId": order["ordId"]}
    await house.ack(ALICE, "cancel-order", **which)
    algo = order["attachAlgoOrds"][0]["attachAlgoId"]
    kept = await house.get(ALICE, "orders-algo-history", ordType="conditional", state="canceled")
    assert algo not in {row["algoId"] for row in kept}
    assert await live(house) == []
    seen = await house.algo(ALICE, ordType="conditional", **STOP)
    assert [push["algoId"] for push in await ear.hear(1)] == [seen]
    done = await house.order(ALICE, order["ordId"])
    assert (done["state"], done["attachAlgoOrds"]) == ("canceled", order["attachAlgoOrds"])


async def test_the_parts_of_a_split_take_profit_fire_one_by_one(house: House) -> None:
    order = await attach(house, *HALVES, STOP)
    assert [entry["sz"] for entry in order["attachAlgoOrds"]] == ["0.01", "0.01", ""]
    await house.place(BOB, "sell", "0.02", "59000")
    assert [row["sz"] for row in await live(house)] == ["0.02", "0.01", "0.01"]
    await house.place(BOB, "buy", "0.01", "65000")
    await house.trade_at("66000")
    assert [row["algoClOrdId"] for row in await live(house)] == ["", "half2"]


SIDES = [
    ({"side": "buy"}, {"tpTriggerPx": "59000", "tpOrdPx": MARKET}, "51046"),
    ({"side": "buy"}, {"slTriggerPx": "59000", "slOrdPx": MARKET}, "51047"),
    ({"side": "sell"}, {"tpTriggerPx": "59000", "tpOrdPx": MARKET}, "51048"),
    ({"side": "sell"}, {"slTriggerPx": "59000", "slOrdPx": MARKET}, "51049"),
]
AT_MARKET = [
    ({"side": "buy"}, {"tpTriggerPx": "60100", "tpOrdPx": MARKET}, "51050"),
    ({"side": "buy"}, {"slTriggerPx": "60100", "slOrdPx": MARKET}, "51051"),
    ({"side": "sell"}, {"tpTriggerPx": "59900", "tpOrdPx": MARKET}, "51052"),
    ({"side": "sell"}, {"slTriggerPx": "59900", "slOrdPx": MARKET}, "51053"),
]
ENTRIES: list[tuple[list[Any], str]] = [
    ([{"tpTriggerPx": "66000"}], "50014"),
    ([{"tpTriggerPx": "x", "tpOrdPx": MARKET}], "51000"),
    ([{"attachAlgoClOrdId": "alone"}], "51178"),
    ([{**STOP, "attachAlgoClOrdId": "a-b"}], "51000"),
    ([{**STOP, "slTriggerPxType": "mark"}], "51000"),
    ([{**TAKE, "tpOrdKind": "limit"}], "51094"),
    ([{"tpTriggerRatio": "0.1", "tpOrdPx": MARKET}], "51000"),
    ([{"callbackRatio": "0.1"}], "51000"),
    ([{**STOP, "amendPxOnTriggerType": "1"}], "51077"),
    ([{**TAKE, "sz": "0.01"}], "51083"),
    ([*HALVES, {**STOP, **TAKE, "sz": "0.01"}], "51076"),
    ([{**TAKE, "tpTriggerPx": str(66_000 + at), "sz": "0.001"} for at in range(11)], "51079"),
    ([HALVES[0], HALVES[0]], "51081"),
    ([HALVES[0], {**HALVES[1], "sz": "0.02"}], "51083"),
    ([*HALVES, STOP, STOP], "51084"),
    ([HALVES[0], {**TAKE, "tpTriggerPx": "67000"}], "51089"),
    ([HALVES[0], {**HALVES[1], "attachAlgoClOrdId": "half1"}], "51068"),
]


@pytest.mark.parametrize(("order", "entry", "code"), SIDES)
async def test_a_side_that_its_orders_price_has_passed_is_refused(
    house: House, order: dict[str, str], entry: dict[str, str], code: str
) -> None:
    ack = await house.ack(ALICE, "order", **{**BUY, **order, "attachAlgoOrds": [entry]})
    assert (ack["sCode"], ack["ordId"]) == (code, "")


@pytest.mark.parametrize(("order", "entry", "code"), AT_MARKET)
async def test_a_side_that_the_best_price_has_passed_is_refused(
    house: House, order: dict[str, str], entry: dict[str, str], code: str
) -> None:
    await house.place(BOB, "sell", "0.1", "60100")
    await house.place(BOB, "buy", "0.1", "59900")
    said = {**BUY, **order, "ordType": "market", "px": "", "tgtCcy": "base_ccy"}
    ack = await house.ack(ALICE, "order", **{**said, "attachAlgoOrds": [entry]})
    assert (ack["sCode"], ack["ordId"]) == (code, "")


@pytest.mark.parametrize(("entries", "code"), ENTRIES)
async def test_attachments_are_refused_with_their_code(
    house: House, entries: list[Any], code: str
) -> None:
    ack = await house.ack(ALICE, "order", **{**BUY, "attachAlgoOrds": entries})
    assert (ack["sCode"], ack["ordId"]) == (code, "")


async def test_a_name_that_lives_already_is_refused(house: House) -> None:
    await house.algo(ALICE, ordType="conditional", **STOP, algoClOrdId="taken")
    entry = {**STOP, "attachAlgoClOrdId": "taken"}
    ack = await house.ack(ALICE, "order", **{**BUY, "attachAlgoOrds": [entry]})
    assert ack["sCode"] == "51068"


@pytest.mark.parametrize("nothing", [None, []])
async def test_clients_may_say_that_nothing_is_attached(house: House, nothing: object) -> None:
    ack = await house.ack(ALICE, "order", **{**BUY, "attachAlgoOrds": nothing})
    assert ack["sCode"] == "0"
    which = {"instId": "BTC-USDT", "ordId": ack["ordId"], "newSz": "0.03"}
    assert (await house.ack(ALICE, "amend-order", **which, attachAlgoOrds=nothing))["sCode"] == "0"


async def test_a_batch_carries_out_what_can_be(house: House) -> None:
    items = [BUY, {**BUY, "attachAlgoOrds": [STOP]}, {**BUY, "attachAlgoOrds": [HALVES[0]]}]
    answer = await house.post(ALICE, "batch-orders", items)
    assert (answer.code, [ack["sCode"] for ack in wire(answer)]) == ("2", ["0", "0", "51083"])


async def test_it_is_amended_with_its_order_by_our_name_or_the_clients(house: House) -> None:
    order = await attach(house, *HALVES)
    number = order["attachAlgoOrds"][0]["attachAlgoId"]
    changes = [
        {"attachAlgoId": number, "newTpTriggerPx": "68000"},
        {"attachAlgoClOrdId": "half2", "newTpOrdPx": "66900"},
    ]
    which = {"instId": "BTC-USDT", "ordId": order["ordId"]}
    ack = await house.ack(ALICE, "amend-order", **which, newPx="59100", attachAlgoOrds=changes)
    assert (ack["sCode"], ack["ordId"]) == ("0", order["ordId"])
    after = await house.order(ALICE, order["ordId"])
    first, second = after["attachAlgoOrds"]
    assert (after["px"], first["tpTriggerPx"], first["tpOrdPx"]) == ("59100", "68000", MARKET)
    assert (second["tpTriggerPx"], second["tpOrdPx"]) == ("67000", "66900")


async def test_the_only_one_is_amended_by_flat_members_too(house: House) -> None:
    order = await attach(house, STOP)
    flat = {"newTpTriggerPx": "66000", "newTpOrdPx": MARKET, "newSlTriggerPx": "51000"}
    which = {"instId": "BTC-USDT", "ordId": order["ordId"]}
    assert (await house.ack(ALICE, "amend-order", **which, **flat))["sCode"] == "0"
    (entry,) = (await house.order(ALICE, order["ordId"]))["attachAlgoOrds"]
    assert (entry["tpTriggerPx"], entry["slTriggerPx"]) == ("66000", "51000")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"attachAlgoId": "1", "newTpTriggerPx": "68000"}, "51527"),
        ({"newTpTriggerPx": "68000"}, "51527"),
        ({"attachAlgoClOrdId": "half1"}, "51500"),
        ({"attachAlgoClOrdId": "half1", "newTpTriggerPx": "67000"}, "51081"),
        ({"attachAlgoClOrdId": "half1", "newTpTriggerPx": "58000"}, "51046"),
        ({"attachAlgoClOrdId": "half1", "sz": "0.02"}, "51083"),
        ({"attachAlgoClOrdId": "half1", "newSlTriggerPx": "50000", "newSlOrdPx": "-1"}, "51076"),
        ({"attachAlgoClOrdId": "half1", "newTpOrdKind": "limit"}, "51094"),
        ({"attachAlgoClOrdId": "half1", "newCallbackRatio": "0.1"}, "51000"),
        ({"attachAlgoClOrdId": "half1", "newTpTriggerPxType": "index"}, "51000"),
    ],
)
async def test_a_change_of_what_is_attached_is_refused_with_its_code(
    house: House, change: dict[str, str], code: str
) -> None:
    order = await attach(house, *HALVES)
    which = {"instId": "BTC-USDT", "ordId": order["ordId"]}
    ack = await house.ack(ALICE, "amend-order", **which, newPx="59100", attachAlgoOrds=[change])
    assert (ack["sCode"], ack["ordId"]) == (code, order["ordId"])
    assert await house.order(ALICE, order["ordId"]) == order


async def test_an_order_that_cannot_be_amended_leaves_what_is_attached_as_it_was(
    house: House,
) -> None:
    """An order and what is attached to it change together or not at all."""
    order = await attach(house, {**TAKE, **STOP})
    which = {"instId": "BTC-USDT", "ordId": order["ordId"]}
    changes = [{"newTpTriggerPx": "68000"}]
    for wrong, expires_at_ms, code in (
        ({"newSz": "1000"}, 0, "51502"),
        ({"newPx": "59100"}, 1, "50037"),
    ):
        item = {**which, **wrong, "attachAlgoOrds": changes}
        (ack,) = wire(await house.post(ALICE, "amend-order", item, expires_at_ms=expires_at_ms))
        assert (ack["sCode"], ack["ordId"]) == (code, order["ordId"])
        assert await house.order(ALICE, order["ordId"]) == order


async def test_what_is_said_twice_of_one_that_is_attached_is_put_together(house: House) -> None:
    order = await attach(house, {**TAKE, **STOP})
    which = {"instId": "BTC-USDT", "ordId": order["ordId"]}
    changes = [{"newTpTriggerPx": "68000"}]
    said = {"attachAlgoOrds": changes, "newSlTriggerPx": "51000", "reqId": "both"}
    assert (await house.ack(ALICE, "amend-order", **which, **said))["sCode"] == "0"
    (entry,) = (await house.order(ALICE, order["ordId"]))["attachAlgoOrds"]
    assert (entry["tpTriggerPx"], entry["slTriggerPx"]) == ("68000", "51000")
