"""Hostile values by what a field should hold, each with the code that it is answered with.

Values of JSON members are written as they stand in the JSON text, because much of what is hostile cannot be
said by a decoded value: `1e400`, `NaN`, half of a surrogate pair. Values of a query are plain text.
`None` leaves the field out.
"""

import json
from collections.abc import Iterable, Mapping

Hostile = Mapping[str | None, str]

WRONG = "51000"
MISSING = "50014"
NO_INSTRUMENT = "51001"
NO_CURRENCY = "51012"
NOT_JSON = "50002"

DIGITS_39, DIGITS_400 = "9" * 39, "9" * 400

NO_NUMBERS = (
    "x", "-1", "+1", " 1", "1 ", "\t1", "1\n", "1_0", "1,5", "1 000", "0x10", "0b1", "1e5", "1E5",
    "1e400", "1e-1", "NaN", "nan", "Infinity", "-Infinity", "inf", "\u221e", "\u0661", "\uff11",
    "\u00bd", "\u00b2", "1\u0661", "1\0", "\0", "\x1b[0m", "\u202e1", "\ufeff1", "1.2.3", "--1", "-0",
    "1/2", "1;", "'1'", "' OR 1=1--", "${1}", "{{1}}", "1\r\nX-Y: 1",
)  # fmt: skip
"""No plain decimal to anybody, and no whole number either."""
NO_NAMES = (
    "a-b", "a b", " a", "a ", "a_b", "\u00e9", "\u0661", "\uff41", "a\0", "\0", "a\n", "a\r\nX-Y: 1",
    "../a", "<b>", "' OR 1=1--", "\u202ea", "\U0001f600", "a" * 33, "a" * 400,
)  # fmt: skip
"""Nothing that a client may name an order."""
NO_INSTRUMENTS = (
    "BTC", "BTC-USDT-X", "btc-usdt", "BTC_USDT", "BTC/USDT", " BTC-USDT", "BTC-USDT ", "BTC-USDT\0",
    "BTC-USDT\n", "\uff22\uff34\uff23-USDT", "\u0412TC-USDT", "BTC%2DUSDT", "../BTC-USDT", "*", "1",
    "' OR 1=1--", "BTC-USDT" * 50,
)  # fmt: skip
NO_CURRENCIES = (
    "NOPE",
    "btc",
    " BTC",
    "BTC ",
    "BTC\0",
    "\uff22\uff34\uff23",
    "1",
    "BTC;USDT",
    "B" * 400,
)

NO_JSON = ("NaN", "Infinity", "-Infinity", "+1", "01", "0x10", "1_0", ".5", "5.", "'1'", "True", r'"\ud800"', r'"\udc00x"', r'"\x41"', '"\t"', '"\0"', "1e999999999999999999999", DIGITS_400 * 11)  # fmt: skip
"""Makes the text around it no JSON, or none that anybody can hold."""
STRUCTURES = ("true", "false", "[]", "{}", "[1]", '["1"]', '{"a":"1"}', "[[]]")
NEGATIVES = ("-1", "-0.1", "-1e400", "-9223372036854775809")
BLANKS = (None, '""', "null")


def texts(values: Iterable[str], code: str) -> dict[str | None, str]:
    """Write texts as JSON."""
    return {json.dumps(value): code for value in values}


def each(values: Iterable[str | None], code: str) -> dict[str | None, str]:
    """Answer all of them alike."""
    return dict.fromkeys(values, code)


# Members of JSON.


def number(
    *, missing: str | None, zero: str = WRONG, longest: str = WRONG
) -> dict[str | None, str]:
    """Hold a positive decimal.

    Args:
        missing: when there is none; None when there need not be any.
        zero: when it is not positive.
        longest: when it has more than 32 characters.
    """
    return {
        **each(NO_JSON, NOT_JSON),
        **(each(BLANKS, missing) if missing else {}),
        **each(STRUCTURES, WRONG),
        **each(
            (*NEGATIVES, DIGITS_39, DIGITS_400, "1e400", "1e-400", "1.0e99999", "0.5E967787"), WRONG
        ),
        **texts(NO_NUMBERS, WRONG),
        **texts((".5", "5."), WRONG),
        **texts((DIGITS_39, DIGITS_400, "0" * 39 + "1"), longest),
        **texts(("0", "0.0", "000", "0." + "0" * 28), zero),
        **each(("0", "0.0", "0e5", "-0"), zero),
    }


