"""The channels `orders` and `fills`: every event of a followed account's orders, once, and nothing before."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from tests.support.order_desk import failure
from tests.support.order_events import (
    ALICE,
    BOB,
    CATALOG,
    MAKER,
    PAIR,
    START_MS,
    TAKER,
    accepted,
    amended,
    batch,
    closed,
    ns,
    story,
    trade,
)
from tests.support.order_streams import Worker

from tickyard.base.ids import OrderId, Seq, TradeId
from tickyard.engine.commands import SIZE_IN_QUOTE
from tickyard.engine.errors import CoreTimeout
from tickyard.engine.records import (
    AmendResult,
    CancelSource,
    OrderState,
    OrderType,
    SelfTrade,
    Side,
    TradeMode,
)
from tickyard.engine.rows import OrderRow

ORDERS: dict[str, Any] = {"channel": "orders", "instType": "ANY"}
FILLS: dict[str, Any] = {"channel": "fills"}


def resting(*, filled: int = 0) -> OrderRow:
    """Alice's sell order of five lots as the core shows it."""
    return OrderRow(
        order_id=MAKER,
        account=ALICE,
        instrument=PAIR.instrument,
        side=Side.SELL,
        order_type=OrderType.LIMIT,
        trade_mode=TradeMode.CASH,
        self_trade=SelfTrade.CANCEL_MAKER,
        flags=0,
        state=OrderState.PARTIALLY_FILLED if filled else OrderState.LIVE,
        price=600_000,
        size=5,
        filled=filled,
        cost=600_000 * filled,
        fee_total=-3 * filled,
        rebate_total=0,
        client_id=b"mine",
        tag=b"",
        created_ns=ns(1),
        updated_ns=ns(1),
        last_trade_id=TradeId(1 if filled else 0),
        last_price=0,
        last_size=0,
        last_time_ns=0,
    )


