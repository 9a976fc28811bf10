"""The rules of changing and cancelling trigger orders, over the real core.

Source: OKX v5, "Algo Trading", as of 2026-06-27.
"""

from tests.support.algo_orders import BTC, MARKET, STOP, TRAIL
from tests.support.order_desk import wire
from tests.support.trading_house import ALICE, House


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
    assert [ack["algoId"] for ack in acks] == ["1", "", algo, algo]
    answer = await house.post(ALICE, "cancel-algos", [{**BTC, "algoId": algo}])
    assert (answer.code, answer.msg) == ("1", "All operations failed")
