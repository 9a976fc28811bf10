import pytest

from tickyard.world.profiles import behaviour, market, motion, tiers

PAIRS = pytest.mark.parametrize("pair", ["BTC-USDT", "ETH-BTC", "USDC-USDT", "CHZ-USDT"])
PLACE_LIMIT = 60 / 2
"""OKX: single orders of one user and instrument in a second."""
BATCH_LIMIT = 300 / 2
"""The same of orders in batches; amends have as much."""


def test_a_pair_that_the_data_does_not_name_is_quoted_as_a_small_one() -> None:
    assert behaviour("NEW-USDT") == behaviour("CHZ-USDT")
    assert behaviour("BTC-USDT") != behaviour("CHZ-USDT")


def test_smaller_coins_move_more_and_dollars_hardly() -> None:
    moves = [motion(asset).volatility for asset in ("NEW", "XRP", "ETH", "BTC", "USDC")]
    assert moves == sorted(moves, reverse=True)
    assert motion("USDC").volatility < 0.01


@PAIRS
def test_the_part_of_a_coin_that_is_its_own_is_real(pair: str) -> None:
    how = motion(pair.split("-", maxsplit=1)[0])
    assert how.volatility > how.beta * market().volatility


@PAIRS
def test_the_first_maker_of_a_pair_is_the_keenest(pair: str) -> None:
    found = tiers(pair)
    assert len(found) == behaviour(pair).makers
    spreads = [how.half_spread_bps for how in found]
    assert spreads == sorted(spreads)
    assert found[0].half_spread_bps == behaviour(pair).half_spread_bps


@PAIRS
def test_a_maker_stays_within_its_share_of_commands_and_of_live_orders(pair: str) -> None:
    for how in tiers(pair):
        assert how.moves_max * 1000 / how.refresh_ms < BATCH_LIMIT / 4
        assert 4 * how.levels < 500


@PAIRS
def test_even_a_burst_of_a_pair_stays_within_what_one_account_may_send(pair: str) -> None:
    assert 10 * behaviour(pair).trades_per_minute / 60 < PLACE_LIMIT


def test_majors_are_at_least_twenty_levels_deep_though_one_maker_is_away() -> None:
    found = tiers("BTC-USDT")
    assert sum(how.levels for how in found) - max(how.levels for how in found) >= 20


def test_a_day_is_neither_busier_nor_calmer_than_the_numbers_say() -> None:
    assert len(market().hours) == 24
    assert sum(market().hours) / 24 == pytest.approx(1, abs=0.02)
