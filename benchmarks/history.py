"""Questions about the past, with ten million fills stored: pages of fills and of orders, as a worker reads them."""

import asyncio
import random  # noqa: TID251  # what is asked, seeded
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing
from typing import Final

from benchmarks.percentiles import latency
from benchmarks.row import Row, machine
from benchmarks.scope import Measurement, Scope, scratch
from tickyard.base.ids import AccountId, AssetId, InstrumentId, OrderId, Seq, TradeId, TriggerId
from tickyard.engine.database import Connection
from tickyard.engine.history import History
from tickyard.engine.records import OrderState, OrderType, SelfTrade, Side, TradeMode
from tickyard.engine.sqlite import SqliteDatabase
from tickyard.trading import store
from tickyard.trading.model import Fill, FillFilter, Order, OrderFilter

_FIRST_ACCOUNT: Final = 16
_ACCOUNTS: Final = 2_000
_PAIRS: Final = 26
_FILLS_OF_AN_ORDER: Final = 4
_AT_ONCE: Final = 100_000
_DAYS_MS: Final = 90 * 86_400_000
_NOW_MS: Final = 1_800_000_000_000
_TARGET_US: Final = 50_000


def _rows(scope: Scope) -> Iterator[Row]:
    fills = scope.pick(10_000_000, 200_000)
    questions = scope.pick(20_000, 500)
    with scratch() as folder:
        database = SqliteDatabase(folder)
        with closing(database.open_writer()) as connection:
            _fill(scope, connection, fills)
        size_mb = database.path.stat().st_size // 1_000_000
        with closing(History(database)) as history:
            scope.say(f"{questions:,} questions")
            took_ns = asyncio.run(_ask(store.OrderStore(history), fills, questions))
    found = latency(took_ns)
    yield Row(
        name="history_query_p99",
        value=found.p99,
        unit="us",
        conditions=(
            f"{questions:,} pages of up to 100 fills or orders, one at a time, of random accounts, from the newest on or from a "
            f"random cursor, of all pairs, of one, of one side, of one order, of a time: read in a worker's way from SQLite with "
            f"{fills:,} fills and {fills // _FILLS_OF_AN_ORDER:,} orders of {_ACCOUNTS:,} accounts, {size_mb:,} MB, in the page "
            f"cache; {machine()}"
        ),
        target={"value": ("<=", _TARGET_US)},
        latency=found,
    )


def _fill(scope: Scope, connection: Connection, fills: int) -> None:
    """Store what the projection would have stored after so many fills."""
    connection.execute("CREATE TABLE cursors (projection TEXT PRIMARY KEY, seq INTEGER NOT NULL)")
    connection.execute("INSERT INTO cursors VALUES (?, 1)", (store.PROJECTION,))
    store.create_tables(connection)
    rng = random.Random(5)  # noqa: S311  # the same rows every time
    for first in range(0, fills, _AT_ONCE):
        if first % 1_000_000 == 0:
            scope.say(f"{first:,} of {fills:,} fills stored")
        orders = [
            _order(rng, number, fills)
            for number in range(
                first // _FILLS_OF_AN_ORDER, (first + _AT_ONCE) // _FILLS_OF_AN_ORDER
            )
        ]
        connection.begin_writing()
        store.save_orders(connection, orders)
        store.save_fills(
            connection,
            [
                _fill_of(order, order.order_id * _FILLS_OF_AN_ORDER + part)
                for order in orders
                for part in range(_FILLS_OF_AN_ORDER)
            ],
        )
        connection.commit()


def _order(rng: random.Random, number: int, fills: int) -> Order:
    time_ms = _NOW_MS - _DAYS_MS + _DAYS_MS * number * _FILLS_OF_AN_ORDER // fills
    return Order(
        order_id=OrderId(number),
        account=AccountId(_FIRST_ACCOUNT + rng.randrange(_ACCOUNTS)),
        instrument=InstrumentId(1 + rng.randrange(_PAIRS)),
        side=Side.BUY if _one_in(rng, 2) else Side.SELL,
        order_type=OrderType.LIMIT,
        trade_mode=TradeMode.CASH,
        self_trade=SelfTrade.CANCEL_MAKER,
        flags=0,
        price=600_000,
        size=1_000,
        client_id=f"c{number}",
        tag="",
        created_ms=time_ms,
        updated_ms=time_ms,
        state=OrderState.FILLED,
        filled=1_000,
        cost=600_000_000,
        fee=-600_000,
        rebate=0,
        last_trade=TradeId(number),
        last_price=600_000,
        last_size=250,
        last_fill_ms=time_ms,
        cancel_source=None,
        trigger_id=TriggerId(0),
        trigger_client_id="",
    )


def _fill_of(order: Order, bill: int) -> Fill:
    return Fill(
        bill=bill,
        account=order.account,
        instrument=order.instrument,
        trade=TradeId(bill),
        order_id=order.order_id,
        client_id="",
        tag="",
        side=order.side,
        is_taker=bool(bill & 1),
        price=order.price,
        size=250,
        fee=-150_000,
        fee_asset=AssetId(1),
        rate_ppb=1_000_000,
        time_ms=order.updated_ms,
    )


async def _ask(past: store.OrderStore, fills: int, questions: int) -> Sequence[int]:
    """Ask, and return how long each answer took, in nanoseconds."""
    rng = random.Random(6)  # noqa: S311  # the same rows every time
    took: list[int] = []
    for _ in range(questions):
        ask = _question(rng, past, fills)
        started = time.perf_counter_ns()
        await ask()
        took.append(time.perf_counter_ns() - started)
    return took


def _question(
    rng: random.Random, past: store.OrderStore, fills: int
) -> Callable[[], Awaitable[object]]:
    account = AccountId(_FIRST_ACCOUNT + rng.randrange(_ACCOUNTS))
    bill = rng.randrange(fills) if _one_in(rng, 2) else None
    begin_ms = _NOW_MS - rng.randrange(_DAYS_MS) if _one_in(rng, 4) else None
    instrument = InstrumentId(1 + rng.randrange(_PAIRS)) if _one_in(rng, 2) else None
    if _one_in(rng, 2):
        orders = OrderFilter(
            instrument=instrument,
            older_than=None if bill is None else bill // _FILLS_OF_AN_ORDER,
            begin_ms=begin_ms,
            order_types=frozenset({OrderType.LIMIT}) if _one_in(rng, 4) else None,
        )
        since_ms = _NOW_MS - _DAYS_MS
        return lambda: past.orders(account, Seq(1), orders, since_ms=since_ms, now_ms=_NOW_MS)
    wanted = FillFilter(
        instrument=instrument,
        side=Side.BUY if _one_in(rng, 4) else None,
        order_id=OrderId(rng.randrange(fills // _FILLS_OF_AN_ORDER)) if _one_in(rng, 10) else None,
        older_than=bill,
        begin_ms=begin_ms,
    )
    return lambda: past.fills(account, Seq(1), wanted, since_ms=_NOW_MS - _DAYS_MS)


def _one_in(rng: random.Random, number: int) -> bool:
    return rng.randrange(number) == 0


MEASUREMENTS: Final = (Measurement(("history_query_p99",), _rows),)
