"""The rules of trigger orders until they fire, one by one, over the real core.

Source: OKX v5, "Algo Trading", as of 2026-06-27.
"""

from decimal import Decimal

import pytest
from tests.support.algo_orders import (
    BTC,
    KINDS,
    MARKET,
    PAIR,
    PLAIN,
    STOP,
    VECTORS,
    assert_all_documented,
)
from tests.support.fields import documented
from tests.support.order_desk import CATALOG, wire
from tests.support.trading_house import ALICE, BOB, House

from tickyard.base.ids import InstrumentId


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


SOURCES = [
    ({**PLAIN, "orderPx": "62000"}, "61000", "6"),
    ({**STOP, "slOrdPx": "62000"}, "59000", "7"),
    ({"ordType": "move_order_stop", "callbackSpread": "100"}, "59000", "25"),
]


@pytest.mark.parametrize(("said", "price", "source"), SOURCES)
async def test_an_order_tells_which_kind_of_trigger_order_placed_it(
    house: House, said: dict[str, str], price: str, source: str
) -> None:
    """In what is pushed, while it lives, and in the history."""
    algo = await house.algo(ALICE, **said)
    ear = await house.listen(ALICE)
    await house.trade_at(price)
    row = await house.shown(ALICE, algo)
    (first, *_) = await ear.hear(2 if source == "25" else 1)
    order = await house.order(ALICE, row["ordId"])
    await house.post(ALICE, "mass-cancel", {"instType": "SPOT"})
    (done, *_) = await house.get(ALICE, "orders-history", instType="SPOT", limit="1")
    found = [(seen["ordId"], seen["source"], seen["algoId"]) for seen in (first, order, done)]
    assert found == [(row["ordId"], source, algo)] * 3


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


async def test_what_cannot_be_canceled_or_amended_is_named_as_it_was_asked_for(
    house: House,
) -> None:
    which = {**BTC, "algoId": "4711"}
    (canceled,) = wire(await house.post(ALICE, "cancel-algos", [which]))
    assert (canceled["algoId"], canceled["sCode"]) == ("4711", "51400")
    amended = await house.ack(ALICE, "amend-algos", **which, newSz="0.02")
    assert (amended["algoId"], amended["sCode"]) == ("4711", "51503")
