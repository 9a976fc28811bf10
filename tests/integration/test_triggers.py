"""Trigger orders from the request to the push and the history, over the real core and its real journal."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.order_desk import wire
from tests.support.trading_house import ALICE, BOB, House, open_house

from tickyard.gateway.route import ApiError

BTC = {"instId": "BTC-USDT"}
MARKET = "-1"


@pytest.fixture
async def house(trading_home: Path) -> AsyncIterator[House]:
    async with open_house(trading_home) as opened:
        await opened.trade_at("60000")
        yield opened


async def test_stop_loss_lives_fires_and_is_found_with_its_order(house: House) -> None:
    ear = await house.listen(ALICE, "orders-algo")
    stop = {"ordType": "conditional", "slTriggerPx": "59000", "slOrdPx": "58000"}
    algo = await house.algo(ALICE, **stop, algoClOrdId="stop1", tag="bot")
    (row,) = await house.get(ALICE, "orders-algo-pending", ordType="conditional,oco")
    assert (row["algoId"], row["algoClOrdId"], row["state"]) == (algo, "stop1", "live")
    assert (row["slTriggerPx"], row["slOrdPx"], row["slTriggerPxType"]) == (
        "59000",
        "58000",
        "last",
    )
    assert (row["sz"], row["tpTriggerPx"], row["ordId"], row["actualPx"]) == ("0.01", "", "", "")

    await house.trade_at("59000")
    fired = await house.shown(ALICE, algo)
    assert (fired["state"], fired["actualSide"], fired["actualPx"]) == ("effective", "sl", "58000")
    assert (fired["ordIdList"], fired["last"]) == ([fired["ordId"]], "59000")
    assert fired["triggerTime"].isdigit()
    assert await house.get(ALICE, "orders-algo-pending", ordType="conditional") == []
    (found,) = await house.get(
        ALICE, "orders-algo-history", ordType="conditional", state="effective", algoId=algo
    )
    assert found == fired

    order = await house.order(ALICE, fired["ordId"])
    assert (order["algoId"], order["algoClOrdId"], order["px"]) == (algo, "stop1", "58000")
    assert (order["state"], order["tag"], order["clOrdId"]) == ("live", "bot", "")
    assert [push["state"] for push in await ear.hear(2)] == ["live", "effective"]


async def test_take_profit_by_quote_money_buys_at_the_market(house: House) -> None:
    await house.place(BOB, "sell", "0.5", "61000")
    algo = await house.algo(
        ALICE, ordType="conditional", side="buy", sz="610", tpTriggerPx="59500", tpOrdPx=MARKET
    )
    assert (await house.shown(ALICE, algo))["tgtCcy"] == "quote_ccy"
    await house.trade_at("59500")
    fired = await house.shown(ALICE, algo)
    assert (fired["state"], fired["actualSide"], fired["actualPx"]) == ("effective", "tp", "-1")
    order = await house.order(ALICE, fired["ordId"])
    assert (order["state"], order["accFillSz"]) == ("filled", "0.01")


async def test_trailing_stop_is_on_the_advanced_channel(house: House) -> None:
    algo = await house.algo(ALICE, ordType="move_order_stop", callbackRatio="0.01")
    ear = await house.listen(ALICE, "algo-advance")
    await house.trade_at("61000")
    row = await house.shown(ALICE, algo)
    assert (row["callbackRatio"], row["moveTriggerPx"], row["ordType"]) == (
        "0.01",
        "60390",
        "move_order_stop",
    )
    await house.trade_at("60300")
    assert (await house.shown(ALICE, algo))["state"] == "effective"
    assert [push["state"] for push in await ear.hear(1)] == ["effective"]


async def test_plain_trigger_is_amended_and_cancelled_by_its_name(house: House) -> None:
    algo = await house.algo(
        ALICE, ordType="trigger", triggerPx="70000", orderPx="70100", clOrdId="mine"
    )
    changed = await house.ack(
        ALICE, "amend-algos", **BTC, algoClOrdId="mine", newTriggerPx="71000", newSz="0.02"
    )
    assert (changed["sCode"], changed["algoId"], changed["algoClOrdId"]) == ("0", algo, "mine")
    row = await house.shown(ALICE, algo)
    assert (row["triggerPx"], row["ordPx"], row["sz"], row["clOrdId"]) == (
        "71000",
        "70100",
        "0.02",
        "mine",
    )
    (ack,) = wire(await house.post(ALICE, "cancel-algos", [{**BTC, "algoClOrdId": "mine"}]))
    assert (ack["sCode"], ack["algoId"]) == ("0", algo)
    (again,) = wire(await house.post(ALICE, "cancel-advance-algos", [{**BTC, "algoId": algo}]))
    assert (again["sCode"], again["algoId"]) == ("51400", algo)
    assert (await house.shown(ALICE, algo))["state"] == "canceled"


@pytest.mark.parametrize("name", ["newOrdPx", "newOrderPx"])
async def test_order_price_of_a_plain_trigger_is_amended_by_either_spelling(
    house: House, name: str
) -> None:
    algo = await house.algo(ALICE, ordType="trigger", triggerPx="70000", orderPx="70100")
    assert (await house.ack(ALICE, "amend-algos", **BTC, algoId=algo, **{name: "70200"}))[
        "sCode"
    ] == "0"
    row = await house.shown(ALICE, algo)
    assert (row["triggerPx"], row["ordPx"]) == ("70000", "70200")


async def test_order_that_cannot_be_placed_fails_with_its_code(house: House) -> None:
    poor = {"ordType": "conditional", "side": "buy", "sz": "1000", "slOrdPx": "61000"}
    algo = await house.algo(ALICE, **poor, slTriggerPx="60500")
    taken = await house.ack(
        ALICE, "order", **BTC, tdMode="cash", side="buy", ordType="limit", px="60000", sz="10"
    )
    assert taken["sCode"] in {"0", "51008"}
    await house.trade_at("60500")
    row = await house.shown(ALICE, algo)
    assert row["state"] in {"effective", "order_failed"}
    assert (row["failCode"] == "") == (row["state"] == "effective")


async def test_attached_pair_waits_for_the_fill_of_its_order(house: House) -> None:
    with_both: list[dict[str, str]] = [
        {
            "tpTriggerPx": "66000",
            "tpOrdPx": MARKET,
            "slTriggerPx": "55000",
            "slOrdPx": MARKET,
            "attachAlgoClOrdId": "pair1",
        }
    ]
    order_id = await house.place(ALICE, "buy", "0.02", "59900", attachAlgoOrds=with_both)
    (attached,) = (await house.order(ALICE, order_id))["attachAlgoOrds"]
    assert (attached["attachAlgoClOrdId"], attached["tpTriggerPx"]) == ("pair1", "66000")
    assert await house.get(ALICE, "orders-algo-pending", ordType="oco") == []
    await house.place(BOB, "sell", "0.02", "59900")
    (row,) = await house.get(ALICE, "orders-algo-pending", ordType="oco")
    assert (row["algoId"], row["algoClOrdId"]) == (attached["attachAlgoId"], "pair1")
    assert (row["side"], row["sz"], row["linkedOrd"]["ordId"]) == ("sell", "0.02", order_id)


async def test_split_take_profits_beside_a_plain_order_in_a_batch(house: House) -> None:
    split = [
        {"tpTriggerPx": "66000", "tpOrdPx": MARKET, "sz": "0.01"},
        {"tpTriggerPx": "67000", "tpOrdPx": "66900", "sz": "0.01"},
        {"slTriggerPx": "50000", "slOrdPx": MARKET},
    ]
    one = {**BTC, "tdMode": "cash", "side": "buy", "ordType": "limit", "px": "59000", "sz": "0.02"}
    short = {**one, "attachAlgoOrds": split[:1], "sz": "0.03"}
    acks = wire(
        await house.post(ALICE, "batch-orders", [one, {**one, "attachAlgoOrds": split}, short])
    )
    assert [ack["sCode"] for ack in acks] == ["0", "0", "51083"]
    rows = {row["ordId"]: row for row in await house.get(ALICE, "orders-pending")}
    assert rows[acks[0]["ordId"]]["attachAlgoOrds"] == []
    assert [entry["sz"] for entry in rows[acks[1]["ordId"]]["attachAlgoOrds"]] == [
        "0.01",
        "0.01",
        "",
    ]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"ordType": "conditional", "tpTriggerPx": "59000", "tpOrdPx": MARKET}, "51279"),
        ({"ordType": "conditional", "slTriggerPx": "61000", "slOrdPx": MARKET}, "51280"),
        (
            {"ordType": "conditional", "side": "buy", "tpTriggerPx": "61000", "tpOrdPx": MARKET},
            "51277",
        ),
        (
            {"ordType": "conditional", "side": "buy", "slTriggerPx": "59000", "slOrdPx": MARKET},
            "51278",
        ),
        ({"ordType": "conditional", "slTriggerPx": "59000"}, "50014"),
        ({"ordType": "conditional"}, "51000"),
        ({"ordType": "twap"}, "51000"),
        ({"ordType": "oco", "slTriggerPx": "59000", "slOrdPx": MARKET}, "51000"),
        ({"ordType": "move_order_stop"}, "50014"),
        ({"ordType": "move_order_stop", "callbackRatio": "0.0001"}, "51257"),
        ({"ordType": "move_order_stop", "callbackRatio": "0.1", "activePx": "59000"}, "51258"),
        (
            {
                "ordType": "move_order_stop",
                "side": "buy",
                "callbackRatio": "0.1",
                "activePx": "61000",
            },
            "51259",
        ),
        (
            {"ordType": "trigger", "triggerPx": "61000", "orderPx": MARKET, "tgtCcy": "quote_ccy"},
            "51281",
        ),
        (
            {"ordType": "trigger", "triggerPx": "61000", "orderPx": MARKET, "closeFraction": "1"},
            "51327",
        ),
        (
            {"ordType": "trigger", "triggerPx": "61000", "orderPx": MARKET, "reduceOnly": True},
            "51139",
        ),
        (
            {"ordType": "trigger", "triggerPx": "61000", "orderPx": MARKET, "instId": "NO-PAIR"},
            "51001",
        ),
        (
            {
                "ordType": "trigger",
                "triggerPx": "61000",
                "orderPx": MARKET,
                "triggerPxType": "mark",
            },
            "51000",
        ),
    ],
)
async def test_what_is_wrong_is_refused_with_okxs_code(
    house: House, said: dict[str, Any], code: str
) -> None:
    ack = await house.try_algo(ALICE, **said)
    assert (ack["sCode"], ack["algoId"]) == (code, "")


async def test_queries_demand_what_okx_demands(house: House) -> None:
    for path, params, code in [
        ("orders-algo-pending", {}, "50014"),
        ("orders-algo-pending", {"ordType": "conditional,trigger"}, "51000"),
        ("orders-algo-history", {"ordType": "trigger"}, "51602"),
        ("order-algo", {}, "50015"),
        ("order-algo", {"algoId": "1"}, "51603"),
    ]:
        with pytest.raises(ApiError) as refused:
            await house.get(ALICE, path, **params)
        assert refused.value.code == code, path
    assert await house.get(ALICE, "orders-algo-pending", ordType="iceberg") == []
