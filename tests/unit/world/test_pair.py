import pytest
from tests.support.small_exchange import BTC

from tickyard.world.pair import Pair

PAIR = Pair.of(BTC)


def test_prices_are_whole_ticks_on_the_right_side() -> None:
    assert PAIR.price_text(PAIR.below(65000.19)) == "65000.1"
    assert PAIR.price_text(PAIR.above(65000.11)) == "65000.2"
    assert PAIR.below(0.0) == PAIR.above(0.0) == 1


def test_texts_are_read_as_they_are_written() -> None:
    assert PAIR.ticks("65000.1") == 650001
    assert PAIR.lots("0.00012") == 12_000
    assert PAIR.lots(PAIR.size_text(12_345)) == 12_345


@pytest.mark.parametrize(
    ("amount", "size"),
    [(0.123456, "0.12300000"), (1.2e-9, "0.00001000"), (1e6, "300.00000000"), (0.0, "0.00001000")],
)
def test_sizes_have_few_figures_and_stay_within_the_limits(amount: float, size: str) -> None:
    assert PAIR.size_text(PAIR.sized(amount)) == size


def test_a_suspended_pair_is_not_live() -> None:
    assert not Pair.of(BTC | {"state": "suspend"}).is_live
