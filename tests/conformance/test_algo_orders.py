"""The rules of trigger orders, one by one, over the real core.

Source: OKX v5, "Algo Trading", as of 2026-06-27.
"""

from decimal import Decimal
from typing import Any

import pytest
from tests.support.fields import documented, expected_of, spelled
from tests.support.order_desk import CATALOG, wire
from tests.support.trading_house import ALICE, BOB, House

from tickyard.base.ids import InstrumentId
from tickyard.gateway.route import ApiError
from tickyard.trading.algo_channels import Stream

VECTORS = "trading_fields.json"
BTC = {"instId": "BTC-USDT"}
MARKET = "-1"
OURS = {
    "failReason",
    "tpOrdKind",
    *(f"triggerTrade{part}" for part in ("", ".tradeId", ".px", ".ts")),
}
"""What is told besides: of OKX's own further reading, and which trade fired an order."""
STOP = {"ordType": "conditional", "slTriggerPx": "59000", "slOrdPx": MARKET}
TAKE = {"ordType": "conditional", "tpTriggerPx": "61000", "tpOrdPx": MARKET}
PAIR = {**STOP, **TAKE, "ordType": "oco"}
PLAIN = {"ordType": "trigger", "triggerPx": "61000", "orderPx": MARKET}
TRAIL = {"ordType": "move_order_stop", "callbackRatio": "0.1"}
KINDS = {"conditional": STOP, "oco": PAIR, "trigger": PLAIN, "move_order_stop": TRAIL}


def assert_all_documented(row: dict[str, Any], name: str) -> None:
    known = {field for key in ALGO_ROWS for field in documented(VECTORS, key)} | OURS
    assert expected_of(row, documented(VECTORS, name)) <= spelled(row) <= known
    kept_types = {"ordIdList", "attachAlgoOrds", "triggerParams", "linkedOrd", "triggerTrade"}
    assert all(type(value) is str for key, value in row.items() if key not in kept_types)


ALGO_ROWS = (
    "GET /api/v5/trade/order-algo",
    "GET /api/v5/trade/orders-algo-pending",
    "GET /api/v5/trade/orders-algo-history",
    "WS orders-algo",
    "WS algo-advance",
)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_row_of_each_kind_has_every_documented_field(house: House, kind: str) -> None:
    algo = await house.algo(ALICE, **KINDS[kind])
    (pending,) = await house.get(ALICE, "orders-algo-pending", ordType=kind)
    shown = await house.shown(ALICE, algo)
    assert pending == shown
    assert_all_documented(shown, "GET /api/v5/trade/order-algo")
    assert_all_documented(pending, "GET /api/v5/trade/orders-algo-pending")
    await house.post(ALICE, "cancel-algos", [{**BTC, "algoId": algo}])
    (ended,) = await house.get(
        ALICE, "orders-algo-history", ordType=kind, state="canceled", limit="1"
    )
    assert (ended["algoId"], ended["state"]) == (algo, "canceled")
    assert_all_documented(ended, "GET /api/v5/trade/orders-algo-history")


async def test_acknowledgements_have_the_documented_fields(house: House) -> None:
    placed = await house.try_algo(ALICE, **STOP, algoClOrdId="acks", tag="bot")
    refused = await house.try_algo(ALICE, **STOP, algoClOrdId="acks", tag="bot")
    for ack, code in ((placed, "0"), (refused, "51065")):
        assert set(ack) == set(documented(VECTORS, "POST /api/v5/trade/order-algo"))
        assert (ack["sCode"], ack["algoClOrdId"], ack["clOrdId"]) == (code, "acks", "acks")
        assert (ack["tag"], bool(ack["algoId"])) == ("bot", code == "0")
    which = {**BTC, "algoId": placed["algoId"]}
    amended = await house.ack(ALICE, "amend-algos", **which, newSz="0.02", reqId="r1")
    assert set(amended) == set(documented(VECTORS, "POST /api/v5/trade/amend-algos"))
    assert (amended["reqId"], amended["algoClOrdId"]) == ("r1", "acks")
    (canceled,) = wire(await house.post(ALICE, "cancel-algos", [which]))
    assert set(canceled) == set(documented(VECTORS, "POST /api/v5/trade/cancel-algos"))


