from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickyard.instruments import listing
from tickyard.instruments.grid import OffGrid
from tickyard.instruments.model import Instrument

CATALOG = listing.load()


def pair(symbol: str) -> Instrument:
    found = CATALOG.by_symbol(symbol)
    assert found is not None
    return found


def test_price_size_and_money_meet_without_rounding() -> None:
    btc = pair("BTC-USDT")
    ticks, lots = btc.price_to_ticks("65000.1"), btc.size_to_lots("0.12345678")
    assert btc.notional_to_text(ticks * lots) == str(Decimal("65000.1") * Decimal("0.12345678"))


def test_quote_money_is_rounded_down_to_what_can_be_spent() -> None:
    btc = pair("BTC-USDT")
    assert btc.notional_to_text(btc.quote_to_notional("100.0000000019")) == "100.000000001"


def test_average_price_of_one_fill_is_its_price() -> None:
    btc = pair("BTC-USDT")
    ticks, lots = btc.price_to_ticks("65000.1"), btc.size_to_lots("0.5")
    assert btc.average_price_text(ticks * lots, lots) == "65000.1"


@given(st.lists(st.tuples(st.integers(1, 10**7), st.integers(1, 10**11)), min_size=1, max_size=5))
def test_average_price_is_rounded_half_even_at_twelve_digits_of_a_tick(
    fills: list[tuple[int, int]],
) -> None:
    btc = pair("BTC-USDT")
    cost, lots = sum(price * size for price, size in fills), sum(size for _, size in fills)
    average = Decimal(btc.average_price_text(cost, lots))
    assert abs(average * lots - Decimal(cost) / 10) * 2 * 10**13 <= lots


def test_amounts_are_plain_text_without_trailing_zeros() -> None:
    btc = CATALOG.asset_by_symbol("BTC")
    assert btc is not None
    assert btc.amount_text(2 * 10**18) == "2"
    assert btc.amount_text(1) == "0.000000000000000001"
    assert btc.amount_text(-15 * 10**17) == "-1.5"
    assert btc.units("0.000000000000000001") == 1
    with pytest.raises(OffGrid):
        btc.units("0.0000000000000000001")
