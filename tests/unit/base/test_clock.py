from tickyard.base.clock import ExchangeClock, ManualClock, WallClock


def test_exchange_time_runs_with_the_wall_clock() -> None:
    wall = ManualClock(1_000_000_000)
    exchange = ExchangeClock(wall)
    wall.advance_ms(5)
    assert exchange.now_ns() == wall.now_ns()


def test_exchange_time_is_never_behind_the_newest_frame() -> None:
    wall = ManualClock(1_000_000_000)
    exchange = ExchangeClock(wall)
    exchange.observe(3_000_000_000)
    exchange.observe(2_000_000_000)
    assert exchange.now_ms() == 3_000
    wall.advance_ms(5_000)
    assert exchange.now_us() == 6_000_000


def test_a_stepped_exchange_clock_keeps_its_distance() -> None:
    wall = ManualClock(1_000_000_000)
    exchange = ExchangeClock(wall, offset_ns=8 * 3_600 * 10**9)
    assert exchange.now_ms() - wall.now_ms() == 8 * 3_600_000


def test_units_agree() -> None:
    clock = ManualClock(1_234_567_890)
    assert (clock.now_ns(), clock.now_us(), clock.now_ms()) == (1_234_567_890, 1_234_567, 1_234)
    wall = WallClock()
    before = wall.now_ns()
    assert before // 1_000_000 <= wall.now_ms() <= wall.now_us() // 1_000 + 1