async def test_clients_may_call_the_name_clordid_and_find_it_under_both(house: House) -> None:
    algo = await house.algo(ALICE, **STOP, clOrdId="alias1")
    for params in ({"clOrdId": "alias1"}, {"algoClOrdId": "alias1"}, {"algoId": algo}):
        (row,) = await house.get(ALICE, "order-algo", **params)
        assert (row["clOrdId"], row["algoClOrdId"], row["algoId"]) == ("alias1", "alias1", algo)


@pytest.mark.parametrize("mode", ["cash", "cross"])
async def test_spot_stops_may_be_cash_or_cross(house: House, mode: str) -> None:
    algo = await house.algo(ALICE, **STOP, tdMode=mode)
    assert (await house.shown(ALICE, algo))["tdMode"] == mode


async def test_nothing_is_frozen_before_it_fires(house: House) -> None:
    before = await house.core.balances(ALICE)
    await house.algo(ALICE, **{**STOP, "slOrdPx": "58000"}, sz="5")
    assert (await house.core.balances(ALICE)).rows == before.rows


async def test_a_conditional_order_with_both_sides_is_a_stop_loss_only(house: House) -> None:
    algo = await house.algo(ALICE, **{**PAIR, "ordType": "conditional"})
    row = await house.shown(ALICE, algo)
    assert (row["tpTriggerPx"], row["tpOrdPx"], row["slTriggerPx"]) == ("", "", "59000")


async def test_the_first_side_of_a_pair_ends_both(house: House) -> None:
    await house.place(BOB, "buy", "0.1", "60500")
    algo = await house.algo(ALICE, **PAIR)
    await house.trade_at("61000")
    row = await house.shown(ALICE, algo)
    assert (row["state"], row["actualSide"], row["actualPx"]) == ("effective", "tp", MARKET)
    await house.trade_at("59000")
    assert await house.shown(ALICE, algo) == row


async def test_what_fired_tells_of_its_trade_and_its_order(house: House) -> None:
    algo = await house.algo(ALICE, **PLAIN, tag="bot")
    before = await house.shown(ALICE, algo)
    assert (before["ordIdList"], before["triggerTime"], before["actualSide"]) == ([], "", "")
    assert before["triggerTrade"] == {"tradeId": "", "px": "", "ts": ""}
    await house.place(BOB, "buy", "0.1", "60500")
    await house.trade_at("61000")
    row = await house.shown(ALICE, algo)
    assert (row["state"], row["actualSz"], row["actualPx"]) == ("effective", "0.01", MARKET)
    assert row["ordIdList"] == [row["ordId"]]
    trade = row["triggerTrade"]
    assert (trade["px"], trade["ts"]) == ("61000", row["triggerTime"])
    assert trade["tradeId"].isdigit()
    order = await house.order(ALICE, row["ordId"])
    assert (order["algoId"], order["tag"], order["state"]) == (algo, "bot", "filled")


@pytest.mark.parametrize(("word", "left"), [("ioc", "canceled"), ("fok", "canceled"), ("", "live")])
async def test_a_trigger_order_says_how_its_limit_order_meets_the_book(
    house: House, word: str, left: str
) -> None:
    algo = await house.algo(ALICE, **{**PLAIN, "orderPx": "62000"}, advanceOrdType=word)
    await house.trade_at("61000")
    row = await house.shown(ALICE, algo)
    assert (row["advanceOrdType"], row["ordPx"]) == (word, "62000")
    assert (await house.order(ALICE, row["ordId"]))["state"] == left


