from decimal import Decimal

import pytest
from tests.support.small_exchange import BTC, SmallExchange

from tickyard.world.maker import Maker, withdraw
from tickyard.world.pair import Pair
from tickyard.world.profiles import tiers
from tickyard.world.purse import Purse
from tickyard.world.rng import Rng

HOW = tiers("BTC-USDT")[0]
STAKE = {"BTC": 100.0, "USDT": 6_500_000.0}


class Quoting:
    """A maker of BTC-USDT whose fair price is what the test says."""

    def __init__(self, exchange: SmallExchange, seed: int = 7) -> None:
        self.fair = 65_000.0
        self.purse = Purse(STAKE, lambda asset: self.fair if asset == "BTC" else 1.0)
        self.maker = Maker(
            Pair.of(BTC),
            HOW,
            exchange.desk("mm"),
            self.purse,
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


async def test_a_fill_that_is_told_is_put_back_at_the_next_look(exchange: SmallExchange) -> None:
    quoting = Quoting(exchange)
    await quoting.go_to(65_000.0)
    order = next(o for o in exchange.resting() if o["clOrdId"] == "q1b0")
    exchange.fill("q1b0")
    assert len(exchange.resting()) == 2 * HOW.levels - 1
    quoting.maker.filled({"clOrdId": "q1b0", "fillSz": order["sz"]})
    await quoting.maker.refresh()
    assert len(exchange.resting()) == 2 * HOW.levels


async def test_a_book_that_is_swept_is_whole_after_one_look(exchange: SmallExchange) -> None:
    quoting = Quoting(exchange)
    await quoting.go_to(65_000.0)
    for order in exchange.resting():
        if order["side"] == "sell":
            exchange.fill(order["clOrdId"])
            quoting.maker.filled({"clOrdId": order["clOrdId"], "fillSz": order["sz"]})
    await quoting.maker.refresh()
    assert len(exchange.resting()) == 2 * HOW.levels


async def test_who_has_too_much_offers_more_than_it_bids_for(exchange: SmallExchange) -> None:
    quoting = Quoting(exchange)
    quoting.purse.moved(Pair.of(BTC), 50, 65_000, is_bought=True)
    await quoting.go_to(65_000.0)
    sizes = {"buy": Decimal(0), "sell": Decimal(0)}
    for order in exchange.resting():
        sizes[order["side"]] += Decimal(order["sz"])
    assert sizes["sell"] > 2 * sizes["buy"]


async def test_who_has_hardly_any_left_offers_none(exchange: SmallExchange) -> None:
    quoting = Quoting(exchange)
    quoting.purse.moved(Pair.of(BTC), 95, 65_000, is_bought=False)
    await quoting.go_to(65_000.0)
    assert {order["side"] for order in exchange.resting()} == {"buy"}


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
