from tests.support.market_events import traded

from tickyard.base.clock import DAY_MS, HOUR_MS, MINUTE_MS
from tickyard.marketdata.day import RollingDay
from tickyard.marketdata.recent import Recent
from tickyard.marketdata.tape import Trade

NOON_MS = 20_000 * DAY_MS + 12 * HOUR_MS


class Days:
    """A rolling day that is fed by hours relative to noon."""

    def __init__(self) -> None:
        self.minutes = Recent(MINUTE_MS, DAY_MS + 2 * HOUR_MS)
        self.day = RollingDay(self.minutes)
        self.count = 0

    def trade(self, hours: int, price: int, size: int = 1) -> None:
        self.count += 1
        trade = Trade.of(traded(self.count, price, size, ms=NOON_MS + hours * HOUR_MS))
        self.minutes.add(trade)
        self.day.forget(trade.time_ms)


def test_before_the_first_trade_there_is_no_day() -> None:
    assert Days().day.at(NOON_MS) is None


def test_only_the_last_24_hours_count() -> None:
    days = Days()
    days.trade(-25, 500, size=7)
    days.trade(-10, 90, size=2)
    days.trade(0, 110, size=3)
    day = days.day.at(NOON_MS)
    assert day is not None
    assert (day.volume, day.notional) == (5, 2 * 90 + 3 * 110)
    assert (day.open, day.high, day.low) == (500, 500, 90)


def test_it_rolls_while_nobody_trades() -> None:
    days = Days()
    days.trade(-20, 90)
    days.trade(-1, 110)
    days.day.at(NOON_MS)
    later = days.day.at(NOON_MS + 10 * HOUR_MS)
    assert later is not None
    assert (later.open, later.low, later.volume) == (90, 90, 1)
    much_later = days.day.at(NOON_MS + 100 * HOUR_MS)
    assert much_later is not None
    assert (much_later.open, much_later.high, much_later.low, much_later.volume) == (
        110,
        110,
        110,
        0,
    )


def test_a_day_opens_at_midnight_of_either_zone() -> None:
    days = Days()
    days.trade(-21, 80)  # 15:00, before the day of UTC+8 begins
    days.trade(-15, 90)  # 21:00
    days.trade(-1, 110)
    day = days.day.at(NOON_MS)
    assert day is not None
    assert (day.open_utc8, day.open_utc) == (80, 90)


def test_a_trade_that_arrives_after_its_minute_still_counts() -> None:
    days = Days()
    days.trade(0, 100)
    days.day.at(NOON_MS + 2 * MINUTE_MS)
    days.trade(0, 120, size=5)
    day = days.day.at(NOON_MS + 2 * MINUTE_MS)
    assert day is not None
    assert (day.high, day.volume) == (120, 6)