async def test_a_trailing_stop_follows_from_its_activation(house: House) -> None:
    algo = await house.algo(
        ALICE, ordType="move_order_stop", callbackSpread="100", activePx="60500"
    )
    assert (await house.shown(ALICE, algo))["moveTriggerPx"] == ""
    await house.trade_at("60400")
    await house.trade_at("60500")
    await house.trade_at("60550")
    row = await house.shown(ALICE, algo)
    assert (row["moveTriggerPx"], row["activePx"], row["state"]) == ("60450", "60500", "live")
    await house.trade_at("60450")
    assert (await house.shown(ALICE, algo))["state"] == "effective"


async def test_an_order_of_which_nothing_can_be_paid_has_failed_with_its_code(house: House) -> None:
    limit, market = {**STOP, "slOrdPx": "58000"}, STOP
    algos = [await house.algo(ALICE, **said) for said in (limit, market)]
    btc = CATALOG.instrument(InstrumentId(1)).base
    rows = (await house.core.balances(ALICE)).rows
    (free,) = [row.trading - row.hold for row in rows if row.asset == btc.asset]
    await house.place(ALICE, "sell", btc.amount_text(free), "70000")
    await house.trade_at("59000")
    for algo in algos:
        row = await house.shown(ALICE, algo)
        assert (row["state"], row["failCode"], row["ordId"]) == ("order_failed", "51008", "")
        assert (row["ordIdList"], row["triggerTrade"]["px"]) == ([], "59000")


async def test_a_limit_order_is_shrunk_to_what_can_be_paid(house: House) -> None:
    algo = await house.algo(ALICE, **{**STOP, "slOrdPx": "58000"}, sz="0.5")
    btc = CATALOG.instrument(InstrumentId(1)).base
    rows = (await house.core.balances(ALICE)).rows
    (free,) = [row.trading - row.hold for row in rows if row.asset == btc.asset]
    all_but_some = Decimal(btc.amount_text(free)) - Decimal("0.2")
    await house.place(ALICE, "sell", str(all_but_some), "70000")
    await house.trade_at("59000")
    row = await house.shown(ALICE, algo)
    assert (row["state"], row["sz"], row["actualSz"]) == ("effective", "0.5", "0.2")


