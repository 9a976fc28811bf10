from decimal import Decimal

import pytest
from tests.support.small_exchange import BTC, SmallExchange

from tickyard.world.maker import Maker, withdraw
from tickyard.world.pair import Pair
from tickyard.world.rng import Rng
from tickyard.world.settings import behaviour

HOW = behaviour("BTC-USDT")


class Quoting:
    """A maker of BTC-USDT whose fair price is what the test says."""

    def __init__(self, exchange: SmallExchange, seed: int = 7) -> None:
        self.fair = 65_000.0
        self.maker = Maker(
            Pair.of(BTC),
            HOW,
            exchange.desk("mm"),
            fair=lambda: self.fair,
            usd_per_base=lambda: self.fair,
            rng=Rng(seed, "maker"),
            refresh_s=1,
            is_restless=False,
        )

    async def go_to(self, fair: float) -> None:
        """Refresh until nothing is left to do."""
        self.fair = fair
        for _ in range(20):
            await self.maker.refresh()


@pytest.fixture
def exchange() -> SmallExchange:
    return SmallExchange()


async def test_a_first_look_makes_the_book_two_sided(exchange: SmallExchange) -> None:
    quoting = Quoting(exchange)
    await quoting.maker.look()
    await quoting.maker.refresh()
    assert quoting.maker.quoted.is_set()
    sides = [order["side"] for order in exchange.resting()]
    assert sides.count("buy") == sides.count("sell") == HOW.levels
    assert exchange.best("buy") < 65_000 < exchange.best("sell")


async def test_quotes_follow_the_price_and_never_meet_each_other(exchange: SmallExchange) -> None:
    quoting = Quoting(exchange)
    await quoting.maker.look()
    for fair in (65_000.0, 65_013.0, 64_980.0, 66_000.0, 60_000.0):
        await quoting.go_to(fair)
        assert exchange.best("buy") < Decimal(fair) < exchange.best("sell")
    assert exchange.crossed == []
    assert len(exchange.resting()) == 2 * HOW.levels


async def test_a_price_that_stands_costs_no_operation(exchange: SmallExchange) -> None:
    quoting = Quoting(exchange)
    await quoting.maker.look()
    await quoting.go_to(65_000.0)
    before = exchange.operations
    await quoting.go_to(65_000.0)
    assert exchange.operations == before


async def test_a_filled_quote_is_put_back(exchange: SmallExchange) -> None:
    quoting = Quoting(exchange)
    await quoting.maker.look()
    await quoting.go_to(65_000.0)
    exchange.fill("q1b0")
    exchange.fill("q1s0")
    await quoting.go_to(65_020.0)
    assert len(exchange.resting()) == 2 * HOW.levels


async def test_a_quote_that_is_nearly_eaten_is_filled_up(exchange: SmallExchange) -> None:
    quoting = Quoting(exchange)
    await quoting.maker.look()
    await quoting.go_to(65_000.0)
    order = next(o for o in exchange.resting() if o["clOrdId"] == "q1b0")
    order["accFillSz"] = str(Decimal(order["sz"]) * Decimal("0.9"))
    size = Decimal(order["sz"])
    await quoting.maker.look()
    await quoting.maker.refresh()
    assert Decimal(order["sz"]) > size


async def test_a_second_start_continues_with_the_orders_of_the_first(
    exchange: SmallExchange,
) -> None:
    first = Quoting(exchange)
    await first.maker.look()
    await first.maker.refresh()
    ids = set(exchange.orders)
    second = Quoting(exchange)
    await second.maker.look()
    await second.maker.refresh()
    assert set(exchange.orders) == ids


async def test_orders_that_have_no_place_in_the_ladder_are_cancelled(
    exchange: SmallExchange,
) -> None:
    item = {"instId": "BTC-USDT", "side": "buy", "ordType": "limit", "px": "1", "sz": "1"}
    exchange.place("mm", item | {"clOrdId": "stranger"})
    exchange.place("somebody", item)
    await Quoting(exchange).maker.look()
    assert [order["account"] for order in exchange.resting()] == ["somebody"]


async def test_withdrawing_cancels_everything_of_the_account(exchange: SmallExchange) -> None:
    item = {"instId": "BTC-USDT", "side": "buy", "ordType": "limit", "px": "1", "sz": "1"}
    for _ in range(130):
        exchange.place("mm", item)
    exchange.place("somebody", item)
    await withdraw(exchange.desk("mm"))
    assert [order["account"] for order in exchange.resting()] == ["somebody"]
