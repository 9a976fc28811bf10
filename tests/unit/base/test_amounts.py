from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickyard.base.amounts import (
    NotAnAmount,
    amount_text,
    format_amount,
    parse_amount,
    scaled_text,
)


@pytest.mark.parametrize("text", ["0", "1", "0.1", "00.10", "12345678901234567890123456789.12"])
def test_plain_decimals_are_amounts(text: str) -> None:
    assert parse_amount(text) == Decimal(text)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "1 ", " 1", "+1", "-1", "-0", "1e5", "1E5", "1e400", "NaN", "Infinity", "inf", "1_0",
        "0x10", ".5", "5.", "1.2.3", "1,5", "٣", "1٣", "\uff11", "1\n", "\x001", "1" * 33, "1" * 39, "²",
    ],
)  # fmt: skip
def test_anything_else_is_not(text: str) -> None:
    with pytest.raises(NotAnAmount):
        parse_amount(text)


def test_numbers_of_json_are_taken_as_text() -> None:
    assert amount_text("1.50") == "1.50"
    assert amount_text(3) == "3"
    assert amount_text(Decimal("1.50")) == "1.50"
    assert amount_text(Decimal("1E-7")) == "0.0000001"
    assert amount_text(Decimal("1E+5")) == "100000"


@pytest.mark.parametrize(
    "value", [None, True, -1, 10**32, [], {}, Decimal("1e400"), Decimal("1e-400"), Decimal("NaN")]
)
def test_what_is_no_number_of_json_has_no_text(value: object) -> None:
    with pytest.raises(NotAnAmount):
        amount_text(value)


def test_negative_fractions_are_refused_by_the_parser() -> None:
    with pytest.raises(NotAnAmount):
        parse_amount(amount_text(Decimal("-1.5")))


def test_written_amounts_have_no_exponent() -> None:
    assert format_amount(Decimal("1E+3")) == "1000"
    assert format_amount(Decimal("1E-10")) == "0.0000000001"
    assert format_amount(Decimal("1.500")) == "1.500"
    with pytest.raises(ValueError, match="finite"):
        format_amount(Decimal("NaN"))


@pytest.mark.parametrize(
    ("units", "digits", "text"),
    [
        (0, 18, "0"),
        (1, 18, "0.000000000000000001"),
        (1_500_000, 6, "1.5"),
        (-1_500_000, 6, "-1.5"),
        (2_000_000, 6, "2"),
        (100, 0, "100"),
        (-7, 2, "-0.07"),
    ],
)
def test_scaled_integers_are_written_without_trailing_zeros(
    units: int, digits: int, text: str
) -> None:
    assert scaled_text(units, digits) == text


@given(st.integers(-(10**30), 10**30), st.integers(0, 18))
def test_scaled_text_says_exactly_the_units(units: int, digits: int) -> None:
    assert Fraction(scaled_text(units, digits)) == Fraction(units, 10**digits)