SELL_CODES = [
    ({**TAKE, "tpTriggerPx": "60000"}, "51279"),
    ({**STOP, "slTriggerPx": "60000"}, "51280"),
    ({**PAIR, "tpTriggerPx": "59500"}, "51279"),
    ({**TRAIL, "activePx": "60000"}, "51258"),
]
BUY_CODES = [
    ({**TAKE, "tpTriggerPx": "60000"}, "51277"),
    ({**STOP, "slTriggerPx": "60000"}, "51278"),
    ({**TRAIL, "activePx": "60000"}, "51259"),
]
WRONG = [
    ({**STOP, "instId": ""}, "50014"),
    ({**STOP, "instId": "NO-PAIR"}, "51001"),
    ({**STOP, "tdMode": ""}, "50014"),
    ({**STOP, "tdMode": "isolated"}, "51000"),
    ({**STOP, "side": ""}, "50014"),
    ({**STOP, "ordType": ""}, "50014"),
    ({**STOP, "ordType": "chase"}, "51000"),
    ({**STOP, "sz": ""}, "50014"),
    ({**STOP, "sz": "0.000000001"}, "51121"),
    ({**STOP, "sz": "0.00000001"}, "51020"),
    ({**STOP, "sz": "99999999"}, "51275"),
    ({**STOP, "sz": "99999999", "slOrdPx": "58000"}, "51252"),
    ({**TRAIL, "sz": "99999999"}, "51312"),
    ({**PLAIN, "sz": "99999999"}, "51252"),
    ({**STOP, "slTriggerPx": "1" + "0" * 13}, "51250"),
    ({**STOP, "slTriggerPx": "59000.001"}, "51000"),
    ({**STOP, "slOrdPx": ""}, "50014"),
    ({**STOP, "slTriggerPxType": "index"}, "51000"),
    ({**TAKE, "tpTriggerPxType": "mark"}, "51000"),
    ({**TAKE, "tpOrdKind": "limit"}, "51094"),
    ({**STOP, "tgtCcy": "usdt"}, "51000"),
    ({**STOP, "tradeQuoteCcy": "USDC"}, "51000"),
    ({**STOP, "slOrdPx": "58000", "tgtCcy": "quote_ccy"}, "51281"),
    ({**STOP, "reduceOnly": "true"}, "51139"),
    ({**STOP, "closeFraction": "1"}, "51327"),
    ({**STOP, "algoClOrdId": "a-b"}, "51000"),
    ({**STOP, "tag": "t" * 17}, "51000"),
    ({**STOP, "ordType": "oco"}, "51000"),
    ({"ordType": "conditional"}, "51000"),
    ({**PLAIN, "triggerPx": ""}, "50014"),
    ({**PLAIN, "orderPx": ""}, "50014"),
    ({**PLAIN, "triggerPxType": "index"}, "51000"),
    ({**PLAIN, "advanceOrdType": "post_only"}, "51000"),
    ({**PLAIN, "tgtCcy": "quote_ccy"}, "51281"),
    ({**PLAIN, "attachAlgoOrds": [{"slTriggerPx": "1", "slOrdPx": "-1"}]}, "51000"),
    ({**TRAIL, "callbackRatio": ""}, "50014"),
    ({**TRAIL, "callbackSpread": "1"}, "51000"),
    ({**TRAIL, "callbackRatio": "0.0009"}, "51257"),
    ({**TRAIL, "callbackRatio": "1.1"}, "51257"),
]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        *WRONG,
        *(({"side": "sell", **said}, code) for said, code in SELL_CODES),
        *(({"side": "buy", **said}, code) for said, code in BUY_CODES),
    ],
)
async def test_a_placement_is_refused_with_its_code(
    house: House, said: dict[str, Any], code: str
) -> None:
    ack = await house.try_algo(ALICE, **said)
    assert (ack["sCode"], ack["algoId"]) == (code, ""), ack


@pytest.mark.parametrize(
    ("said", "most", "code"), [(STOP, 100, "51261"), (TRAIL, 50, "51260"), (PLAIN, 500, "51299")]
)
async def test_an_account_has_so_many_of_a_kind_in_an_instrument(
    house: House, said: dict[str, Any], most: int, code: str
) -> None:
    acks = [await house.try_algo(ALICE, **said) for _ in range(most + 1)]
    assert [ack["sCode"] for ack in acks] == ["0"] * most + [code]
    more = {**said, "instId": "ETH-USDT", "ordType": "trigger", "triggerPx": "1", "orderPx": "1"}
    assert (await house.try_algo(BOB, **more))["sCode"] in {"0", "51250"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"algoId": "1", "newSz": "0.02"}, "51503"),
        ({"newSz": "0.02", "algoId": ""}, "51407"),
        ({}, "51500"),
        ({"newSz": "x"}, "51000"),
        ({"newSlTriggerPx": "60001"}, "51280"),
        ({"newSlTriggerPx": "0"}, "51000"),
        ({"newTriggerPx": "70000"}, "51000"),
        ({"newSlTriggerPxType": "mark", "newSz": "1"}, "51000"),
    ],
)
async def test_an_amendment_is_refused_with_its_code(
    house: House, change: dict[str, str], code: str
) -> None:
    algo = await house.algo(ALICE, **STOP)
    ack = await house.ack(ALICE, "amend-algos", **{**BTC, "algoId": algo, **change})
    assert (ack["sCode"], ack["algoId"]) == (code, ""), ack
    assert (await house.shown(ALICE, algo))["slTriggerPx"] == "59000"


