"""What is hostile in orders, their changes and cancellations, whatever carries them.

`<own>`, `<elsewhere>` and `<other>` stand for ids of orders: alice's in BTC-USDT, alice's in another market, bob's.
Each also has its name as client id.
"""

from typing import Final

from tests.hostile.items.item import Item
from tests.hostile.values import (
    DIGITS_39,
    DIGITS_400,
    MISSING,
    NO_JSON,
    NO_NUMBERS,
    NOT_JSON,
    STRUCTURES,
    WRONG,
    each,
    flag,
    instrument,
    instrument_code,
    name,
    number,
    order_id,
    texts,
    word,
)

NO_ORDER, NO_ORDER_TO_AMEND = "51400", "51503"
_TOO_SMALL, _OFF_LOT, _TOO_LARGE, _OUT_OF_BOUNDS = "51020", "51121", "51005", "51006"
_LIMIT: Final = {
    "instId": '"BTC-USDT"', "tdMode": '"cash"', "side": '"buy"', "ordType": '"limit"', "px": '"40000"', "sz": '"0.01"',
}  # fmt: skip
_SIZES: Final = {
    **texts(("0.000000009", "0.00000001", "0.000001", "00.000001"), _TOO_SMALL),
    **texts(("0.010000001", "1.123456789"), _OFF_LOT),
    **texts(("100000000", "9" * 32, "9" * 18), _TOO_LARGE),
    "0.010000001": _OFF_LOT,
    "99999999999999999999": _TOO_LARGE,
}
_PRICES: Final = {
    **texts(("40000.05", "0.01", "40000.0000000001"), WRONG),
    **texts(("99999999999", "9" * 20, "9" * 32), _OUT_OF_BOUNDS),
    "40000.05": WRONG,
    "99999999999999999999": _OUT_OF_BOUNDS,
}
_ZEROS: Final = frozenset({"0", "-0", "0.0", '"0"', '"000"'})
PLACE: Final = (
    Item(
        _LIMIT,
        {
            "instId": instrument(),
            "instIdCode": instrument_code(),
            "tdMode": {
                **word(MISSING, "margin", case="Cash"),
                **texts(("cross", "isolated", "spot_isolated"), "51010"),
            },
            "side": word(MISSING, "long", "BUY", case="Buy"),
            "ordType": {
                **word(MISSING, "LIMIT", "stop", "trigger", "op_fok", case="Limit"),
                **texts(("mmp", "mmp_and_post_only"), "51036"),
            },
            "px": {**number(missing="51204", longest="51514"), **_PRICES},
            "sz": {**number(missing=MISSING), **_SIZES},
            "clOrdId": {**name(32), '"own"': "51016", '"elsewhere"': "51016"},
            "tag": name(16),
            "reduceOnly": {**flag(), "true": "51139", '"true"': "51139"},
            "banAmend": flag(),
            "stpMode": word(None, "cancel", "none", case="Cancel_Maker"),
            "pxAmendType": word(None, "2", "-1", "00", "1.0", case="X"),
            "tradeQuoteCcy": word(None, "USDC", "usdt", case="Usdt"),
            "pxUsd": each(('"1"', "1", "[]"), "51179"),
            "pxVol": each(('"1"', "1", "[]"), "51179"),
            "tpTriggerPx": each(('"1"', "1", "[]"), "54070"),
            "slOrdPx": each(('"-1"', "0", "{}"), "54070"),
            "attachAlgoOrds": {
                **each(('[{"tpTriggerPx":"1"}]',), MISSING),
                **each(("[1]", "[[]]", '[{"tpTriggerPx":[],"tpOrdPx":"1"}]'), WRONG),
                **each(('[{"attachAlgoClOrdId":"x"}]', '[{"a":1}]'), "51178"),
                **each(('[{"tpTriggerPx":"1","tpOrdPx":"-1"}]',), "51046"),
                **each(('[{"slTriggerPx":"50000","slOrdPx":"-1"}]',), "51047"),
                **each(("true", "false", "0", "1", '"x"', "{}", '{"a":1}'), WRONG),
            },
            "slippagePct": {
                **each(("true", "[]", "-1", "1e400"), WRONG),
                **each(("0.06", '"0.06"', '"-1"', '"NaN"', '"1_0"'), "54084"),
                **each(('"0.01"', "0.01"), "54085"),
            },
        },
    ),
    Item(
        {**_LIMIT, "ordType": '"market"', "tgtCcy": '"quote_ccy"', "sz": '"100"'},
        {
            "tgtCcy": word(None, "USDT", "quote", case="Quote_Ccy"),
            "sz": {
                **number(missing=MISSING),
                **texts(("0.0000001", "00.00000000001"), _TOO_SMALL),
                **texts(("99999999999", "9" * 32), "51201"),
            },
        },
    ),
    Item(
        {**_LIMIT, "ordType": '"market"', "tgtCcy": '"base_ccy"', "sz": '"0.01"'},
        {
            "sz": {
                **number(missing=MISSING),
                **{value: code for value, code in _SIZES.items() if code != _TOO_LARGE},
                **texts(("100000000", "9" * 32), "51202"),
            },
        },
    ),
    Item({**_LIMIT, "ordType": '"fok"'}, {"stpMode": {'"cancel_both"': "54036"}}),
    # More than there is: alice has no such money, and nobody's else is touched.
    Item({**_LIMIT, "sz": '"200"'}, {"px": {'"40000"': "51008"}}),
)
"""New orders."""

