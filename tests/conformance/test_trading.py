"""Orders and fills against OKX's lists of fields.

Source: OKX v5, response parameters of each endpoint and push parameters of each channel, as of 2026-06-27.
"""

from typing import Any

import pytest
from msgspec import json
from tests.support.fields import assert_fields, documented
from tests.support.order_desk import LIMIT, OrderDesk, wire
from tests.support.order_events import ALICE, CATALOG, MAKER, PAIR, accepted, batch, story
from tests.support.order_streams import Worker

from tickyard.base.ids import AssetId, TradeId
from tickyard.engine.records import Side
from tickyard.trading import life
from tickyard.trading.model import Fill
from tickyard.trading.wire.acks import PlaceAck
from tickyard.trading.wire.rows import fill_row, order_row

VECTORS = "trading_fields.json"
CANCEL = {"instId": "BTC-USDT", "ordId": "1"}
AMEND = {**CANCEL, "newSz": "1"}
BODIES: dict[str, Any] = {
    "POST /api/v5/trade/order": LIMIT,
    "POST /api/v5/trade/batch-orders": [LIMIT],
    "POST /api/v5/trade/cancel-order": CANCEL,
    "POST /api/v5/trade/cancel-batch-orders": [CANCEL],
    "POST /api/v5/trade/amend-order": AMEND,
    "POST /api/v5/trade/amend-batch-orders": [AMEND],
    "POST /api/v5/trade/cancel-all-after": {"timeOut": "10"},
    "POST /api/v5/trade/mass-cancel": {"instType": "SPOT"},
}
ARGS: dict[str, Any] = {
    "WS order": LIMIT,
    "WS batch-orders": LIMIT,
    "WS cancel-order": CANCEL,
    "WS batch-cancel-orders": CANCEL,
    "WS amend-order": AMEND,
    "WS batch-amend-orders": AMEND,
    "WS mass-cancel": {"instType": "SPOT"},
}


def as_json(row: object) -> dict[str, Any]:
    found: dict[str, Any] = json.decode(json.encode(row))
    return found


@pytest.mark.parametrize("name", BODIES)
async def test_acknowledgements_have_the_documented_fields_in_their_order(name: str) -> None:
    path = name.removeprefix("POST /api/v5/trade/")
    (ack,) = wire(await OrderDesk().post(path, BODIES[name]))
    assert list(ack) == documented(VECTORS, name)


@pytest.mark.parametrize("name", ARGS)
async def test_operations_answer_with_the_same_fields(name: str) -> None:
    (ack,) = wire(await OrderDesk().operate(name.removeprefix("WS "), ARGS[name]))
    assert list(ack) == documented(VECTORS, name)


async def test_a_refusal_has_the_same_fields_as_an_acknowledgement() -> None:
    (ack,) = wire(await OrderDesk().post("order", {**LIMIT, "px": "x"}))
    assert list(ack) == list(as_json(PlaceAck("", "", "", "")))


@pytest.mark.parametrize(
    "name",
    [
        "GET /api/v5/trade/order",
        "GET /api/v5/trade/orders-pending",
        "GET /api/v5/trade/orders-history",
        "GET /api/v5/trade/orders-history-archive",
    ],
)
def test_an_order_has_every_documented_field(name: str) -> None:
    row = as_json(order_row(life.accepted(accepted(1, MAKER, ALICE, Side.SELL)), CATALOG))
    assert_fields(row, documented(VECTORS, name))
    assert all(
        type(value) is str
        for key, value in row.items()
        if key not in {"attachAlgoOrds", "linkedAlgoOrd"}
    )
    assert (row["reduceOnly"], row["isTpLimit"], row["algoId"]) == ("false", "false", "")
    assert (row["avgPx"], row["fillPx"], row["fillSz"], row["posSide"]) == ("", "", "0", "net")


@pytest.mark.parametrize("name", ["GET /api/v5/trade/fills", "GET /api/v5/trade/fills-history"])
def test_a_fill_has_every_documented_field(name: str) -> None:
    fill = Fill(
        bill=1, account=ALICE, instrument=PAIR.instrument, trade=TradeId(1), order_id=MAKER, client_id="",
        tag="", side=Side.SELL, is_taker=False, price=1, size=1, fee=1, fee_asset=AssetId(1),
        rate_ppb=-1, time_ms=1, index_price=0,
    )  # fmt: skip
    row = as_json(fill_row(fill, CATALOG))
    assert_fields(row, documented(VECTORS, name))
    assert all(type(value) is str for value in row.values())


async def test_a_push_of_an_order_has_every_documented_field() -> None:
    worker = Worker()
    alice = await worker.subscribe({"channel": "orders", "instType": "ANY"})
    worker.orders.apply(batch(*story()))
    rows = alice.rows()
    assert len(rows) == 3
    for row in rows:
        assert_fields(row, documented(VECTORS, "WS orders"))


async def test_a_push_of_a_fill_has_every_documented_field() -> None:
    worker = Worker()
    alice = await worker.subscribe({"channel": "fills"})
    worker.orders.apply(batch(*story()))
    (row,) = alice.rows()
    assert_fields(row, documented(VECTORS, "WS fills"))