def word(missing: str | None, *others: str, case: str) -> dict[str | None, str]:
    """Hold one of some words; `others` are wrong here, though maybe right elsewhere."""
    return {
        **each(NO_JSON, NOT_JSON),
        **(each(BLANKS, missing) if missing else {}),
        **each((*STRUCTURES, "1.5", "-1", "1e400", DIGITS_39), WRONG),
        **texts(
            (case, " " + case.lower(), case.lower() + "\0", "x", "\u0430", "x" * 400, *others),
            WRONG,
        ),
    }


def flag() -> dict[str | None, str]:
    """Hold a yes or no."""
    return {
        **each(NO_JSON, NOT_JSON),
        **each(("[]", "{}", "1", "0", "1.5", DIGITS_39), WRONG),
        **texts(("TRUE", "True", "yes", "1", "0", " true", "true\0"), WRONG),
    }


def name(length: int, *, missing: str | None = None) -> dict[str | None, str]:
    """Hold a client's name of so many characters at most."""
    return {
        **each(NO_JSON, NOT_JSON),
        **(each(BLANKS, missing) if missing else {}),
        **each((*STRUCTURES, "1.5", "-1", "1e400", DIGITS_39), WRONG),
        **texts((*NO_NAMES, "a" * (length + 1)), WRONG),
    }


def instrument(missing: str = MISSING) -> dict[str | None, str]:
    """Hold the name of an instrument."""
    return {
        **each(NO_JSON, NOT_JSON),
        **each(BLANKS, missing),
        **each((*STRUCTURES, "1", "-1", "1.5", "1e400", DIGITS_39), NO_INSTRUMENT),
        **texts(NO_INSTRUMENTS, NO_INSTRUMENT),
    }


def instrument_code() -> dict[str | None, str]:
    """Hold the number of an instrument."""
    return {
        **each(NO_JSON, NOT_JSON),
        **each(
            (*STRUCTURES, "0", "-1", "1.5", "999999", "1e400", DIGITS_39, "9223372036854775808"),
            NO_INSTRUMENT,
        ),
        **texts((*NO_NUMBERS, "0", "999999", DIGITS_39), NO_INSTRUMENT),
    }


def order_id(unknown: str) -> dict[str | None, str]:
    """Hold the number of an order; those that do not exist answer `unknown`."""
    return {
        **each(NO_JSON, NOT_JSON),
        **each((*STRUCTURES, "0", "-1", "1.5", "1e400", DIGITS_39), WRONG),
        **texts((*NO_NUMBERS, "0", "000", DIGITS_39, DIGITS_400), WRONG),
        **texts(("1", "9" * 19, "9223372036854775807", "0001"), unknown),
        "1": unknown,
    }


# Parameters of a query.


def asked_instrument(*, is_needed: bool = True) -> dict[str | None, str]:
    """Hold the name of an instrument."""
    found = each(NO_INSTRUMENTS, NO_INSTRUMENT)
    return {**found, **each((None, ""), MISSING)} if is_needed else found


def asked_word(*others: str, case: str, is_needed: bool = False) -> dict[str | None, str]:
    """Hold one of some words; `others` are wrong here, though maybe right elsewhere."""
    found = each((case, " " + case.lower(), "x", "\0", "\u0430", "x" * 400, *others), WRONG)
    return {**found, **each((None, ""), MISSING)} if is_needed else found


def asked_number() -> dict[str | None, str]:
    """Hold a whole number: a cursor, a moment, an id."""
    return each((*NO_NUMBERS, "1.5", "1.0", ".5", "5.", "9" * 21, DIGITS_39, DIGITS_400), WRONG)


def asked_limit() -> dict[str | None, str]:
    """Hold how many rows are wanted."""
    return {**asked_number(), **each(("0", "000"), WRONG)}


def asked_currencies(*, most: int = 20, is_list: bool = True) -> dict[str | None, str]:
    """Hold currencies."""
    found = each(NO_CURRENCIES, NO_CURRENCY)
    return (
        {**found, ",".join(["BTC"] * (most + 1)): "50025", "BTC,NOPE": NO_CURRENCY}
        if is_list
        else found
    )
