"""The host's answers are read as it wrote them."""

import struct

import pytest
from tests.support import golden

from tickyard.base.ids import AccountId, AssetId, InstrumentId, OrderId, Seq, TradeId, TriggerId
from tickyard.engine import protocol, row_codec
from tickyard.engine.records import OrderState, OrderType, SelfTrade, Side, TradeMode
from tickyard.engine.rows import AccountRow, BalanceRow, BookRow, OrderRow

WIDE = 0x0A0B0C0D0E0F10111213141516171819
GOLDEN = {name: bytes.fromhex(text) for name, text in golden.read("rows.json").items()}


def numbered(n: int) -> int:
    return 0x0041223344556600 + n


def test_an_order_has_every_field() -> None:
    answer = row_codec.decode_orders(GOLDEN["openOrders"])
    assert (answer.seq, answer.time_ns) == (0x41, 0x42)
    assert answer.orders == [
        OrderRow(
            order_id=OrderId(numbered(1)),
            account=AccountId(0x143),
            instrument=InstrumentId(0x144),
            side=Side.SELL,
            order_type=OrderType.POST_ONLY,
            trade_mode=TradeMode.CROSS,
            self_trade=SelfTrade.CANCEL_BOTH,
            flags=4,
            state=OrderState.PARTIALLY_FILLED,
            price=numbered(2),
            size=numbered(3),
            filled=numbered(4),
            cost=WIDE + 1,
            fee_total=-WIDE,
            rebate_total=WIDE + 2,
            client_id=b"clientOfThirtyTwoLettersAndDigit",
            tag=b"tag",
            created_ns=numbered(5),
            updated_ns=numbered(6),
            last_trade_id=TradeId(numbered(7)),
            last_price=numbered(8),
            last_size=numbered(9),
            last_time_ns=numbered(10),
            trigger_id=TriggerId(numbered(17)),
            trigger_client_id=b"trigger",
        )
    ]


def test_trigger_orders_come_as_the_events_that_would_tell_them() -> None:
    event = bytes.fromhex(golden.read("records.json")["events"]["TriggerChanged"]["hex"])
    answer = row_codec.decode_triggers(GOLDEN["balances"][:16] + event)
    assert (answer.seq, answer.time_ns) == (0x41, 0x42)
    assert [trigger.size for trigger in answer.triggers] == [0x0021223344556633]
    other = bytes.fromhex(golden.read("records.json")["events"]["Traded"]["hex"])
    with pytest.raises(ValueError, match="among trigger orders"):
        row_codec.decode_triggers(GOLDEN["balances"][:16] + other)


def test_a_balance_has_every_field() -> None:
    answer = row_codec.decode_balances(GOLDEN["balances"])
    assert (answer.seq, answer.time_ns) == (0x41, 0x42)
    assert answer.rows == [
        BalanceRow(asset=AssetId(0x145), trading=WIDE + 3, hold=WIDE + 4, funding=-WIDE - 5)
    ]


def test_a_book_has_bids_and_asks() -> None:
    assert row_codec.decode_book(GOLDEN["book"]) == BookRow(
        seq=Seq(0x41),
        time_ns=0x42,
        bids=[(numbered(11), numbered(12), 0x146)],
        asks=[(numbered(13), numbered(14), 0x147)],
    )


def test_an_account_has_every_field() -> None:
    assert row_codec.decode_account(GOLDEN["account"]) == AccountRow(
        account=AccountId(0x148),
        master=AccountId(0x149),
        fee_level=0x4A,
        self_trade=SelfTrade.CANCEL_TAKER,
        open_orders=0x14B,
        last_seq=Seq(numbered(15)),
    )
    assert row_codec.decode_account(b"") is None


def test_counts_are_by_class_reason_and_bound() -> None:
    counts = row_codec.decode_counts(GOLDEN["counts"])
    population = (counts.accounts, counts.instruments, counts.open_orders, counts.triggers)
    assert population == (0x151, 0x152, 0x153, 0x154)
    assert counts.waiting["cancel"] == 0x155
    assert counts.waiting["taker"] == 0x159
    many = 0x0041_2233_4455_6611
    assert counts.appended == many
    assert counts.refused == {"full": many + 1, "late": many + 2, "expired": many + 3}
    assert (counts.commits, counts.commit_ns) == (many + 4, many + 5)
    assert counts.commits_within_us[0] == (0x200, 0x300)
    assert counts.commits_within_us[-1] == (0x20B, 0x30B)


def test_a_status_has_a_hash_when_it_was_asked_for() -> None:
    status = row_codec.decode_status(GOLDEN["status"])
    assert (status.seq, status.time_ns) == (0x41, 0x42)
    assert status.state_hash == bytes(range(0x80, 0xA0)).hex()
    assert row_codec.decode_status(GOLDEN["status"][:16] + bytes(32)).state_hash == ""


def test_a_watched_account_has_every_field() -> None:
    assert protocol.WATCHED.unpack(GOLDEN["watched"]) == (0x14C, numbered(16))


def test_definitions_are_sorted_by_their_kind() -> None:
    events = golden.read("records.json")["events"]
    names = (
        "AssetDefined",
        "InstrumentDefined",
        "AccountDefined",
        "FeeLevelDefined",
        "IndexPriceSet",
    )
    found = row_codec.decode_definitions(b"".join(bytes.fromhex(events[n]["hex"]) for n in names))
    parts = (found.assets, found.instruments, found.accounts, found.fee_levels, found.index_prices)
    assert [len(part) for part in parts] == [1] * 5
    with pytest.raises(ValueError, match="no definition"):
        row_codec.decode_definitions(bytes.fromhex(events["Traded"]["hex"]))


def test_an_answer_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="levels"):
        row_codec.decode_book(GOLDEN["book"][:-24])
    for decode in (
        row_codec.decode_orders,
        row_codec.decode_balances,
        row_codec.decode_account,
        row_codec.decode_status,
        row_codec.decode_counts,
    ):
        with pytest.raises(struct.error):
            decode(GOLDEN["openOrders"][:-1])
