"""What is hostile in movements of money."""

from typing import Final

from tests.hostile.items.item import Item
from tests.hostile.values import (
    DIGITS_39,
    MISSING,
    NEGATIVES,
    NO_CURRENCIES,
    NO_CURRENCY,
    NO_JSON,
    NOT_JSON,
    STRUCTURES,
    WRONG,
    each,
    name,
    number,
    texts,
    word,
)

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
"""Transfers between accounts; there are none of these names."""

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
