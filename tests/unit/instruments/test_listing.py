"""The rules that the data files must keep, checked on the files that ship."""

from decimal import Decimal

import pytest

from tickyard.engine import commands
from tickyard.instruments import listing
from tickyard.instruments.model import Instrument

CATALOG = listing.load()
PAIRS = pytest.mark.parametrize("pair", CATALOG.instruments, ids=lambda pair: pair.symbol)


def test_the_markets_of_the_demo_are_listed() -> None:
    assert {asset.symbol for asset in CATALOG.assets} == {
        "USDT", "USDC", "BTC", "ETH", "TICK", "EOS", "STX", "CHZ", "PERP", "ALGO",
        "SOL", "XRP", "DOGE", "ADA", "LTC", "LINK", "AVAX", "DOT", "TRX", "BCH",
    }  # fmt: skip
    assert {pair.symbol for pair in CATALOG.instruments} == {
        "BTC-USDT", "ETH-USDT", "BTC-USDC", "ETH-USDC", "ETH-BTC", "USDC-USDT",
        "TICK-USDT", "EOS-USDT", "STX-USDT", "CHZ-USDT", "PERP-USDT", "ALGO-USDT",
        "SOL-USDT", "XRP-USDT", "DOGE-USDT", "ADA-USDT", "LTC-USDT", "LINK-USDT",
        "AVAX-USDT", "DOT-USDT", "TRX-USDT", "BCH-USDT",
        "SOL-USDC", "XRP-USDC", "SOL-BTC", "SOL-ETH",
    }  # fmt: skip


def test_ids_are_dense_from_one() -> None:
    assert [asset.asset for asset in CATALOG.assets] == list(range(1, len(CATALOG.assets) + 1))
    assert [pair.instrument for pair in CATALOG.instruments] == list(
        range(1, len(CATALOG.instruments) + 1)
    )
    assert [level.level for level in CATALOG.fee_levels] == list(range(len(CATALOG.fee_levels)))


@PAIRS
def test_a_notional_unit_is_a_whole_number_of_quote_units(pair: Instrument) -> None:
    assert pair.notional_grid.units(pair.quote.unit_digits) >= 1


@PAIRS
def test_the_largest_order_at_the_highest_price_fits_the_ledger(pair: Instrument) -> None:
    money = pair.max_limit_size * pair.max_price * pair.notional_grid.units(pair.quote.unit_digits)
    assert money < 2**126
    assert max(pair.max_limit_size, pair.max_price, pair.max_market_amount) < 2**63


@PAIRS
def test_limits_are_in_order(pair: Instrument) -> None:
    assert 0 < pair.min_size < pair.max_market_size <= pair.max_limit_size
    assert 0 < pair.min_price < pair.price_to_ticks(pair.reference_price) < pair.max_price


@PAIRS
def test_size_limits_match_the_dollar_limits_told_to_clients(pair: Instrument) -> None:
    def usd(lots: int) -> Decimal:
        return pair.lots_to_value(lots) * pair.base.reference_usd

    assert Decimal("0.9") <= usd(pair.max_limit_size) / Decimal(pair.max_limit_usd) <= 1
    assert Decimal("0.9") <= usd(pair.max_market_size) / Decimal(pair.max_market_usd) <= 1


@PAIRS
def test_reference_prices_agree_with_the_assets(pair: Instrument) -> None:
    cross = pair.base.reference_usd / pair.quote.reference_usd
    assert abs(pair.reference_price / cross - 1) < Decimal("0.001")


def test_fee_table_is_that_of_okx() -> None:
    rates = {level.name: (level.maker_ppb, level.taker_ppb) for level in CATALOG.fee_levels}
    assert rates["Lv1"] == (800_000, 1_000_000)
    assert rates["VIP5"] == (0, 400_000)
    assert rates["VIP8"] == (-50_000, 200_000)
    assert [level.name for level in CATALOG.fee_levels] == [
        *(f"Lv{n}" for n in range(1, 6)), *(f"VIP{n}" for n in range(1, 9)),
    ]  # fmt: skip


def test_no_rebate_exceeds_the_taker_fee() -> None:
    assert all(0 <= -min(level.maker_ppb, 0) <= level.taker_ppb for level in CATALOG.fee_levels)


def test_definitions_tell_the_core_everything() -> None:
    told = list(listing.definitions(CATALOG))
    assert len(told) == len(CATALOG.fee_levels) + len(CATALOG.assets) + len(CATALOG.instruments)
    assert commands.define_asset(asset=CATALOG.assets[2].asset, symbol=b"BTC") in told
    first = CATALOG.instruments[0]
    assert commands.define_instrument(
        instrument=first.instrument,
        symbol=b"BTC-USDT",
        base=first.base.asset,
        quote=first.quote.asset,
        tick=10**17,
        lot=10**10,
        min_size=1_000,
        max_limit_size=1_500_000_000_000,
        max_market_size=1_500_000_000,
        max_market_amount=10**15,
        min_price=1_000,
        max_price=10_000_000,
    ) in told  # fmt: skip
