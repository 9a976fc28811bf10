from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickyard.base.amounts import NotAnAmount
from tickyard.instruments.grid import Grid, OffGrid, units_value


@pytest.mark.parametrize(
    ("step", "steps", "text"),
    [
        ("0.1", 650001, "65000.1"),
        ("0.1", 650000, "65000"),
        ("0.00000001", 1, "0.00000001"),
        ("1", 7, "7"),
        ("25", 4, "100"),
        ("0.00001", 0, "0"),
        ("0.10", 3, "0.3"),
    ],
)
def test_steps_and_text_are_one_number(step: str, steps: int, text: str) -> None:
    grid = Grid.of(step)
    assert grid.text(steps) == text
    assert grid.count(text) == steps


@given(st.integers(0, 10**20), st.integers(1, 999), st.integers(0, 11))
def test_every_step_survives_the_way_through_text(steps: int, mantissa: int, digits: int) -> None:
    grid = Grid(mantissa, digits)
    text = grid.text(steps)
    if len(text) <= 32:
        assert grid.count(text) == steps
    assert Decimal(text) == grid.value(steps)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "+1",
        "1e3",
        "1E3",
        " 1",
        "1 ",
        "1.",
        ".5",
        "1_0",
        "٣",
        "NaN",
        "0x1",
        "1,5",
        "1" * 33,
    ],
)
def test_only_plain_decimals_are_numbers(text: str) -> None:
    with pytest.raises(NotAnAmount):
        Grid.of("0.1").count(text)


def test_a_number_between_two_steps_is_refused() -> None:
    with pytest.raises(OffGrid):
        Grid.of("0.1").count("65000.15")
    with pytest.raises(OffGrid):
        Grid.of("25").count("30")


def test_trailing_zeros_mean_nothing() -> None:
    assert Grid.of("0.1").count("65000.1000") == 650001
    assert Grid.of("25").count("0100") == 4


def test_json_numbers_are_accepted() -> None:
    assert Grid.of("0.1").count(Decimal("65000.1")) == 650001
    assert Grid.of("0.00000001").count(Decimal("1E-8")) == 1


def test_floor_never_counts_more_than_there_is() -> None:
    assert Grid.of("0.000000001").floor("0.0000000019") == 1
    assert Grid.of("5").floor("9.99") == 1


def test_a_step_is_positive() -> None:
    with pytest.raises(ValueError, match="not positive"):
        Grid.of("0.000")


def test_a_step_finer_than_the_ledger_is_refused() -> None:
    assert Grid.of("0.1").units(18) == 10**17
    with pytest.raises(OffGrid):
        Grid.of("0.000000001").units(8)


def test_wide_amounts_lose_no_digit() -> None:
    units = 170141183460469231731687303715884105727
    assert units_value(units, 18) == Decimal("170141183460469231731.687303715884105727")