async def test_a_buyers_stop_is_refused_as_a_buyers_when_it_is_amended(house: House) -> None:
    stop = {"side": "buy", "slTriggerPx": "61000", "slOrdPx": MARKET, "sz": "100"}
    algo = await house.algo(ALICE, ordType="conditional", **stop)
    ack = await house.ack(ALICE, "amend-algos", **BTC, algoId=algo, newSlTriggerPx="59000")
    assert ack["sCode"] == "51278"
    # Its size is money, and stays money.
    await house.ack(ALICE, "amend-algos", **BTC, algoId=algo, newSz="123.45")
    row = await house.shown(ALICE, algo)
    assert (row["sz"], row["tgtCcy"]) == ("123.45", "quote_ccy")


async def test_a_trailing_stop_cannot_be_amended(house: House) -> None:
    algo = await house.algo(ALICE, **TRAIL)
    ack = await house.ack(ALICE, "amend-algos", **BTC, algoId=algo, newSz="0.02")
    assert ack["sCode"] == "51506"


async def test_an_amendment_adds_and_takes_away_a_side(house: House) -> None:
    algo = await house.algo(ALICE, **STOP)
    which = {**BTC, "algoId": algo}
    await house.ack(ALICE, "amend-algos", **which, newTpTriggerPx="61000", newTpOrdPx=MARKET)
    row = await house.shown(ALICE, algo)
    assert (row["ordType"], row["tpTriggerPx"], row["slTriggerPx"]) == ("oco", "61000", "59000")
    await house.ack(ALICE, "amend-algos", **which, newSlTriggerPx="0")
    row = await house.shown(ALICE, algo)
    assert (row["ordType"], row["tpTriggerPx"], row["slTriggerPx"]) == ("conditional", "61000", "")


async def test_what_cannot_be_amended_is_cancelled_when_its_owner_wishes_it(house: House) -> None:
    algo = await house.algo(ALICE, **STOP)
    change = {"newSlTriggerPx": "60001", "cxlOnFail": True}
    ack = await house.ack(ALICE, "amend-algos", **BTC, algoId=algo, **change)
    assert ack["sCode"] == "0"
    assert (await house.shown(ALICE, algo))["state"] == "canceled"


async def test_cancellations_succeed_in_part(house: House) -> None:
    algo = await house.algo(ALICE, **STOP, algoClOrdId="part1")
    wrong = [{**BTC, "algoId": "1"}, {**BTC}, {"algoId": algo}]
    answer = await house.post(ALICE, "cancel-algos", [*wrong, {**BTC, "algoClOrdId": "part1"}])
    assert (answer.code, answer.msg) == ("2", "Bulk operation partially succeeded")
    acks = wire(answer)
    assert [ack["sCode"] for ack in acks] == ["51400", "51407", "50014", "0"]
    assert [ack["algoId"] for ack in acks] == ["", "", "", algo]
    answer = await house.post(ALICE, "cancel-algos", [{**BTC, "algoId": algo}])
    assert (answer.code, answer.msg) == ("1", "All operations failed")


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("order-algo", [], "51000"),
        ("amend-algos", [], "51000"),
        ("cancel-algos", {}, "51000"),
        ("cancel-algos", [], "51000"),
        ("cancel-algos", [{**BTC, "algoId": "1"}] * 11, "51406"),
    ],
)
async def test_a_body_of_another_shape_is_refused(
    house: House, path: str, body: Any, code: str
) -> None:
    with pytest.raises(ApiError) as refused:
        await house.post(ALICE, path, body)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        ("order-algo", {}, "50015"),
        ("order-algo", {"algoId": "1"}, "51603"),
        ("order-algo", {"algoClOrdId": "nothing"}, "51603"),
        ("orders-algo-pending", {}, "50014"),
        ("orders-algo-pending", {"ordType": "stop"}, "51000"),
        ("orders-algo-pending", {"ordType": "oco,trigger"}, "51000"),
        ("orders-algo-pending", {"ordType": "oco", "instId": "NO-PAIR"}, "51001"),
        ("orders-algo-history", {"ordType": "oco"}, "51602"),
        ("orders-algo-history", {"ordType": "oco", "state": "live"}, "51000"),
        ("orders-algo-history", {"state": "canceled"}, "50014"),
    ],
)
async def test_a_query_is_refused_with_its_code(
    house: House, path: str, params: dict[str, str], code: str
) -> None:
    with pytest.raises(ApiError) as refused:
        await house.get(ALICE, path, **params)
    assert refused.value.code == code