CANCEL: Final = (
    Item(
        {"instId": '"BTC-USDT"', "ordId": '"<own>"'},
        {
            "instId": {**instrument(), '"ETH-USDT"': NO_ORDER},
            "instIdCode": {**instrument_code(), "2": NO_ORDER},
            "ordId": {
                **order_id(NO_ORDER),
                **each((None, '""', "null"), "51407"),
                **texts(("<other>", "<elsewhere>"), NO_ORDER),
            },
        },
    ),
    Item(
        {"instId": '"BTC-USDT"', "clOrdId": '"own"'},
        {
            "clOrdId": {
                **name(32, missing="51407"),
                **texts(("other", "elsewhere", "OWN", "nothing"), NO_ORDER),
                "1": NO_ORDER,
            },
        },
    ),
)
"""Cancellations."""

AMEND: Final = (
    Item(
        {"instId": '"BTC-USDT"', "ordId": '"<own>"', "newPx": '"45000"', "newSz": '"0.02"'},
        {
            "instId": {**instrument(), '"ETH-USDT"': NO_ORDER_TO_AMEND},
            "instIdCode": {**instrument_code(), "2": NO_ORDER_TO_AMEND},
            "ordId": {
                **order_id(NO_ORDER_TO_AMEND),
                **each((None, '""', "null"), "51003"),
                **texts(("<other>", "<elsewhere>"), NO_ORDER_TO_AMEND),
            },
            "newPx": {**number(missing=None, longest="51514"), **_PRICES},
            "newSz": {**number(missing=None), **_SIZES},
            "reqId": name(32),
            "cxlOnFail": flag(),
            "pxAmendType": word(None, "2", "-1", "00", "1.0", case="X"),
            "newPxUsd": each(('"1"', "1", "[]"), "51179"),
            "newPxVol": each(('"1"', "1", "[]"), "51179"),
            "newTpTriggerPx": {**each(('"1"', "1"), "51527"), "[]": "51527"},
            "newTriggerPx": each(('"1"', "1", "[]"), "54070"),
            "attachAlgoOrds": {
                **each(('[{"newTpTriggerPx":"1"}]', '[{"attachAlgoId":"1"}]'), "51527"),
                **each(("[1]", "[[]]", '[{"attachAlgoId":[]}]'), WRONG),
                **each(("true", "false", "0", "1", '"x"', "{}", '{"a":1}'), WRONG),
            },
        },
    ),
    Item(
        {"instId": '"BTC-USDT"', "clOrdId": '"own"', "newSz": '"0.02"'},
        {
            "clOrdId": {
                **name(32, missing="51003"),
                **texts(("other", "elsewhere", "OWN", "nothing"), NO_ORDER_TO_AMEND),
                "1": NO_ORDER_TO_AMEND,
            },
            "newSz": each((None, '""', "null"), "51500"),
        },
    ),
)
"""Amendments."""

MASS_CANCEL: Final = (
    Item(
        {"instType": '"SPOT"', "instId": '"BTC-USDT"'},
        {
            "instType": word(MISSING, "SPOTS", "ANY", case="Spot"),
            "instId": {
                value: code for value, code in instrument().items() if code in {NOT_JSON, "51001"}
            },
            "instIdCode": instrument_code(),
            "lockInterval": {
                **each(NO_JSON, NOT_JSON),
                **each((*STRUCTURES, "-1", "10001", "1.5", "1e400", DIGITS_39), "54009"),
                **texts((*NO_NUMBERS, "10001", DIGITS_39, DIGITS_400), "54009"),
            },
        },
    ),
    Item(
        {"instType": '"SPOT"', "instFamily": '"BTC-USDT"'},
        {
            "instFamily": {
                value: code for value, code in instrument().items() if code in {NOT_JSON, "51001"}
            },
        },
    ),
)
"""Cancellations of everything. Without an instrument it would cancel all, so there is no row for that."""

CANCEL_ALL_AFTER: Final = (
    Item(
        {"timeOut": '"60"'},
        {
            "timeOut": {
                **{k: code for k, code in number(missing=MISSING).items() if k not in _ZEROS},
                **texts(("9", "121", "60.0", "1", "0060"), WRONG),
                **each(("9", "121", "60.5", "1"), WRONG),
            },
            "tag": name(16),
        },
    ),
)
"""The timer that cancels everything. Zero disarms it, and changes nothing when it is not armed."""
