import pytest

from tickyard.world.settings import behaviour, volatility


def test_a_pair_that_the_data_does_not_name_is_quoted_as_a_small_one() -> None:
    assert behaviour("NEW-USDT") == behaviour("CHZ-USDT")
    assert behaviour("BTC-USDT") != behaviour("CHZ-USDT")
    assert volatility("NEW") > volatility("BTC") > volatility("USDC") > volatility("USDT")


@pytest.mark.parametrize("pair", ["BTC-USDT", "ETH-BTC", "USDC-USDT", "CHZ-USDT"])
def test_a_pair_stays_within_its_share_of_commands(pair: str) -> None:
    how = behaviour(pair)
    assert how.moves_max * 1000 / how.refresh_ms + how.trades_per_minute / 60 <= 20
