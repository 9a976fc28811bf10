"""What is hostile in trigger orders, their changes and cancellations."""

from typing import Final

from tests.hostile.items.item import Item
from tests.hostile.items.orders import NO_ORDER, NO_ORDER_TO_AMEND
from tests.hostile.values import MISSING, WRONG, each, flag, name, number, order_id, texts, word

_ALGO_PLACE: Final = {
    "instId": '"BTC-USDT"', "tdMode": '"cash"', "side": '"sell"', "ordType": '"conditional"', "sz": '"0.01"',
    "slTriggerPx": '"30000"', "slOrdPx": '"-1"',
}  # fmt: skip
_ALGO_WHERE: Final = {
    **each((None, '""', "null"), MISSING),
    **texts(("NOPE", "BTC-NOPE", "btc-usdt", "\u0430"), "51001"),
}

PLACE_ALGO: Final = (
    Item(
        _ALGO_PLACE,
        {
            "instId": _ALGO_WHERE,
            "tdMode": word(MISSING, "margin", "isolated", case="Cash"),
            "side": word(MISSING, "long", "BUY", case="Buy"),
            "ordType": word(MISSING, "stop", "twap", "chase", case="Oco"),
            "sz": number(missing=MISSING),
            "slTriggerPx": number(missing=WRONG),
            "slTriggerPxType": texts(("index", "mark", "LAST"), WRONG),
            "algoClOrdId": name(32),
            "tag": name(16),
            "reduceOnly": {**flag(), "true": "51139", '"true"': "51139"},
            "closeFraction": texts(("1",), "51327"),
        },
    ),
)
"""Trigger orders."""

CANCEL_ALGO: Final = (
    Item(
        {"instId": '"BTC-USDT"', "algoId": '"1"'},
        {
            "instId": _ALGO_WHERE,
            "algoId": {**order_id(NO_ORDER), **each((None, '""', "null"), "51407")},
        },
    ),
)
"""Cancellations of trigger orders."""

AMEND_ALGO: Final = (
    Item(
        {"instId": '"BTC-USDT"', "algoId": '"1"', "newSz": '"0.01"'},
        {
            "instId": _ALGO_WHERE,
            "algoId": {**order_id(NO_ORDER_TO_AMEND), **each((None, '""', "null"), "51407")},
            "newSz": number(missing="51500"),
            "cxlOnFail": flag(),
            "reqId": name(32),
        },
    ),
)
"""Amendments of trigger orders."""
