"""Live orders come from the core: filtered, newest first."""

from typing import Any

import pytest
from tests.support.order_desk import ALICE, BOB, OrderDesk
from tests.support.pairs import pair

from tickyard.base.ids import AccountId, OrderId, TradeId
from tickyard.engine.records import OrderState, OrderType, SelfTrade, Side, TradeMode
from tickyard.engine.rows import OrderRow

PAIR = pair("BTC-USDT")
OTHER = pair("ETH-USDT")


def resting(at: int, **facts: Any) -> OrderRow:
    usual: dict[str, Any] = {
        "account": ALICE,
        "instrument": PAIR.instrument,
        "order_type": OrderType.LIMIT,
        "state": OrderState.LIVE,
        "filled": 0,
        "client_id": b"",
        **facts,
    }
    return OrderRow(
        order_id=OrderId(at),
        side=Side.BUY,
        trade_mode=TradeMode.CASH,
        self_trade=SelfTrade.CANCEL_BOTH,
        flags=0,
        price=PAIR.price_to_ticks("50000"),
        size=10,
        cost=0,
        fee_total=0,
        rebate_total=5 * 10**17,
        tag=b"bot1",
        created_ns=at * 1_000_000,
        updated_ns=at * 1_000_000,
        last_trade_id=TradeId(0),
        last_price=0,
        last_size=0,
        last_time_ns=0,
        **usual,
    )


@pytest.fixture
def desk() -> OrderDesk:
    found = OrderDesk()
    found.core.open = [
        resting(1),
        resting(2, order_type=OrderType.POST_ONLY),
        resting(3, account=BOB),
        resting(4, instrument=OTHER.instrument),
        resting(5, state=OrderState.PARTIALLY_FILLED, filled=4, client_id=b"mine"),
    ]
    return found


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, [5, 4, 2, 1]),
        ({"instType": "SPOT"}, [5, 4, 2, 1]),
        ({"instType": "SWAP"}, []),
        ({"instType": "MARGIN"}, []),
        ({"instId": "BTC-USDT"}, [5, 2, 1]),
        ({"ordType": "post_only"}, [2]),
        ({"ordType": "post_only,ioc"}, [2]),
        ({"ordType": "mmp"}, []),
        ({"state": "live"}, [4, 2, 1]),
        ({"state": "partially_filled"}, [5]),
        ({"limit": "2"}, [5, 4]),
        ({"limit": "5000"}, [5, 4, 2, 1]),
        ({"after": "4"}, [2, 1]),
        ({"before": "2"}, [5, 4]),
        ({"uly": "BTC-USD"}, [5, 4, 2, 1]),
    ],
)
async def test_live_orders_are_filtered_and_paged(
    desk: OrderDesk, params: dict[str, str], found: list[int]
) -> None:
    rows = await desk.get("orders-pending", **params)
    assert [int(row["ordId"]) for row in rows] == found


async def test_a_live_order_is_found_by_either_name(desk: OrderDesk) -> None:
    (by_id,) = await desk.get("order", instId="BTC-USDT", ordId="5")
    (by_name,) = await desk.get("order", instId="BTC-USDT", clOrdId="mine")
    assert by_id == by_name
    assert (by_id["state"], by_id["px"], by_id["accFillSz"]) == (
        "partially_filled",
        "50000",
        PAIR.lots_to_text(4),
    )
    assert (by_id["rebate"], by_id["rebateCcy"], by_id["feeCcy"]) == ("0.5", "USDT", "BTC")
    assert (by_id["stpMode"], by_id["tag"], by_id["tdMode"]) == ("cancel_both", "bot1", "cash")


async def test_each_account_sees_its_own(desk: OrderDesk) -> None:
    (row,) = await desk.get("orders-pending", BOB)
    assert row["ordId"] == "3"
    assert await desk.get("orders-pending", AccountId(18)) == []
