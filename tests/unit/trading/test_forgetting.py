"""Cancelled orders without a fill are forgotten after two hours; a comparison with the events knows when."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
from tests.support.order_events import ALICE, START_MS, accepted, batch, closed

from tickyard.base.ids import OrderId, Seq
from tickyard.engine import comparison
from tickyard.engine.database import ReadDatabase
from tickyard.engine.events import EventBatch
from tickyard.engine.projector import Projector
from tickyard.engine.records import Side
from tickyard.trading.projection import OrdersProjection

HOUR_S = 3_600
EVERY_S = 20
"""An order is placed and cancelled so often; a command is a second."""


class Day:
    """Three hours of orders, in the place of the segments of a home. What comes after `until` is not written yet."""

    def __init__(self) -> None:
        self.until = 0

    def oldest_seq(self) -> Seq:
        return Seq(1)

    def read_from(self, seq: Seq) -> Iterator[EventBatch]:
        for first in range(1, self.until, EVERY_S):
            last = first + EVERY_S - 1
            if last >= seq:
                order = OrderId(first << 24)
                placed = accepted(first, order, ALICE, Side.BUY)
                yield batch(placed, closed(first + 1, order, ALICE), last=last)

    def tail(self, seq: Seq) -> Iterator[EventBatch | None]:
        yield from self.read_from(seq)
        yield None

    def project(self, database: ReadDatabase, until: int) -> None:
        """Let a projector follow until a command, and end."""
        self.until = until
        with closing(database.open_writer()) as connection:
            projector = Projector(connection, [OrdersProjection()], cast("Any", self))
            while projector.step():
                pass


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Day:
    day = Day()
    monkeypatch.setattr(comparison, "SegmentReader", lambda _: day)
    return day


def found(database: ReadDatabase) -> list[str]:
    result = comparison.compare(
        Path(), database, [OrdersProjection(forget_late=True)], lambda _: None
    )
    return [f"{defect.where}: {defect.what}" for defect in result.defects]


def change(database: ReadDatabase, statement: str) -> None:
    with closing(database.open_writer()) as connection:
        assert connection.execute(statement).rowcount == 1


def test_whenever_a_projector_forgot_the_tables_are_those_of_the_events(
    day: Day, read_database: ReadDatabase
) -> None:
    for until in (HOUR_S, *range(2 * HOUR_S - 60, 2 * HOUR_S + 300, 20), 3 * HOUR_S):
        day.project(read_database, until)
        assert found(read_database) == []


@pytest.mark.parametrize(
    ("age_s", "says"),
    [
        (2 * HOUR_S - 40, "the row is missing"),
        # It may be forgotten from now on, and must be within a minute.
        (2 * HOUR_S + 30, ""),
    ],
)
def test_a_row_may_be_missing_only_when_it_is_old(
    age_s: int, says: str, day: Day, read_database: ReadDatabase
) -> None:
    day.project(read_database, 3 * HOUR_S)
    now_ms = START_MS + 3 * HOUR_S * 1_000
    newest = f"SELECT max(order_id) FROM orders WHERE updated_ms <= {now_ms - age_s * 1_000}"
    with closing(read_database.open_writer()) as connection:
        connection.execute(f"DELETE FROM orders WHERE order_id = ({newest})")
    assert all(says in line for line in found(read_database))
    assert bool(found(read_database)) == bool(says)


def test_a_row_that_should_be_forgotten_is_named(day: Day, read_database: ReadDatabase) -> None:
    day.project(read_database, 3 * HOUR_S)
    columns = "order_id, account, instrument, side, order_type, trade_mode, self_trade, flags, price, size, client_id,"
    columns += " tag, created_ms, updated_ms, state, filled, cost, fee, rebate, last_trade, last_price, last_size,"
    columns += " last_fill_ms, cancel_source"
    old = columns.replace("order_id", f"{1 << 24}", 1).replace(
        "updated_ms", f"{START_MS + 2_000}", 1
    )
    change(read_database, f"INSERT INTO orders ({columns}) SELECT {old} FROM orders LIMIT 1")
    assert found(read_database) == [
        f"{read_database.place}, table orders, order_id {1 << 24}: no event made this row"
    ]
