"""What the projection stores is what the queries show, on a real database."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from tests.support.order_desk import BOB as DESK_BOB
from tests.support.order_desk import OrderDesk, failure
from tests.support.order_events import (
    ALICE,
    BOB,
    MAKER,
    PAIR,
    START_MS,
    TAKER,
    accepted,
    amended,
    batch,
    closed,
    story,
    trade,
)

from tickyard.base.ids import OrderId
from tickyard.engine.commands import SIZE_IN_QUOTE
from tickyard.engine.database import ReadDatabase
from tickyard.engine.events import Event
from tickyard.engine.history import History
from tickyard.engine.records import CancelSource, OrderState, OrderType, Side
from tickyard.trading.projection import OrdersProjection

DAY_MS = 86_400_000
HOUR_MS = 3_600_000


class Database:
    """The read database of a home, with the tables of this slice."""

    def __init__(self, database: ReadDatabase) -> None:
        self.connection = database.open_writer()
        self.projection = OrdersProjection()
        self.connection.execute("CREATE TABLE cursors (projection TEXT PRIMARY KEY, seq INTEGER)")
        self.connection.execute("INSERT INTO cursors VALUES ('orders', 999)")
        self.projection.migrate(self.connection)
        self.history = History(database)

    def store(self, *events: Event, last: int | None = None) -> None:
        self.connection.begin_writing()
        self.projection.apply(self.connection, batch(*events, last=last))
        self.connection.commit()

    def rows(self) -> list[list[tuple[object, ...]]]:
        return [
            self.connection.execute(f"SELECT * FROM {table.name} ORDER BY 1, 2").fetchall()
            for table in self.projection.tables
        ]

    def count(self, table: str) -> int:
        (found,) = self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(found)

    def desk(self, *, after_ms: int = 10_000) -> OrderDesk:
        return OrderDesk(self.history, START_MS + after_ms)


@pytest.fixture
def database(read_database: ReadDatabase) -> Iterator[Database]:
    found = Database(read_database)
    with closing(found.connection), closing(found.history):
        yield found


async def test_an_order_shows_what_became_of_it(database: Database) -> None:
    database.store(*story())
    (order,) = await database.desk().get("order", instId="BTC-USDT", ordId=str(MAKER))
    assert order["state"] == "canceled"
    assert (order["sz"], order["accFillSz"]) == (PAIR.lots_to_text(5), PAIR.lots_to_text(2))
    assert (order["px"], order["avgPx"]) == ("60000", "60000")
    assert (order["fee"], order["feeCcy"]) == ("-0.000000000000000006", "USDT")
    assert (order["rebate"], order["rebateCcy"]) == ("0", "BTC")
    assert (order["tradeId"], order["fillSz"]) == ("1", PAIR.lots_to_text(2))
    assert (order["cancelSource"], order["clOrdId"], order["tag"]) == ("1", "mine", "bot1")
    assert order["cancelSourceReason"]
    assert (int(order["cTime"]), int(order["uTime"])) == (START_MS + 1000, START_MS + 3000)
    assert int(order["fillTime"]) == START_MS + 2000


async def test_each_side_of_a_trade_has_its_own_fill(database: Database) -> None:
    database.store(*story())
    desk = database.desk()
    (made,) = await desk.get("fills", instType="SPOT")
    (taken,) = await desk.get("fills", DESK_BOB)
    assert (made["ordId"], made["side"], made["execType"]) == (str(MAKER), "sell", "M")
    assert (taken["ordId"], taken["side"], taken["execType"]) == (str(TAKER), "buy", "T")
    assert (made["clOrdId"], made["tag"], taken["clOrdId"]) == ("mine", "bot1", "")
    assert (made["feeCcy"], taken["feeCcy"]) == ("USDT", "BTC")
    assert (taken["fee"], taken["feeRate"]) == ("-0.000000000000000014", "-0.001")
    assert made["tradeId"] == taken["tradeId"] == "1"
    assert (made["fillPx"], made["fillIdxPx"]) == ("60000", "59999")
    # the ledger line in which the base moved: bob's is the first leg of the command, alice's the third
    assert (int(taken["billId"]), int(made["billId"])) == (2 << 16 | 2, 2 << 16 | 4)


async def test_parts_of_a_story_may_come_in_any_number_of_batches(database: Database) -> None:
    by_command: dict[int, list[Event]] = {}
    for event in story():
        by_command.setdefault(event.seq, []).append(event)
    for events in by_command.values():
        database.store(*events)
    (order,) = await database.desk().get("order", instId="BTC-USDT", clOrdId="mine")
    assert (order["state"], order["accFillSz"]) == ("canceled", PAIR.lots_to_text(2))


async def test_a_batch_stored_again_changes_nothing(database: Database) -> None:
    database.store(*story())
    before = database.rows()
    database.store(*story())
    assert database.rows() == before


async def test_the_average_price_is_that_of_the_money(database: Database) -> None:
    database.store(
        accepted(1, TAKER, BOB, Side.BUY, size=3, price=700_000),
        *trade(1, 1, number=1, price=600_000, taker_state=OrderState.PARTIALLY_FILLED),
    )
    cost = 600_000 + 2 * 600_001
    database.store(*trade(2, 2, number=2, price=600_001, taker_filled=3, taker_cost=cost))
    (order,) = await database.desk().get("order", DESK_BOB, instId="BTC-USDT", ordId=str(TAKER))
    assert order["avgPx"] == "60000.0666666666667"
    assert (order["fillPx"], order["fillSz"]) == ("60000.1", PAIR.lots_to_text(2))


async def test_an_amended_order_keeps_its_new_price_and_size(database: Database) -> None:
    database.store(
        accepted(1, MAKER, ALICE, Side.SELL),
        amended(2, MAKER, ALICE, price=610_000, size=4),
        closed(3, MAKER, ALICE, size=4),
    )
    (order,) = await database.desk().get("orders-history", instType="SPOT")
    assert (order["px"], order["sz"]) == ("61000", PAIR.lots_to_text(4))


async def test_a_market_order_by_quote_shows_money_as_its_size(database: Database) -> None:
    money = PAIR.quote_to_notional("100.5")
    database.store(
        accepted(
            1,
            TAKER,
            BOB,
            Side.BUY,
            size=money,
            price=0,
            flags=SIZE_IN_QUOTE,
            order_type=OrderType.MARKET,
        ),
        closed(1, TAKER, BOB, size=money, source=CancelSource.IMMEDIATE_OR_CANCEL),
    )
    (order,) = await database.desk().get("orders-history", DESK_BOB, instType="SPOT")
    assert (order["sz"], order["tgtCcy"], order["px"]) == ("100.5", "quote_ccy", "")
    assert (order["cancelSource"], order["avgPx"], order["fillSz"]) == ("14", "", "0")


async def test_live_orders_are_no_history(database: Database) -> None:
    database.store(accepted(1, MAKER, ALICE, Side.SELL))
    desk = database.desk()
    assert await desk.get("orders-history", instType="SPOT") == []
    error = await failure(desk.get("order", instId="BTC-USDT", ordId=str(MAKER)))
    assert error.code == "51603"


async def test_cancelled_orders_without_a_fill_are_gone_after_two_hours(database: Database) -> None:
    database.store(accepted(1, MAKER, ALICE, Side.SELL), closed(1, MAKER, ALICE))
    named = {"instId": "BTC-USDT", "ordId": str(MAKER)}
    before, after = database.desk(after_ms=2 * HOUR_MS), database.desk(after_ms=2 * HOUR_MS + 2000)
    assert len(await before.get("orders-history", instType="SPOT")) == 1
    assert len(await before.get("order", **named)) == 1
    assert await after.get("orders-history-archive", instType="SPOT") == []
    assert (await failure(after.get("order", **named))).code == "51603"


async def test_what_nobody_can_find_is_deleted(database: Database) -> None:
    database.store(*story())
    database.store(
        accepted(4, OrderId(3 << 24), ALICE, Side.SELL), closed(4, OrderId(3 << 24), ALICE)
    )
    assert database.count("orders") == 3
    database.store(last=2 * 3600 + 5)
    assert database.count("orders") == 2
    assert database.count("fills") == 2


@pytest.mark.parametrize(
    ("path", "days"),
    [("orders-history", 7), ("orders-history-archive", 92), ("fills", 3), ("fills-history", 92)],
)
async def test_history_reaches_back_as_far_as_okxs(
    database: Database, path: str, days: int
) -> None:
    database.store(*story())
    inside, outside = (database.desk(after_ms=days * DAY_MS + ms) for ms in (0, 4000))
    assert len(await inside.get(path, instType="SPOT")) == 1
    assert await outside.get(path, instType="SPOT") == []


async def test_queries_wait_for_what_was_acknowledged(database: Database) -> None:
    desk = database.desk()
    database.connection.execute("UPDATE cursors SET seq = 8")
    asked = desk.get("fills")
    database.connection.execute("UPDATE cursors SET seq = 9")
    assert await asked == []


@pytest.fixture
def ended(database: Database) -> Database:
    """Six orders of alice: odd ones filled, even ones cancelled, in two pairs."""
    pairs = {at: PAIR.instrument if at < 5 else PAIR.instrument + 1 for at in range(1, 7)}
    for at, instrument in pairs.items():
        order_id = OrderId(at << 24)
        facts = {"instrument": instrument}
        kind = OrderType.LIMIT if at % 3 else OrderType.POST_ONLY
        end = OrderState.FILLED if at % 2 else OrderState.CANCELED
        database.store(
            accepted(at, order_id, ALICE, Side.SELL, order_type=kind, **facts),
            closed(at, order_id, ALICE, state=end, filled=1, **facts),
        )
    return database


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, [6, 5, 4, 3, 2, 1]),
        ({"state": "filled"}, [5, 3, 1]),
        ({"state": "canceled"}, [6, 4, 2]),
        ({"state": "mmp_canceled"}, []),
        ({"instId": "BTC-USDT"}, [4, 3, 2, 1]),
        ({"ordType": "post_only"}, [6, 3]),
        ({"ordType": "post_only,limit"}, [6, 5, 4, 3, 2, 1]),
        ({"ordType": "optimal_limit_ioc"}, []),
        ({"category": "normal"}, [6, 5, 4, 3, 2, 1]),
        ({"category": "twap"}, []),
        ({"limit": "2"}, [6, 5]),
        ({"limit": "12000"}, [6, 5, 4, 3, 2, 1]),
        ({"after": str(3 << 24)}, [2, 1]),
        ({"before": str(3 << 24)}, [6, 5, 4]),
        ({"after": str(6 << 24), "before": str(3 << 24)}, [5, 4]),
        ({"before": str(1 << 24), "limit": "2"}, [6, 5]),
        ({"begin": str(START_MS + 3000), "end": str(START_MS + 5000)}, [5, 4, 3]),
        ({"uly": "BTC-USD"}, [6, 5, 4, 3, 2, 1]),
    ],
)
async def test_history_is_filtered_and_paged(
    ended: Database, params: dict[str, str], found: list[int]
) -> None:
    rows = await ended.desk().get("orders-history", instType="SPOT", **params)
    assert [int(row["ordId"]) >> 24 for row in rows] == found
    assert await ended.desk().get("orders-history", instType="SWAP", **params) == []


async def test_another_accounts_orders_are_not_there(ended: Database) -> None:
    assert await ended.desk().get("orders-history", DESK_BOB, instType="SPOT") == []
    named = {"instId": "BTC-USDT", "ordId": str(1 << 24)}
    error = await failure(ended.desk().get("order", DESK_BOB, **named))
    assert error.code == "51603"


async def test_an_order_of_another_instrument_is_not_found(ended: Database) -> None:
    error = await failure(ended.desk().get("order", instId="BTC-USDT", ordId=str(6 << 24)))
    assert error.code == "51603"


@pytest.mark.parametrize("order_id", ["1234567890123456789", "9223372036854775808", "9" * 20])
async def test_an_id_as_long_as_okxs_is_one_that_does_not_exist(
    ended: Database, order_id: str
) -> None:
    error = await failure(ended.desk().get("order", instId="BTC-USDT", ordId=order_id))
    assert error.code == "51603"
    every = await ended.desk().get("orders-history", instType="SPOT")
    assert await ended.desk().get("orders-history", instType="SPOT", after=order_id) == every
    assert await ended.desk().get("orders-history", instType="SPOT", before=order_id) == []


async def test_a_client_id_means_its_newest_order(database: Database) -> None:
    for at in (1, 2, 3):
        order_id = OrderId(at << 24)
        database.store(
            accepted(at, order_id, ALICE, Side.SELL, client_id=b"again"),
            closed(at, order_id, ALICE),
        )
    (order,) = await database.desk().get("order", instId="BTC-USDT", clOrdId="again")
    assert int(order["ordId"]) >> 24 == 3


@pytest.fixture
def traded(database: Database) -> Database:
    """Four fills of one order of alice."""
    database.store(accepted(1, MAKER, ALICE, Side.SELL, size=9))
    for at in (2, 3, 4, 5):
        taker = OrderId(at << 24)
        database.store(
            accepted(at, taker, BOB, Side.BUY, size=1),
            *trade(at, 1, number=at - 1, maker_filled=at - 1, taker=taker),
        )
    return database


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, [4, 3, 2, 1]),
        ({"instId": "BTC-USDT"}, [4, 3, 2, 1]),
        ({"instId": "ETH-USDT"}, []),
        ({"ordId": str(MAKER)}, [4, 3, 2, 1]),
        ({"ordId": "77"}, []),
        ({"limit": "3"}, [4, 3, 2]),
        ({"after": str(4 << 16 | 4)}, [2, 1]),
        ({"before": str(3 << 16 | 4)}, [4, 3]),
        ({"begin": str(START_MS + 3000), "end": str(START_MS + 4000)}, [3, 2]),
        ({"subType": "2"}, [4, 3, 2, 1]),
        ({"subType": "1"}, []),
        ({"subType": "3"}, []),
    ],
)
async def test_fills_are_filtered_and_paged_by_bill(
    traded: Database, params: dict[str, str], found: list[int]
) -> None:
    rows = await traded.desk().get("fills-history", instType="SPOT", **params)
    assert [int(row["tradeId"]) for row in rows] == found
    assert await traded.desk().get("fills-history", instType="OPTION", **params) == []


@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        ("order", {}, "50014"),
        ("order", {"instId": "NO-SUCH", "ordId": "1"}, "51001"),
        ("order", {"instId": "BTC-USDT"}, "50015"),
        ("order", {"instId": "BTC-USDT", "ordId": "x"}, "51000"),
        ("order", {"instId": "BTC-USDT", "clOrdId": "a-b"}, "51000"),
        ("order", {"instId": "BTC-USDT", "ordId": "5"}, "51603"),
        ("orders-pending", {"instType": "STOCK"}, "51000"),
        ("orders-pending", {"state": "filled"}, "51000"),
        ("orders-pending", {"ordType": "limit,stop"}, "51000"),
        ("orders-pending", {"instId": "NO-SUCH"}, "51001"),
        ("orders-pending", {"after": "x"}, "51000"),
        ("orders-pending", {"limit": "x"}, "51000"),
        ("orders-pending", {"limit": "0"}, "51000"),
        ("orders-history", {}, "50014"),
        ("orders-history", {"instType": "SPOT", "state": "live"}, "51000"),
        ("orders-history", {"instType": "SPOT", "category": "x"}, "51000"),
        ("orders-history", {"instType": "SPOT", "begin": "1e3"}, "51000"),
        ("orders-history-archive", {"instType": "x"}, "51000"),
        ("fills", {"instType": "x"}, "51000"),
        ("fills", {"ordId": "-1"}, "51000"),
        ("fills-history", {}, "50014"),
        ("fills-history", {"instType": "SPOT", "instId": "NO-SUCH"}, "51001"),
    ],
)
async def test_a_query_that_makes_no_sense_is_refused(
    database: Database, path: str, params: dict[str, str], code: str
) -> None:
    assert (await failure(database.desk().get(path, **params))).code == code
