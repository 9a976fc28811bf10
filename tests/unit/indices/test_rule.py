from decimal import Decimal

import pytest

from tickyard.indices.limits import Premium, limits
from tickyard.indices.rule import Component, index_price

BAND = Decimal("0.02")


def components(*prices: str, weights: tuple[str, ...] = ()) -> list[Component]:
    given = weights or ("1",) * len(prices)
    return [
        Component(f"venue{number}", "BTC-USDT", Decimal(price), Decimal(price), Decimal(weight))
        for number, (price, weight) in enumerate(zip(prices, given, strict=True))
    ]


@pytest.mark.parametrize(
    ("said", "index"),
    [
        ((), None),
        (("100",), "100"),
        (("100", "110"), "105"),
        (("100", "101", "102"), "101"),
        (("100", "100", "1000"), "100.6666666666666666666666667"),
        (("100", "100", "10"), "99.33333333333333333333333333"),
    ],
)
def test_what_is_far_from_the_median_counts_as_the_edge_of_the_band(
    said: tuple[str, ...], index: str | None
) -> None:
    found = index_price(components(*said), BAND)
    assert found == (None if index is None else Decimal(index))


def test_weights_are_of_those_who_answer() -> None:
    three = components("100", "101", "102", weights=("0.5", "0.3", "0.1"))
    expected = Decimal("0.5") * 100 + Decimal("0.3") * 101 + Decimal("0.1") * 102
    assert index_price(three, BAND) == expected / Decimal("0.9")


def test_two_venues_weigh_the_same() -> None:
    assert index_price(components("100", "102", weights=("0.9", "0.1")), BAND) == 101


@pytest.mark.parametrize(
    ("premium", "highest", "lowest"),
    [("0", "105", "95"), ("2", "107", "97"), ("9", "110", "100"), ("-9", "100", "90")],
)
def test_limits_go_with_the_premium_but_stay_around_the_index(
    premium: str, highest: str, lowest: str
) -> None:
    found = limits(Decimal(100), Decimal(premium), Decimal("0.05"), Decimal("0.10"))
    assert (found.highest_buy, found.lowest_sell) == (Decimal(highest), Decimal(lowest))


def test_the_premium_is_a_mean_of_two_minutes() -> None:
    premium = Premium()
    assert premium.mean == 0
    for middle in (90, *[103] * 119, 105):
        premium.add(Decimal(middle), Decimal(100))
    assert premium.mean == (Decimal(119) * 3 + 5) / 120
