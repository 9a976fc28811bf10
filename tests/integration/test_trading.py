"""Orders from the request to the push and the history, over the real core and its real journal."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.support.order_desk import LIMIT, failure, wire
from tests.support.pairs import pair
from tests.support.trading_house import ALICE, BOB, MM1, House, open_house

from tickyard.base.ids import Seq
from tickyard.engine.events import OrderAccepted, Posted
from tickyard.engine.segments import SegmentReader

PAIR = pair("BTC-USDT")
BTC = {"instId": "BTC-USDT"}
BY_BASE = {"ordType": "market", "tgtCcy": "base_ccy"}


@pytest.fixture
async def house(trading_home: Path) -> AsyncIterator[House]:
    async with open_house(trading_home) as opened:
        yield opened


def told(rows: Any) -> list[tuple[str, str, str]]:
    return [(row["state"], row["accFillSz"], row["fillSz"]) for row in rows]


async def test_an_order_lives_its_life_on_every_wire(house: House) -> None:
    alice, bob = await house.listen(ALICE), await house.listen(BOB)
    made = await house.place(ALICE, "sell", "0.5", "60000", clOrdId="life", tag="bot1")
    (row,) = await house.get(ALICE, "orders-pending")
    assert (row["ordId"], row["state"], row["clOrdId"]) == (made, "live", "life")

    taken = await house.place(BOB, "buy", "0.2", "60010")
    assert (await house.order(ALICE, made))["state"] == "partially_filled"
    changed = await house.ack(ALICE, "amend-order", **BTC, ordId=made, newSz="0.4", reqId="r1")
    assert (changed["sCode"], changed["clOrdId"], changed["reqId"]) == ("0", "life", "r1")
    canceled = await house.ack(ALICE, "cancel-order", **BTC, clOrdId="life")
    assert (canceled["sCode"], canceled["ordId"]) == ("0", made)

    assert told(await alice.hear(4)) == [
        ("live", "0", "0"),
        ("partially_filled", "0.2", "0.2"),
        ("partially_filled", "0.2", "0"),
        ("canceled", "0.2", "0"),
    ]
    assert told(await bob.hear(2)) == [("live", "0", "0"), ("filled", "0.2", "0.2")]

    done = await house.order(ALICE, made)
    assert (done["state"], done["sz"], done["cancelSource"]) == ("canceled", "0.4", "1")
    assert (done["avgPx"], done["fee"], done["feeCcy"]) == ("60000", "-9.6", "USDT")
    (archived, *_) = await house.get(BOB, "orders-history", instType="SPOT")
    assert (archived["ordId"], archived["fee"]) == (taken, "-0.0002")
    (fill,) = await house.get(ALICE, "fills", ordId=made)
    assert (fill["clOrdId"], fill["tag"], fill["execType"]) == ("life", "bot1", "M")
    assert (fill["fee"], fill["feeRate"]) == ("-9.6", "-0.0008")


async def test_a_makers_rebate_is_in_the_asset_that_it_pays(house: House) -> None:
    mm1 = await house.listen(MM1)
    made = await house.place(MM1, "sell", "1", "60000")
    await house.place(BOB, "buy", "1", "60000")
    _, update = await mm1.hear(2)
    assert (update["fillFee"], update["fillFeeCcy"]) == ("0.00005", "BTC")
    assert (update["rebate"], update["rebateCcy"], update["fee"]) == ("0.00005", "BTC", "0")
    (fill,) = await house.get(MM1, "fills", ordId=made)
    assert (fill["fee"], fill["feeCcy"], fill["feeRate"]) == ("0.00005", "BTC", "0.00005")


async def test_a_fills_bill_is_the_line_in_which_its_base_moved(
    house: House, trading_home: Path
) -> None:
    made = await house.place(ALICE, "sell", "0.1", "60000")
    taken = await house.place(BOB, "buy", "0.1", "60000")
    bills = {
        (event.order_id, event.number)
        for batch in SegmentReader(trading_home / "events").read_from(Seq(1))
        for event in batch.events
        if isinstance(event, Posted) and event.asset == PAIR.base.asset and event.side is not None
    }
    for who, order_id in ((ALICE, made), (BOB, taken)):
        (fill,) = await house.get(who, "fills", ordId=order_id)
        assert (int(order_id), int(fill["billId"])) in bills


async def test_a_market_order_spends_what_it_was_given(house: House) -> None:
    bob = await house.listen(BOB)
    await house.place(ALICE, "sell", "0.001", "60000")
    await house.place(ALICE, "sell", "1", "60001")
    bought = await house.place(BOB, "buy", "100.00001", ordType="market")
    _, first, second, rest = await bob.hear(4)
    assert (first["fillPx"], second["fillPx"]) == ("60000", "60001")
    # what is left of the money buys no further lot: an extra frame without a trade
    assert (rest["state"], rest["tradeId"], rest["cancelSource"]) == ("filled", "", "")
    done = await house.order(BOB, bought)
    assert (done["state"], done["tgtCcy"], done["sz"]) == ("filled", "quote_ccy", "100.00001")
    assert Decimal(done["accFillSz"]) * 60001 > 100
    assert Decimal(60000) < Decimal(done["avgPx"]) < Decimal(60001)


async def test_a_market_order_shrinks_to_the_money_unless_that_is_banned(house: House) -> None:
    algo = {"instId": "ALGO-USDT"}
    await house.place(MM1, "buy", "100000", "0.2", **algo)
    selling = {**algo, "ordType": "market"}
    refused = await house.try_to_place(BOB, "sell", "50000", **selling, banAmend=True)
    assert (refused["sCode"], refused["subCode"]) == ("51008", "1000")
    sold = await house.place(BOB, "sell", "50000", **selling)
    (done,) = await house.get(BOB, "order", **algo, ordId=sold)
    # 20,000 is all that bob has
    assert (done["state"], done["sz"], done["accFillSz"]) == ("filled", "20000", "20000")


@pytest.mark.parametrize(
    ("order", "source"),
    [
        ({"ordType": "post_only"}, "31"),
        ({"ordType": "fok", "sz": "9"}, "13"),
        ({"ordType": "ioc", "sz": "2"}, "14"),
        ({"ordType": "market", "sz": "14", "tgtCcy": "base_ccy"}, "14"),
    ],
)
async def test_what_the_book_decides_is_accepted_and_then_cancelled(
    house: House, order: dict[str, str], source: str
) -> None:
    await house.place(ALICE, "sell", "0.5", "60000")
    mm1 = await house.listen(MM1)
    price = {} if order["ordType"] == "market" else {"px": "60000"}
    placed = await house.place(MM1, "buy", "0.5", **{**price, **order})
    rows = await mm1.hear(3 if source == "14" else 2)
    assert (rows[0]["state"], rows[-1]["state"], rows[-1]["cancelSource"]) == (
        "live",
        "canceled",
        source,
    )
    done = await house.order(MM1, placed)
    assert (done["state"], done["cancelSource"]) == ("canceled", source)
    assert done["cancelSourceReason"]


@pytest.mark.parametrize(
    ("mode", "makers_end", "takers_end"),
    [
        ("cancel_maker", "canceled", "live"),
        ("cancel_taker", "live", "canceled"),
        ("cancel_both", "canceled", "canceled"),
    ],
)
async def test_an_account_never_trades_with_itself(
    house: House, mode: str, makers_end: str, takers_end: str
) -> None:
    made = await house.place(ALICE, "sell", "0.1", "60000")
    taken = await house.place(ALICE, "buy", "0.1", "60000", stpMode=mode)
    ends = [await house.order(ALICE, order_id) for order_id in (made, taken)]
    assert [end["state"] for end in ends] == [makers_end, takers_end]
    assert {end["cancelSource"] for end in ends if end["state"] == "canceled"} == {"32"}
    assert await house.get(ALICE, "fills", ordId=taken) == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"sz": "100"}, "51008"),
        ({"sz": PAIR.lots_to_text(PAIR.max_limit_size + 1)}, "51005"),
        ({"sz": "0.000001"}, "51020"),
        ({"px": PAIR.ticks_to_text(PAIR.min_price - 1)}, "51006"),
        ({"px": PAIR.ticks_to_text(PAIR.max_price + 1)}, "51006"),
        ({**BY_BASE, "sz": PAIR.lots_to_text(PAIR.max_market_size + 1)}, "51202"),
        ({"clOrdId": "taken"}, "51016"),
    ],
)
async def test_a_refusal_of_the_core_has_its_code_and_leaves_no_trace(
    house: House, said: dict[str, str], code: str
) -> None:
    await house.place(ALICE, "buy", "0.1", "50000", clOrdId="taken")
    before = await house.state_hash()
    ack = await house.ack(ALICE, "order", **{**LIMIT, **said})
    assert (ack["sCode"], ack["ordId"]) == (code, "")
    assert await house.state_hash() == before


async def test_a_request_that_reaches_the_core_too_late_is_not_carried_out(house: House) -> None:
    order = {**BTC, "tdMode": "cash", "side": "buy", "ordType": "limit", "px": "50000", "sz": "0.1"}
    before = await house.state_hash()
    (ack,) = wire(await house.post(ALICE, "order", order, expires_at_ms=1))
    assert (ack["sCode"], ack["ordId"]) == ("50037", "")
    assert await house.state_hash() == before
    # In an item it is a word like any other: the header of a request says it.
    assert (await house.ack(ALICE, "order", **order, expTime="1"))["sCode"] == "0"


async def test_a_market_order_goes_no_further_than_its_limit_of_slippage(house: House) -> None:
    for price in ("60000", "60300", "60301"):
        await house.place(ALICE, "sell", "0.1", price)
    taken = await house.place(
        BOB, "buy", "1", ordType="market", tgtCcy="base_ccy", slippagePct="0.005"
    )
    order = await house.order(BOB, taken)
    assert (order["state"], order["cancelSource"], order["accFillSz"]) == ("canceled", "14", "0.2")
    assert order["fillPx"] == "60300"


async def test_a_price_beyond_the_bounds_may_be_moved_to_them(house: House) -> None:
    placed = await house.place(ALICE, "buy", "0.1", PAIR.ticks_to_text(1), pxAmendType="1")
    assert (await house.order(ALICE, placed))["px"] == PAIR.ticks_to_text(PAIR.min_price)


async def test_what_cannot_be_amended_says_why(house: House) -> None:
    maker = await house.place(ALICE, "buy", "0.1", "50000", ordType="post_only")
    await house.place(BOB, "sell", "0.1", "60000")

    async def amended(**change: Any) -> tuple[str, str]:
        ack = await house.ack(ALICE, "amend-order", **BTC, ordId=maker, **change)
        return ack["sCode"], ack["subCode"]

    assert await amended(newPx="60000") == ("51511", "")
    assert await amended(newSz="99") == ("51502", "1030")
    assert await amended(newPx=PAIR.ticks_to_text(1)) == ("51006", "")
    unknown = await house.ack(ALICE, "amend-order", **BTC, ordId="123", newSz="1")
    assert unknown["sCode"] == "51503"
    (row,) = await house.get(ALICE, "orders-pending")
    assert (row["ordId"], row["px"], row["sz"]) == (maker, "50000", "0.1")


async def test_an_amendment_may_cancel_what_it_cannot_change(house: House) -> None:
    alice = await house.listen(ALICE)
    placed = await house.place(ALICE, "buy", "0.1", "50000")
    ack = await house.ack(ALICE, "amend-order", **BTC, ordId=placed, newSz="99", cxlOnFail=True)
    assert ack["sCode"] == "0"
    _, ended = await alice.hear(2)
    assert (ended["state"], ended["amendResult"]) == ("canceled", "1")
    assert (await house.order(ALICE, placed))["state"] == "canceled"


async def test_an_amended_order_may_trade_at_once(house: House) -> None:
    await house.place(BOB, "sell", "0.1", "60000")
    alice = await house.listen(ALICE)
    placed = await house.place(ALICE, "buy", "0.1", "50000")
    await house.ack(ALICE, "amend-order", **BTC, ordId=placed, newPx="60000")
    rows = await alice.hear(3)
    assert told(rows) == [("live", "0", "0"), ("live", "0", "0"), ("filled", "0.1", "0.1")]
    assert [row["amendResult"] for row in rows] == ["", "0", ""]


async def test_a_size_below_what_was_filled_ends_an_order_as_filled(house: House) -> None:
    placed = await house.place(ALICE, "buy", "0.3", "60000")
    await house.place(BOB, "sell", "0.2", "60000")
    assert (await house.ack(ALICE, "amend-order", **BTC, ordId=placed, newSz="0.1"))["sCode"] == "0"
    done = await house.order(ALICE, placed)
    assert (done["state"], done["sz"], done["accFillSz"]) == ("filled", "0.2", "0.2")


async def test_a_finished_order_is_neither_cancelled_nor_anybody_elses(house: House) -> None:
    placed = await house.place(ALICE, "buy", "0.1", "50000")
    assert (await house.ack(BOB, "cancel-order", **BTC, ordId=placed))["sCode"] == "51400"
    other = {"instId": "ETH-USDT", "ordId": placed}
    assert (await house.ack(ALICE, "cancel-order", **other))["sCode"] == "51400"
    assert (await house.ack(ALICE, "cancel-order", **BTC, ordId=placed))["sCode"] == "0"
    assert (await house.ack(ALICE, "cancel-order", **BTC, ordId=placed))["sCode"] == "51400"
    error = await failure(house.get(BOB, "order", **BTC, ordId=placed))
    assert error.code == "51603"


async def test_a_batch_is_carried_out_in_request_order(house: House) -> None:
    orders = [{**LIMIT, "px": str(price), "sz": "0.01"} for price in (50000, 50001, 50002)]
    placed = wire(await house.post(ALICE, "batch-orders", orders))
    ids = [int(ack["ordId"]) for ack in placed]
    assert ids == sorted(ids)
    pending = await house.get(ALICE, "orders-pending")
    assert [row["px"] for row in pending] == ["50002", "50001", "50000"]
    cancel = [{**BTC, "ordId": ack["ordId"]} for ack in placed]
    answer = await house.post(ALICE, "cancel-batch-orders", [*cancel, cancel[0]])
    assert answer.code == "2"
    assert [ack["sCode"] for ack in wire(answer)] == ["0", "0", "0", "51400"]


async def test_mass_cancel_leaves_other_instruments_and_accounts_alone(house: House) -> None:
    await house.place(ALICE, "buy", "0.1", "50000")
    ether = {**LIMIT, "instId": "ETH-USDT", "px": "2000", "sz": "0.1"}
    kept = (await house.ack(ALICE, "order", **ether))["ordId"]
    bobs = await house.place(BOB, "buy", "0.1", "50000")
    await house.post(ALICE, "mass-cancel", {"instType": "SPOT", "instFamily": "BTC-USDT"})
    assert [row["ordId"] for row in await house.get(ALICE, "orders-pending")] == [kept]
    assert [row["ordId"] for row in await house.get(BOB, "orders-pending")] == [bobs]


async def test_a_timer_tells_when_it_fires(house: House) -> None:
    armed = await house.ack(ALICE, "cancel-all-after", timeOut="60")
    assert int(armed["triggerTime"]) == int(armed["ts"]) + 60_000
    disarmed = await house.ack(ALICE, "cancel-all-after", timeOut="0")
    assert disarmed["triggerTime"] == "0"


async def test_a_listener_who_comes_late_hears_only_what_follows(house: House) -> None:
    placed = await house.place(ALICE, "buy", "0.1", "50000", clOrdId="early")
    alice = await house.listen(ALICE)
    await house.ack(ALICE, "cancel-order", **BTC, ordId=placed)
    (ended,) = await alice.hear(1)
    assert (ended["clOrdId"], ended["state"]) == ("early", "canceled")


async def test_everything_accepted_is_found_again(house: House, trading_home: Path) -> None:
    await house.place(ALICE, "sell", "0.1", "60000")
    await house.place(BOB, "buy", "0.1", "60000", ordType="ioc")
    await house.place(BOB, "sell", "0.1", "70000")
    accepted = {
        event.order_id: event.account
        for batch in SegmentReader(trading_home / "events").read_from(Seq(1))
        for event in batch.events
        if isinstance(event, OrderAccepted) and event.instrument == PAIR.instrument
    }
    assert len(accepted) >= 3
    for order_id, who in accepted.items():
        assert (await house.order(who, str(order_id)))["ordId"] == str(order_id)
