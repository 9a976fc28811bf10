from tests.support.market_events import traded

from tickyard.base.clock import MINUTE_MS
from tickyard.marketdata.recent import Recent
from tickyard.marketdata.tape import Trade


def trade(trade_id: int, price: int, minute: int) -> Trade:
    return Trade.of(traded(trade_id, price, 1, ms=minute * MINUTE_MS + 5))


def test_trades_of_one_minute_make_one_candle() -> None:
    minutes = Recent(MINUTE_MS, 10 * MINUTE_MS)
    for number, (price, minute) in enumerate([(10, 1), (12, 1), (11, 1), (20, 3)], 1):
        minutes.add(trade(number, price, minute))
    found = minutes.between(0, 10 * MINUTE_MS)
    assert [(bar.open, bar.high, bar.low, bar.close, bar.volume) for bar in found] == [
        (10, 12, 10, 11, 3),
        (20, 20, 20, 20, 1),
    ]


def test_the_price_stands_until_the_next_trade() -> None:
    minutes = Recent(MINUTE_MS, 10 * MINUTE_MS)
    minutes.add(trade(1, 10, 1))
    minutes.add(trade(2, 20, 5))
    assert minutes.price_before(5 * MINUTE_MS) == 10
    assert minutes.price_before(6 * MINUTE_MS) == 20
    assert minutes.price_before(MINUTE_MS) is None
    assert minutes.price_at(MINUTE_MS) == 10


def test_what_is_forgotten_is_said_to_be_missing() -> None:
    minutes = Recent(MINUTE_MS, 10 * MINUTE_MS)
    for minute in range(1, 25):
        minutes.add(trade(minute, minute, minute))
    assert minutes.since_ms > 0
    kept = minutes.between(0, 100 * MINUTE_MS)
    assert kept[0].open_ms >= minutes.since_ms
    assert minutes.price_before(kept[0].open_ms) == kept[0].open - 1
