from collections.abc import Iterator

import msgspec
import pytest
from tests.support.accounts import ALICE, NOW_MS, MemoryLedger, movement, trade_legs

from tickyard.account.model import Bill, BillFilter
from tickyard.base.ids import AccountId, InstrumentId, OrderId, Seq, TradeId
from tickyard.engine.events import OrderAccepted, OrderClosed, Traded, TransferNamed
from tickyard.engine.records import (
    FEE_ACCOUNT,
    CancelSource,
    OrderState,
    OrderType,
    PostingReason,
    SelfTrade,
    Side,
    TradeMode,
    Wallet,
)

BOB = AccountId(17)


@pytest.fixture
def ledger() -> Iterator[MemoryLedger]:
    opened = MemoryLedger()
    yield opened
    opened.close()


async def ids(ledger: MemoryLedger, **wanted: object) -> list[int]:
    found = await ledger.bills(ALICE, Seq(0), BillFilter(**wanted))  # type: ignore[arg-type]
    return [bill.bill_id for bill in found]


def accepted(order: int, name: bytes, tag: bytes = b"") -> OrderAccepted:
    return OrderAccepted(
        Seq(order), 0, 0, OrderId(order), ALICE, InstrumentId(1), 650_000, 10, Side.BUY,
        OrderType.LIMIT, TradeMode.CASH, SelfTrade.CANCEL_MAKER, 0, name, tag,
    )  # fmt: skip


def closed(order: int, seq: int) -> OrderClosed:
    return OrderClosed(
        Seq(seq), 9, 0, OrderId(order), ALICE, InstrumentId(1), 0, 1, OrderState.CANCELED,
        CancelSource.USER,
    )  # fmt: skip


def named(seq: int, name: bytes, key: bytes) -> TransferNamed:
    return TransferNamed(Seq(seq), 0, 0, ALICE, key, name)


def filled(maker: int, seq: int) -> Traded:
    values = dict.fromkeys(Traded.__struct_fields__, 0)
    values |= {
        "seq": Seq(seq), "taker_side": Side.SELL, "taker_state": OrderState.PARTIALLY_FILLED,
        "maker_state": OrderState.FILLED, "maker_order": OrderId(maker), "trade_id": TradeId(seq),
    }  # fmt: skip
    return Traded(**values)  # type: ignore[arg-type]


async def test_a_bill_id_is_command_and_place(ledger: MemoryLedger) -> None:
    ledger.add(*trade_legs(3, index=4))
    assert await ids(ledger) == [3 << 16 | 5, 3 << 16 | 4]


async def test_lines_come_newest_first_and_page_by_id(ledger: MemoryLedger) -> None:
    ledger.add(*(movement(seq, "1") for seq in (1, 2, 3, 4)))
    newest_first = await ids(ledger)
    assert newest_first == [seq << 16 for seq in (4, 3, 2, 1)]
    assert await ids(ledger, older_than=3 << 16) == newest_first[2:]
    assert await ids(ledger, newer_than=2 << 16) == newest_first[:2]
    assert await ids(ledger, limit=1) == newest_first[:1]


async def test_only_users_have_lines(ledger: MemoryLedger) -> None:
    ledger.add(movement(1, "1", account=FEE_ACCOUNT), movement(2, "1", account=BOB))
    assert ledger.connection.execute("SELECT account FROM bills").fetchall() == [(BOB,)]
    assert await ids(ledger) == []


async def test_lines_are_those_of_one_wallet(ledger: MemoryLedger) -> None:
    ledger.add(movement(1, "1"), movement(1, "-1", wallet=Wallet.FUNDING, index=1))
    assert await ids(ledger) == [1 << 16]
    assert await ids(ledger, wallet=Wallet.FUNDING) == [1 << 16 | 1]


async def test_lines_are_chosen_by_what_they_are(ledger: MemoryLedger) -> None:
    ledger.add(
        movement(1, "1", age_ms=50),
        movement(2, "-2"),
        *trade_legs(3),
        *trade_legs(4, side=Side.SELL, fee="-0.65"),
        movement(5, "1", reason=PostingReason.CREDIT),
    )
    buy, sell = [3 << 16 | 1, 3 << 16], [4 << 16 | 1, 4 << 16]
    trades = frozenset({PostingReason.TRADE})
    transfers = frozenset({PostingReason.TRANSFER})
    assert await ids(ledger, reasons=trades) == sell + buy
    assert await ids(ledger, reasons=trades, side=Side.BUY) == buy
    assert await ids(ledger, reasons=transfers, is_incoming=True) == [1 << 16]
    assert await ids(ledger, reasons=transfers, is_incoming=False) == [2 << 16]
    assert await ids(ledger, instrument=InstrumentId(1)) == sell + buy
    assert await ids(ledger, instrument=InstrumentId(2)) == []
    assert await ids(ledger, end_ms=NOW_MS - 1) == [1 << 16]
    assert 1 << 16 not in await ids(ledger, begin_ms=NOW_MS)
    btc = next(iter(trade_legs(1))).asset
    assert await ids(ledger, asset=btc) == [4 << 16, 3 << 16]


