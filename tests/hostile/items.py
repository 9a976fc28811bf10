"""What is hostile in one order, amendment, cancellation, transfer or setting, whatever carries it.

`<own>`, `<elsewhere>` and `<other>` stand for ids of orders: alice's in BTC-USDT, alice's in another market, bob's.
Each also has its name as client id.
"""

from collections.abc import Mapping
from typing import Final

from tests.hostile.values import (
    DIGITS_39,
    DIGITS_400,
    MISSING,
    NEGATIVES,
    NO_CURRENCIES,
    NO_CURRENCY,
    NO_JSON,
    NO_NUMBERS,
    NOT_JSON,
    STRUCTURES,
    WRONG,
    Hostile,
    each,
    flag,
    instrument,
    instrument_code,
    name,
    number,
    order_id,
    texts,
    word,
)  # fmt: skip


class Item:
    """What is right, as JSON of each member, and what is wrong with one member at a time."""

    def __init__(self, right: Mapping[str, str], fields: Mapping[str, Hostile]) -> None:
        self.right = right
        self.fields = fields


_NO_ORDER, _NO_ORDER_TO_AMEND = "51400", "51503"
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
_DEADLINE: Final = {
    **each((*STRUCTURES, "-1", "0", "1.5", "1e400", DIGITS_39), WRONG),
    **texts((*NO_NUMBERS, "0", DIGITS_39), WRONG),
    **each(("1", '"1"', '"1597026383085"'), "50037"),
}

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
            "expTime": _DEADLINE,
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
            "instId": {**instrument(), '"ETH-USDT"': _NO_ORDER},
            "instIdCode": {**instrument_code(), "2": _NO_ORDER},
            "ordId": {
                **order_id(_NO_ORDER),
                **each((None, '""', "null"), "51407"),
                **texts(("<other>", "<elsewhere>"), _NO_ORDER),
            },
        },
    ),
    Item(
        {"instId": '"BTC-USDT"', "clOrdId": '"own"'},
        {
            "clOrdId": {
                **name(32, missing="51407"),
                **texts(("other", "elsewhere", "OWN", "nothing"), _NO_ORDER),
                "1": _NO_ORDER,
            },
        },
    ),
)
"""Cancellations."""