def told(rows: Sequence[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(row["state"], row["accFillSz"], row["tradeId"]) for row in rows]


LOTS = PAIR.lots_to_text


async def test_both_sides_of_a_trade_hear_their_own_story() -> None:
    worker = Worker()
    alice, bob = await worker.subscribe(ORDERS), await worker.subscribe(ORDERS, BOB)
    worker.orders.apply(batch(*story()))
    assert told(alice.rows()) == [
        ("live", "0", ""),
        ("partially_filled", LOTS(2), "1"),
        ("canceled", LOTS(2), ""),
    ]
    assert told(bob.rows()) == [("live", "0", ""), ("filled", LOTS(2), "1")]


async def test_a_frame_carries_the_subscription_and_one_event() -> None:
    worker = Worker()
    alice = await worker.subscribe(ORDERS)
    worker.orders.apply(batch(accepted(1, MAKER, ALICE, Side.SELL)))
    (frame,) = alice.take()
    assert frame["arg"] == {"channel": "orders", "instType": "ANY", "uid": "10000000016"}
    assert "action" not in frame
    assert len(frame["data"]) == 1


async def test_members_of_a_fill_are_those_of_this_update_only() -> None:
    worker = Worker()
    alice = await worker.subscribe(ORDERS)
    worker.orders.apply(batch(*story()))
    placed, filled, ended = alice.rows()
    for update in (placed, ended):
        assert (update["fillPx"], update["fillSz"], update["fillTime"]) == ("", "0", "")
        assert (update["fillFee"], update["fillFeeCcy"], update["execType"]) == ("0", "", "")
    assert (placed["avgPx"], placed["fee"]) == ("0", "0")
    assert (filled["fillPx"], filled["fillSz"]) == ("60000", LOTS(2))
    assert filled["fillIdxPx"] == "59999"
    assert (filled["fillFee"], filled["fillFeeCcy"]) == ("-0.000000000000000006", "USDT")
    assert (filled["execType"], filled["avgPx"]) == ("M", "60000")
    assert int(filled["fillTime"]) == START_MS + 2000
    assert (ended["avgPx"], ended["cancelSource"]) == ("60000", "1")
    assert (placed["code"], placed["msg"], placed["posSide"]) == ("0", "", "")


async def test_values_in_dollars_come_from_prices() -> None:
    worker = Worker()
    alice = await worker.subscribe(ORDERS)
    one_btc = PAIR.size_to_lots("1")
    market = {"order_type": OrderType.MARKET, "price": 0}
    worker.orders.apply(
        batch(
            accepted(1, OrderId(1 << 24), ALICE, Side.SELL, size=one_btc),
            accepted(2, OrderId(2 << 24), ALICE, Side.SELL, size=one_btc, **market),
            accepted(
                3, OrderId(3 << 24), ALICE, Side.BUY, size=PAIR.quote_to_notional("12.5"),
                flags=SIZE_IN_QUOTE, **market,
            ),
        )
    )  # fmt: skip
    rows = alice.rows()
    assert [row["notionalUsd"] for row in rows] == ["60000", "61000.5", "12.5"]
    assert {row["lastPx"] for row in rows} == {"61000.5"}


async def test_an_amendment_tells_its_name_and_its_result() -> None:
    worker = Worker()
    alice = await worker.subscribe(ORDERS)
    worker.orders.apply(
        batch(
            accepted(1, MAKER, ALICE, Side.SELL),
            amended(2, MAKER, ALICE, price=610_000, size=4, request_id=b"r1"),
        )
    )
    placed, changed = alice.rows()
    assert (placed["amendSource"], placed["amendResult"], placed["reqId"]) == ("", "", "")
    assert (changed["amendSource"], changed["amendResult"], changed["reqId"]) == ("1", "0", "r1")
    assert (changed["px"], changed["sz"], changed["state"]) == ("61000", LOTS(4), "live")


async def test_an_amendment_that_cancels_is_pushed_once() -> None:
    worker = Worker()
    alice = await worker.subscribe(ORDERS)
    worker.orders.apply(
        batch(
            accepted(1, MAKER, ALICE, Side.SELL),
            amended(2, MAKER, ALICE, state=OrderState.CANCELED, result=AmendResult.CANCELED),
            closed(2, MAKER, ALICE),
        )
    )
    _, ended = alice.rows()
    assert (ended["state"], ended["amendResult"], ended["cancelSource"]) == ("canceled", "1", "1")


@pytest.mark.parametrize("source", list(CancelSource))
async def test_what_the_book_cancels_says_why(source: CancelSource) -> None:
    worker = Worker()
    bob = await worker.subscribe(ORDERS, BOB)
    worker.orders.apply(
        batch(accepted(1, TAKER, BOB, Side.BUY), closed(1, TAKER, BOB, source=source))
    )
    _, ended = bob.rows()
    assert ended["cancelSource"] == str(source.value)


async def test_a_rest_too_small_to_trade_ends_a_market_order_as_filled() -> None:
    worker = Worker()
    bob = await worker.subscribe(ORDERS, BOB)
    worker.orders.apply(
        batch(
            accepted(1, TAKER, BOB, Side.BUY, order_type=OrderType.MARKET, price=0),
            *trade(1, 2, taker_state=OrderState.PARTIALLY_FILLED),
            closed(1, TAKER, BOB, state=OrderState.FILLED, filled=2, source=CancelSource.SYSTEM),
        )
    )
    *_, traded, ended = bob.rows()
    assert (traded["state"], traded["tradeId"]) == ("partially_filled", "1")
    assert (ended["state"], ended["tradeId"], ended["cancelSource"]) == ("filled", "", "")


async def test_orders_from_before_the_subscription_are_followed_without_a_snapshot() -> None:
    worker = Worker()
    worker.source.orders = [resting(filled=1)]
    worker.source.seq = Seq(5)
    alice = await worker.subscribe(ORDERS)
    assert alice.take() == []
    worker.orders.apply(batch(*trade(6, 2, number=2, maker_filled=3)))
    (update,) = alice.rows()
    assert (update["clOrdId"], update["accFillSz"]) == ("mine", LOTS(3))


async def test_what_the_core_has_told_already_is_not_pushed_again() -> None:
    worker = Worker()
    source = worker.source
    source.orders, source.seq = [resting(filled=2)], Seq(2)
    source.gate.clear()
    subscribing = asyncio.ensure_future(worker.subscribe(ORDERS))
    await asyncio.sleep(0)
    worker.orders.apply(batch(*story()[:-1]))
    worker.orders.apply(batch(*trade(3, 1, number=2, maker_filled=3, taker=OrderId(9 << 24))))
    source.gate.set()
    alice = await subscribing
    worker.orders.apply(batch(closed(4, MAKER, ALICE, filled=3)))
    assert told(alice.rows()) == [("canceled", LOTS(3), "")]


async def test_events_during_the_load_of_another_account_touch_nobody_twice() -> None:
    worker = Worker()
    alice = await worker.subscribe(ORDERS)
    worker.source.gate.clear()
    subscribing = asyncio.ensure_future(worker.subscribe(ORDERS, BOB))
    await asyncio.sleep(0)
    worker.orders.apply(batch(*story()))
    before = told(alice.rows())
    worker.source.gate.set()
    bob = await subscribing
    assert alice.rows() == []
    assert len(before) == 3
    worker.orders.apply(batch(accepted(5, OrderId(5 << 24), BOB, Side.BUY)))
    assert told(bob.rows()) == [("live", "0", "")]


async def test_an_account_is_loaded_once_however_many_subscribe() -> None:
    worker = Worker()
    worker.source.gate.clear()
    subscribing = [asyncio.ensure_future(worker.subscribe(ORDERS)) for _ in range(3)]
    await asyncio.sleep(0)
    worker.source.gate.set()
    listeners = await asyncio.gather(*subscribing)
    await worker.subscribe(ORDERS)
    assert worker.source.watched == [ALICE]
    worker.orders.apply(batch(accepted(1, MAKER, ALICE, Side.SELL)))
    assert [len(listener.take()) for listener in listeners] == [1, 1, 1]


async def test_a_load_that_failed_can_be_tried_again() -> None:
    worker = Worker()
    worker.source.failure = CoreTimeout()
    with pytest.raises(CoreTimeout):
        await worker.subscribe(ORDERS)
    worker.source.failure = None
    alice = await worker.subscribe(ORDERS)
    worker.orders.apply(batch(accepted(1, MAKER, ALICE, Side.SELL)))
    assert len(alice.take()) == 1


@pytest.mark.parametrize(
    ("arg", "heard"),
    [
        ({"instType": "ANY"}, 2),
        ({"instType": "SPOT"}, 2),
        ({"instType": "SPOT", "instId": "BTC-USDT"}, 1),
        ({"instType": "ANY", "instId": "ETH-USDT"}, 1),
        ({"instType": "SPOT", "instId": "ETH-BTC"}, 0),
        ({"instType": "SWAP"}, 0),
        ({"instType": "MARGIN"}, 0),
        ({"instType": "ANY", "instFamily": "BTC-USD"}, 0),
    ],
)
async def test_a_subscription_hears_what_it_names(arg: dict[str, Any], heard: int) -> None:
    worker = Worker()
    alice = await worker.subscribe({"channel": "orders", **arg})
    ether = CATALOG.by_symbol("ETH-USDT")
    assert ether is not None
    worker.orders.apply(
        batch(
            accepted(1, MAKER, ALICE, Side.SELL),
            accepted(2, TAKER, ALICE, Side.SELL, instrument=ether.instrument),
        )
    )
    assert len(alice.take()) == heard


async def test_each_spelling_gets_frames_of_its_own() -> None:
    worker = Worker()
    listeners = [
        await worker.subscribe({"channel": "orders", "instType": product})
        for product in ("ANY", "SPOT")
    ]
    worker.orders.apply(batch(accepted(1, MAKER, ALICE, Side.SELL)))
    args = [frame["arg"]["instType"] for listener in listeners for frame in listener.take()]
    assert args == ["ANY", "SPOT"]


@pytest.mark.parametrize(
    "arg",
    [
        {"channel": "orders"},
        {"channel": "orders", "instType": "STOCK"},
        {"channel": "orders", "instType": ["SPOT"]},
        {"channel": "orders", "instType": "SPOT", "instId": "NO-SUCH"},
        {"channel": "orders", "instType": "SPOT", "instId": 5},
        {"channel": "orders", "instType": "ANY", "instFamily": ["x"]},
        {"channel": "fills", "instId": "NO-SUCH"},
    ],
)
async def test_a_stream_that_does_not_exist_is_refused(arg: dict[str, Any]) -> None:
    refused = await failure(Worker().subscribe(arg))
    assert refused.code == "60018"


async def test_fills_are_pushed_to_those_who_want_nothing_else() -> None:
    worker = Worker()
    everything = await worker.subscribe(FILLS, BOB)
    bitcoin = await worker.subscribe({**FILLS, "instId": "BTC-USDT"}, BOB)
    ether = await worker.subscribe({**FILLS, "instId": "ETH-USDT"}, BOB)
    worker.orders.apply(batch(*story()))
    (fill,) = everything.rows()
    assert bitcoin.rows() == [fill]
    assert ether.rows() == []
    assert fill == {
        "instId": "BTC-USDT",
        "fillSz": LOTS(2),
        "fillPx": "60000",
        "side": "buy",
        "ts": str(START_MS + 2000),
        "ordId": str(TAKER),
        "clOrdId": "",
        "tradeId": "1",
        "execType": "T",
        "count": "1",
    }