async def test_no_digit_of_an_amount_is_lost(ledger: MemoryLedger) -> None:
    largest = 2**127 - 1
    line = msgspec.structs.replace(movement(1, "1"), amount=largest, balance=-largest)
    ledger.add(line)
    (bill,) = await ledger.bills(ALICE, Seq(0), BillFilter())
    assert (bill.amount, bill.balance) == (largest, -largest)


async def names(ledger: MemoryLedger) -> set[tuple[str, str]]:
    found: list[Bill] = list(await ledger.bills(ALICE, Seq(0), BillFilter()))
    return {(bill.client_id, bill.tag) for bill in found}


async def test_lines_of_a_transfer_carry_its_name(ledger: MemoryLedger) -> None:
    key, other = b"k" * 16, b"o" * 16
    ledger.add(named(1, b"rent", key), movement(1, "1", index=1, key=key))
    ledger.add(movement(2, "1", key=other), *trade_legs(3))
    assert await names(ledger) == {("rent", ""), ("", "")}
    (line,) = await ledger.movement(ALICE, Seq(0), Seq(1))
    assert (line.client_id, line.amount > 0) == ("rent", True)


async def test_lines_of_a_trade_carry_the_index_price(ledger: MemoryLedger) -> None:
    trade = msgspec.structs.replace(filled(1, 3), instrument=InstrumentId(1), index_price=640_000)
    legs = [msgspec.structs.replace(leg, trade_id=trade.trade_id) for leg in trade_legs(3, index=1)]
    ledger.add(trade, *legs)
    ledger.add(movement(4, "1"))
    found = await ledger.bills(ALICE, Seq(0), BillFilter())
    assert [bill.index_price for bill in found] == [0, 640_000, 640_000]


async def test_lines_of_a_trade_carry_the_names_of_the_order(ledger: MemoryLedger) -> None:
    ledger.add(accepted(1, b"mine", b"broker"), *trade_legs(1, index=2))
    assert await names(ledger) == {("mine", "broker")}


async def test_names_are_remembered_over_a_restart(ledger: MemoryLedger) -> None:
    ledger.add(accepted(1, b"mine"))
    ledger.projection.migrate(ledger.connection)
    ledger.add(*trade_legs(2, order=1))
    assert await names(ledger) == {("mine", "")}


async def test_names_of_ended_orders_are_forgotten_after_their_last_line(
    ledger: MemoryLedger,
) -> None:
    ledger.add(accepted(1, b"a"), accepted(2, b"b"), accepted(3, b"c"))
    ledger.add(filled(1, 4), *trade_legs(4, order=1, index=1), closed(2, 5))
    assert await names(ledger) == {("a", "")}
    left = ledger.connection.execute("SELECT order_id FROM bill_order_names").fetchall()
    assert left == [(3,)]


async def test_names_of_orders_that_end_at_once_are_never_stored(ledger: MemoryLedger) -> None:
    ledger.add(accepted(1, b"a"), *trade_legs(1, index=1), closed(1, 1))
    assert await names(ledger) == {("a", "")}
    assert ledger.connection.execute("SELECT * FROM bill_order_names").fetchall() == []


async def test_a_movement_is_found_by_command_and_by_key(ledger: MemoryLedger) -> None:
    ledger.add(
        movement(1, "-5", wallet=Wallet.FUNDING, key=b"a" * 16),
        movement(1, "5", index=1, key=b"a" * 16),
        movement(2, "1", key=b"b" * 16),
    )
    by_number = await ledger.movement(ALICE, Seq(0), Seq(1))
    assert [bill.amount for bill in by_number] == [-5 * 10**18, 5 * 10**18]
    assert await ledger.movement_of_key(ALICE, Seq(0), b"a" * 16) == by_number
    assert await ledger.movement(BOB, Seq(0), Seq(1)) == []
    assert await ledger.movement_of_key(BOB, Seq(0), b"a" * 16) == []
