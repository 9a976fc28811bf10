"""What is wrong with trigger orders, their changes and queries, each with its code.

Source: OKX v5, "Algo Trading", as of 2026-06-27.
"""

from typing import Any

import pytest
from tests.support.algo_orders import BTC, PAIR, PLAIN, STOP, TAKE, TRAIL
from tests.support.trading_house import ALICE, BOB, House

from tickyard.gateway.route import ApiError

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
    ({**TAKE, "tpOrdKind": "stop"}, "51000"),
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
        ({"newSz": "0.02", "algoId": "9" * 5_000}, "51000"),
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
    sent = {**BTC, "algoId": algo, **change}
    ack = await house.ack(ALICE, "amend-algos", **sent)
    assert (ack["sCode"], ack["algoId"]) == (code, sent["algoId"]), ack
    assert (await house.shown(ALICE, algo))["slTriggerPx"] == "59000"


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