async def test_lists_are_paged_by_id_newest_first_and_filtered(house: House) -> None:
    algos = [await house.algo(ALICE, **kind) for kind in (STOP, PAIR, STOP, PLAIN)]
    simple = [algos[2], algos[1], algos[0]]

    async def ids(path: str, **params: str) -> list[str]:
        rows = await house.get(ALICE, path, **{"ordType": "conditional,oco", **params})
        return [row["algoId"] for row in rows if row["algoId"] in algos]

    pending = "orders-algo-pending"
    assert await ids(pending) == simple
    assert await ids(pending, limit="1") == simple[:1]
    assert await ids(pending, after=algos[2]) == simple[1:]
    assert await ids(pending, before=algos[1]) == simple[:1]
    assert await ids(pending, algoId=algos[1]) == [algos[1]]
    assert await ids(pending, instId="ETH-USDT") == []
    assert await ids(pending, instType="SWAP") == []
    assert await ids(pending, ordType="trigger") == [algos[3]]
    assert await ids(pending, ordType="oco") == [algos[1]]
    await house.post(ALICE, "cancel-algos", [{**BTC, "algoId": algo} for algo in algos])
    history = "orders-algo-history"
    assert await ids(pending) == []
    assert await ids(history, state="canceled") == simple
    assert await ids(history, state="canceled", limit="1") == simple[:1]
    assert await ids(history, state="canceled", after=algos[2], limit="2") == simple[1:]
    assert await ids(history, state="canceled", before=algos[1]) == simple[:1]
    assert await ids(history, algoId=algos[1]) == [algos[1]]
    assert await ids(history, state="effective") == []
    assert await ids(history, state="canceled", instId="ETH-USDT") == []


async def test_kinds_that_do_not_exist_here_have_no_rows(house: House) -> None:
    for kind in ("chase", "iceberg", "twap", "smart_iceberg"):
        assert await house.get(ALICE, "orders-algo-pending", ordType=kind) == []
        assert await house.get(ALICE, "orders-algo-history", ordType=kind, state="canceled") == []


async def test_each_change_is_pushed_on_its_channel(house: House) -> None:
    simple, advanced = [await house.listen(ALICE, name) for name in ("orders-algo", "algo-advance")]
    algo = await house.algo(ALICE, **STOP)
    trail = await house.algo(ALICE, **TRAIL)
    await house.ack(ALICE, "amend-algos", **BTC, algoId=algo, newSz="0.02", reqId="r1")
    await house.post(ALICE, "cancel-algos", [{**BTC, "algoId": name} for name in (algo, trail)])
    rows = await simple.hear(3)
    assert [row["state"] for row in rows] == ["live", "live", "canceled"]
    assert [row["amendResult"] for row in rows] == ["", "0", ""]
    assert [row["reqId"] for row in rows] == ["", "r1", ""]
    assert rows[0]["notionalUsd"].startswith("6")
    for row in rows:
        assert_all_documented(row, "WS orders-algo")
    for row in await advanced.hear(2):
        assert (row["algoId"], row["ordType"]) == (trail, "move_order_stop")
        assert row["pTime"].isdigit()
        assert_all_documented(row, "WS algo-advance")


async def test_the_advanced_channel_begins_with_the_trailing_stops_that_live(house: House) -> None:
    trail = await house.algo(ALICE, **TRAIL)
    await house.algo(ALICE, **STOP)
    assert [row.algo_id for row in await house.triggers.live(Stream(ALICE))] == [trail]
    assert await house.triggers.live(Stream(BOB)) == []
