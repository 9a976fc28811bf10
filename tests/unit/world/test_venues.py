from tickyard.world.fair import FairPrices
from tickyard.world.rng import Rng
from tickyard.world.venues import TICK_MS, Venue, VenueProfile, profiles

REFERENCES = {"BTC-USDT": "65000", "ETH-USDT": "3200", "USDC-USDT": "1"}
CALM = VenueProfile("calm", "USDT", 1, 1, 0, 0, 0, 0, 30)


def venue(**differences: float | str | int) -> Venue:
    fields = {name: getattr(CALM, name) for name in CALM.__struct_fields__} | differences
    fair = FairPrices(REFERENCES, Rng(7, "fair prices"), is_moving=False)
    return Venue(VenueProfile(**fields), fair, Rng(7, "venue"))


def btc(found: Venue, now_ms: int) -> float:
    tickers = found.tickers(now_ms)
    assert tickers is not None
    return next(float(t.last) for t in tickers if t.symbol.startswith("BTC-"))


def test_there_are_at_least_three_venues() -> None:
    assert len(profiles()) >= 3
    assert len({how.name for how in profiles()}) == len(profiles())


def test_prices_stray_a_little_from_the_fair_ones() -> None:
    found = venue()
    prices = []
    for now_ms in range(0, 200 * TICK_MS, TICK_MS):
        found.tick(now_ms)
        prices.append(btc(found, now_ms))
    assert len(set(prices)) > 100
    assert all(abs(price / 65_000 - 1) < 0.002 for price in prices)


def test_now_and_then_a_venue_does_not_answer() -> None:
    found = venue(outages_per_day=20_000)
    answers = []
    for now_ms in range(0, 600 * TICK_MS, TICK_MS):
        found.tick(now_ms)
        answers.append(found.tickers(now_ms) is not None)
    assert {True, False} == set(answers)


def test_now_and_then_prices_stand_still_and_grow_old() -> None:
    found = venue(freezes_per_day=20_000)
    oldest_ms = 0
    for now_ms in range(0, 600 * TICK_MS, TICK_MS):
        found.tick(now_ms)
        tickers = found.tickers(now_ms)
        assert tickers is not None
        oldest_ms = max(oldest_ms, now_ms - tickers[0].ts)
    assert oldest_ms > 10_000


def test_now_and_then_one_price_is_far_off() -> None:
    found = venue(slips_per_day=20_000)
    prices = []
    for now_ms in range(0, 600 * TICK_MS, TICK_MS):
        found.tick(now_ms)
        prices.append(btc(found, now_ms))
    assert max(prices) > 65_000 * 1.07
    assert min(prices) < 65_000 * 1.002


def test_a_venue_without_its_coin_has_nothing_to_say() -> None:
    found = venue(quote="XYZ")
    found.tick(0)
    assert found.tickers(0) == []
