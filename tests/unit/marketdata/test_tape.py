from tests.support.market_events import traded

from tickyard.marketdata.tape import LENGTH, Tape, Trade, prints


def trade(trade_id: int, price: int = 100, size: int = 1, seq: int | None = None) -> Trade:
    return Trade.of(traded(trade_id, price, size, seq=seq))


def test_the_newest_trades_come_first_and_old_ones_are_forgotten() -> None:
    tape = Tape()
    for trade_id in range(1, LENGTH + 11):
        tape.add(trade(trade_id))
    assert [t.trade_id for t in tape.newest(2)] == [LENGTH + 10, LENGTH + 9]
    assert len(tape.newest(10_000)) == LENGTH


def test_a_trade_is_taken_once() -> None:
    tape = Tape()
    assert tape.add(trade(1))
    assert not tape.add(trade(1))
    assert len(tape.newest(10)) == 1


def test_what_one_taker_trades_at_one_price_is_one_print() -> None:
    fills = [
        trade(1, price=100, size=2, seq=7),
        trade(2, price=100, size=3, seq=7),
        trade(3, price=101, size=4, seq=7),
        trade(4, price=101, size=5, seq=8),
    ]
    found = [(p.last.trade_id, p.last.price, p.size, p.count) for p in prints(fills)]
    assert found == [(2, 100, 5, 2), (3, 101, 4, 1), (4, 101, 5, 1)]


def test_no_trades_make_no_print() -> None:
    assert list(prints([])) == []
