from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.market_events import traded

from tickyard.base.clock import HOUR_MS, MINUTE_MS
from tickyard.marketdata import wire
from tickyard.marketdata.bars import BarSize, bars_of, join
from tickyard.marketdata.tape import Trade


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


@pytest.mark.parametrize(
    ("bar", "opens"),
    [
        ("1s", "2026-08-13T15:14:13"),
        ("1m", "2026-08-13T15:14:00"),
        ("5m", "2026-08-13T15:10:00"),
        ("1H", "2026-08-13T15:00:00"),
        ("4H", "2026-08-13T12:00:00"),
        ("6H", "2026-08-13T10:00:00"),
        ("6Hutc", "2026-08-13T12:00:00"),
        ("12H", "2026-08-13T04:00:00"),
        ("1D", "2026-08-12T16:00:00"),
        ("1Dutc", "2026-08-13T00:00:00"),
        ("1W", "2026-08-09T16:00:00"),
        ("1Wutc", "2026-08-10T00:00:00"),
        ("1M", "2026-07-31T16:00:00"),
        ("1Mutc", "2026-08-01T00:00:00"),
        ("3M", "2026-06-30T16:00:00"),
        ("3Mutc", "2026-07-01T00:00:00"),
        ("1Yutc", "2026-01-01T00:00:00"),
    ],
)
def test_candles_open_where_okx_opens_them(bar: str, opens: str) -> None:
    assert wire.BARS[bar].open_of(ms("2026-08-13T15:14:13")) == ms(opens)


@given(st.sampled_from(sorted(wire.BARS)), st.integers(0, 4 * 10**12))
def test_every_moment_is_in_exactly_one_candle(bar: str, time_ms: int) -> None:
    size = wire.BARS[bar]
    open_ms = size.open_of(time_ms)
    assert open_ms <= time_ms < size.next_open(open_ms)
    assert size.open_of(open_ms) == open_ms
    assert size.open_of(size.next_open(open_ms) - 1) == open_ms


@given(st.sampled_from(sorted(wire.BARS)), st.integers(0, 4 * 10**12))
def test_a_candle_is_made_of_whole_stored_candles(bar: str, time_ms: int) -> None:
    size = wire.BARS[bar]
    assert size.open_of(time_ms) % size.base_ms == 0


def test_a_minute_and_a_month_differ_by_their_case() -> None:
    assert wire.BARS["1m"] == BarSize(MINUTE_MS)
    assert wire.BARS["1M"].months == 1


def test_opening_times_go_backwards_over_months_of_any_length() -> None:
    opens = wire.BARS["1Mutc"].opens_back(ms("2026-03-01T00:00:00"))
    assert [next(opens) for _ in range(3)] == [
        ms("2026-03-01T00:00:00"),
        ms("2026-02-01T00:00:00"),
        ms("2026-01-01T00:00:00"),
    ]


fills = st.lists(
    st.tuples(st.integers(1, 1000), st.integers(1, 1000), st.integers(0, 400_000)), min_size=1
)


@given(fills)
def test_long_candles_are_the_same_whether_made_of_trades_or_of_short_candles(
    drawn: list[tuple[int, int, int]],
) -> None:
    trades = [
        Trade.of(traded(n, price, size, ms=at))
        for n, (price, size, at) in enumerate(sorted(drawn, key=lambda fill: fill[2]), 1)
    ]
    size = BarSize(5 * MINUTE_MS)
    direct = bars_of(trades, size.length_ms)
    joined = join(bars_of(trades, MINUTE_MS), size)
    figures = [
        [(b.open_ms, b.open, b.high, b.low, b.close, b.volume, b.notional) for b in bars]
        for bars in (direct, joined)
    ]
    assert figures[0] == figures[1]
    assert sum(bar.volume for bar in joined) == sum(trade.size for trade in trades)


def test_joining_leaves_the_short_candles_as_they_are() -> None:
    bars = bars_of(
        [Trade.of(traded(1, 10, 1, ms=0)), Trade.of(traded(2, 20, 1, ms=MINUTE_MS))], MINUTE_MS
    )
    join(bars, BarSize(HOUR_MS))
    assert [bar.volume for bar in bars] == [1, 1]