AMEND: Final = (
    Item(
        {"instId": '"BTC-USDT"', "ordId": '"<own>"', "newPx": '"45000"', "newSz": '"0.02"'},
        {
            "instId": {**instrument(), '"ETH-USDT"': _NO_ORDER_TO_AMEND},
            "instIdCode": {**instrument_code(), "2": _NO_ORDER_TO_AMEND},
            "ordId": {
                **order_id(_NO_ORDER_TO_AMEND),
                **each((None, '""', "null"), "51003"),
                **texts(("<other>", "<elsewhere>"), _NO_ORDER_TO_AMEND),
            },
            "newPx": {**number(missing=None, longest="51514"), **_PRICES},
            "newSz": {**number(missing=None), **_SIZES},
            "reqId": name(32),
            "cxlOnFail": flag(),
            "pxAmendType": word(None, "2", "-1", "00", "1.0", case="X"),
            "expTime": _DEADLINE,
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
                **texts(("other", "elsewhere", "OWN", "nothing"), _NO_ORDER_TO_AMEND),
                "1": _NO_ORDER_TO_AMEND,
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

TRANSFER: Final = (
    Item(
        {"ccy": '"USDT"', "amt": '"1"', "from": '"6"', "to": '"18"'},
        {
            "ccy": {
                **each(NO_JSON, NOT_JSON),
                **each((None, '""', "null"), MISSING),
                **each((*STRUCTURES, "1", "1e400", DIGITS_39), NO_CURRENCY),
                **texts((*NO_CURRENCIES, "BTC,USDT"), NO_CURRENCY),
            },
            "amt": {
                **number(missing=MISSING, zero="58114"),
                **each(
                    (*(value for value in NEGATIVES if "e" not in value), '"-1"', '"-0"', '"-0.0"'),
                    "58114",
                ),
                **texts(("0.0000000000000000001", "1.0000000000000000001"), WRONG),
                **texts(("99999999", "9" * 20, "9" * 21, "9" * 32), "58350"),
                "99999999": "58350",
            },
            "from": {
                **word(MISSING, "1", "5", "06", "6.0", "-6", case="Six"),
                **texts(("18",), "58123"),
                "18": "58123",
            },
            "to": {
                **word(MISSING, "1", "5", "018", "18.0", case="Eighteen"),
                **texts(("6",), "58123"),
                "6": "58123",
            },
            "type": {
                **word(None, "5", "00", "10", case="X"),
                **texts(("1", "2", "4"), MISSING),
                **texts(("3",), "58129"),
                "1": MISSING,
            },
            "clientId": name(32),
        },
    ),
    Item(
        {"ccy": '"USDT"', "amt": '"99999999"', "from": '"18"', "to": '"6"'},
        {"amt": {'"99999999"': "58116", '"' + "9" * 32 + '"': "58116"}},
    ),
)
"""Transfers between the wallets of one account."""

_NEEDED_WORD: Final = {
    **each(NO_JSON, NOT_JSON),
    **each((None, '""', "null"), MISSING),
    **each((*STRUCTURES, "1.5", "1e400"), WRONG),
}
_NO_ACCOUNTS: Final = {**_NEEDED_WORD, **texts(("nobody", "a,b", "' OR 1=1--", "\0"), "59510")}
_SUB: Final = {"subAcct": '"nobody"'}
_NAMED_KEY: Final = (
    Item({**_SUB, "apiKey": '"x"'}, {"subAcct": _NO_ACCOUNTS, "apiKey": _NEEDED_WORD}),
)

NEW_SUB_ACCOUNT: Final = (
    Item(
        {"subAcct": '"fresh"', "type": '"1"'},
        {
            "subAcct": {**_NEEDED_WORD, **texts(("a b", "x" * 21, "\u00e9", "a,b", "-"), WRONG)},
            "type": {
                **_NEEDED_WORD,
                **texts(("0", "2", "01", "X"), WRONG),
                **texts(("5",), "59515"),
            },
            "label": {**each(STRUCTURES, WRONG), **texts(("x" * 51, "a\u0000"), WRONG)},
        },
    ),
)
TRANSFER_OUT: Final = (
    Item(
        _SUB,
        {
            "subAcct": _NO_ACCOUNTS,
            "canTransOut": {**texts(("yes", "0"), WRONG), **each(("0", "[]"), WRONG)},
        },
    ),
)
NEW_KEY: Final = (
    Item(
        {**_SUB, "label": '"x"', "passphrase": '"open-sesame"'},
        {
            "subAcct": _NO_ACCOUNTS,
            "label": _NEEDED_WORD,
            "passphrase": _NEEDED_WORD,
            "perm": {
                **each(STRUCTURES, WRONG),
                **texts(("root", "withdraw", "read_only trade"), WRONG),
            },
            "ip": each(STRUCTURES, WRONG),
        },
    ),
)
CHANGED_KEY: Final = (
    *_NAMED_KEY,
    Item(
        {**_SUB, "apiKey": '"x"'},
        {"perm": texts(("root", "withdraw"), WRONG), "label": each(STRUCTURES, WRONG)},
    ),
)
DELETED_KEY: Final = _NAMED_KEY
ACROSS: Final = (
    Item(
        {
            "ccy": '"USDT"',
            "amt": '"1"',
            "from": '"6"',
            "to": '"6"',
            "fromSubAccount": '"nobody"',
            "toSubAccount": '"nothing"',
        },
        {
            "ccy": {**each((None, '""', "null"), MISSING), **texts(NO_CURRENCIES, NO_CURRENCY)},
            "amt": {
                value: code for value, code in TRANSFER[0].fields["amt"].items() if code != "58350"
            },
            "from": word(MISSING, "1", "06", case="Six"),
            "to": word(MISSING, "1", "06", case="Six"),
            "fromSubAccount": {
                **each((None, '""'), MISSING),
                **each(("1", "[]"), "58115"),
                **texts(("x",), "58115"),
            },
            "toSubAccount": {
                **each((None, '""'), MISSING),
                **each(("1", "[]"), "58115"),
                **texts(("x",), "58115"),
            },
        },
    ),
)
"""Money, names and keys of sub-accounts; the accounts there are none of."""

DEMO_MONEY: Final = (
    Item(
        {"type": '"increase"', "adjustments": '[{"ccy":"USDT","amt":"1"}]'},
        {
            "type": word(MISSING, "decrease", case="Increase"),
            "adjustments": {
                **each(NO_JSON, NOT_JSON),
                **each((None, '""', "null", '[{"ccy":"USDT"}]', '[{"amt":"1"}]'), MISSING),
                **each(("true", "1", "[]", "{}", "[1]", '["x"]', "[[]]"), WRONG),
                '[{"ccy":"USDT","amt":"1"},{"ccy":"USDT","amt":"1"}]': WRONG,
                '[{"ccy":"SOL","amt":"1"}]': WRONG,
                '[{"ccy":"XYZ","amt":"1"}]': NO_CURRENCY,
                '[{"ccy":"USDT","amt":"0"}]': "58114",
                '[{"ccy":"USDT","amt":"-1"}]': "58114",
                '[{"ccy":"USDT","amt":"x"}]': WRONG,
                '[{"ccy":"USDT","amt":"' + "9" * 30 + '"}]': WRONG,
            },
        },
    ),
)
"""Demo money."""


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
            "algoId": {**order_id(_NO_ORDER), **each((None, '""', "null"), "51407")},
        },
    ),
)
"""Cancellations of trigger orders."""
AMEND_ALGO: Final = (
    Item(
        {"instId": '"BTC-USDT"', "algoId": '"1"', "newSz": '"0.01"'},
        {
            "instId": _ALGO_WHERE,
            "algoId": {**order_id(_NO_ORDER_TO_AMEND), **each((None, '""', "null"), "51407")},
            "newSz": number(missing="51500"),
            "cxlOnFail": flag(),
            "reqId": name(32),
        },
    ),
)
"""Amendments of trigger orders."""


def setting(member: str, value: str, *other_modes: str) -> tuple[Item, ...]:
    """A setting that has one value in spot mode."""
    wrong = word(MISSING, "9", "-1", "01", case="X")
    return (Item({member: f'"{value}"'}, {member: {**wrong, **texts(other_modes, "51010")}}),)


def needing(code: str, *members: str) -> tuple[Item, ...]:
    """Something that is always refused, first of all for what is missing."""
    right = dict.fromkeys(members, '"1"')
    if not members:
        return (Item({}, {"x": each(('"1"', *STRUCTURES, "1e400"), code)}),)
    first = {members[0]: each(('"1"', "1", *STRUCTURES, "1e400"), code)}
    return (
        Item(right, first),
        Item(right, {member: each((None, '""', "null"), MISSING) for member in members}),
    )
