from itertools import pairwise

from tickyard.base.clock import HOUR_MS, MINUTE_MS
from tickyard.world.past import HOURS_BACK_MS, PastPair, Piece, past

REFERENCES = {"BTC-USDT": "65000", "ETH-USDT": "3200", "ETH-BTC": "0.0492"}
PAIRS = [
    PastPair("BTC-USDT", 0.1, 0.00000001),
    PastPair("ETH-BTC", 0.00001, 0.000001),
    PastPair("NEW-BTC", 0.1, 1),
]
UNTIL_MS = 1_764_042_240_000


def pieces(count: int, seed: int = 7) -> list[Piece]:
    found = past(REFERENCES, PAIRS, seed, UNTIL_MS)
    return [piece for piece, _ in zip(found, range(count), strict=False)]


def test_the_past_ends_where_the_market_begins() -> None:
    (newest,) = pieces(1)
    assert newest.end_ms == UNTIL_MS
    assert newest.candles["BTC-USDT"][-1].open_ms == UNTIL_MS - MINUTE_MS
    assert newest.candles["BTC-USDT"][-1].close == 650_000
    assert newest.candles["ETH-BTC"][-1].close == round(3200 / 65000 / 0.00001)
    assert "NEW-BTC" not in newest.candles


def test_the_same_seed_gives_the_same_past() -> None:
    assert pieces(2) == pieces(2) != pieces(2, seed=8)


def test_candles_follow_each_other_without_gaps() -> None:
    newer, older = pieces(2)
    assert older.end_ms == newer.first_ms
    made = [*older.candles["BTC-USDT"], *newer.candles["BTC-USDT"]]
    assert made[0].open_ms == older.first_ms
    for one, next_one in pairwise(made):
        assert next_one.open_ms == one.open_ms + MINUTE_MS
        assert next_one.open == one.close
        assert one.low <= min(one.open, one.close) <= max(one.open, one.close) <= one.high
        assert one.volume > 0


def test_a_year_of_hours_lies_before_a_week_of_minutes() -> None:
    found = pieces(1_000)
    lengths = [piece.length_ms for piece in found]
    assert lengths == sorted(lengths)
    assert set(lengths) == {MINUTE_MS, HOUR_MS}
    oldest = found[-1]
    assert UNTIL_MS - oldest.first_ms > HOURS_BACK_MS
    assert all(piece.first_ms % HOUR_MS == 0 for piece in found)
