"""One trigger order of each kind as a client sends it, and the fields that are told of each."""

from typing import Any

from tests.support.fields import documented, expected_of, spelled

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
ALGO_ROWS = (
    "GET /api/v5/trade/order-algo",
    "GET /api/v5/trade/orders-algo-pending",
    "GET /api/v5/trade/orders-algo-history",
    "WS orders-algo",
    "WS algo-advance",
)


def assert_all_documented(row: dict[str, Any], name: str) -> None:
    known = {field for key in ALGO_ROWS for field in documented(VECTORS, key)} | OURS
    assert expected_of(row, documented(VECTORS, name)) <= spelled(row) <= known
    kept_types = {"ordIdList", "attachAlgoOrds", "triggerParams", "linkedOrd", "triggerTrade"}
    assert all(type(value) is str for key, value in row.items() if key not in kept_types)
