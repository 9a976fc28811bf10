"""Answers to private reads. The engine's thread gives them between two batches, so they hold everything acknowledged.

Layouts are those of `crates/host/src/rows.rs`; `tests/golden/rows.json` holds both sides together.
"""

from struct import Struct
from typing import Final

import msgspec

from tickyard.engine.event_codec import decode
from tickyard.engine.event_codec.layout import (
    ORDER_STATES,
    ORDER_TYPES,
    SELF_TRADES,
    SIDES,
    TRADE_MODES,
)
from tickyard.engine.events import (
    AccountDefined,
    AssetDefined,
    FeeLevelDefined,
    IndexPriceSet,
    InstrumentDefined,
    TriggerChanged,
)
from tickyard.engine.records import (
    NO_TRIGGER,
    AccountId,
    AssetId,
    InstrumentId,
    OrderId,
    OrderState,
    OrderType,
    SelfTrade,
    Seq,
    Side,
    TradeId,
    TradeMode,
    TriggerId,
)

_AS_OF: Final = Struct("<QQ")
_ORDER: Final = Struct("<QIIBBBBBB2xqqq" + "Qq" * 3 + "32s16sQQQqqQQ32s8x")
_BALANCE: Final = Struct("<I12x" + "Qq" * 3)
_BOOK: Final = Struct("<QQII")
_LEVEL: Final = Struct("<qqI4x")
_ACCOUNT: Final = Struct("<IIBB2xIQ")
_STATUS: Final = Struct("<QQ32s")
_COUNTS: Final = Struct("<QQ4I5I4x6Q12I12Q")
_CLASSES: Final = ("cancel", "admin", "post_only", "limit", "taker")
_BOUNDS: Final = 12


class OrderRow(msgspec.Struct, frozen=True, gc=False):
    """A live order as the engine holds it."""

    order_id: OrderId
    account: AccountId
    instrument: InstrumentId
    side: Side
    order_type: OrderType
    trade_mode: TradeMode
    self_trade: SelfTrade
    flags: int
    """Flags of the command that placed it."""
    state: OrderState
    price: int
    """Ticks."""
    size: int
    """Total lots, the filled part included."""
    filled: int
    """Lots filled so far."""
    cost: int
    """Notional units traded so far."""
    fee_total: int
    """Fees so far, in the asset it receives; never positive."""
    rebate_total: int
    """Rebates so far, in the asset it pays; never negative."""
    client_id: bytes
    tag: bytes
    created_ns: int
    updated_ns: int
    last_trade_id: TradeId
    """0 before the first trade, as the three fields that follow."""
    last_price: int
    last_size: int
    last_time_ns: int
    trigger_id: TriggerId = NO_TRIGGER
    """The trigger order that placed it; 0 for none."""
    trigger_client_id: bytes = b""
    """That one's client id."""


class OpenOrders(msgspec.Struct, frozen=True):
    """The live orders of an account as of a sequence, oldest first."""

    seq: Seq
    time_ns: int
    orders: list[OrderRow]


class OpenTriggers(msgspec.Struct, frozen=True):
    """The trigger orders of an account that have not ended, attached ones too, as of a sequence, oldest first.

    Each is the event that would tell it now, whose time is that of its last change; `seq` and `index` mean nothing.
    """

    seq: Seq
    time_ns: int
    triggers: list[TriggerChanged]


class BalanceRow(msgspec.Struct, frozen=True, gc=False):
    """What an account has of one asset, in the asset's unit."""

    asset: AssetId
    trading: int
    """The trading balance, what orders hold included."""
    hold: int
    """The part of `trading` that orders hold."""
    funding: int


class Balances(msgspec.Struct, frozen=True):
    """The balances of an account as of a sequence, by asset."""

    seq: Seq
    time_ns: int
    rows: list[BalanceRow]


class BookRow(msgspec.Struct, frozen=True):
    """The best levels of a book as of a sequence, best first: (price, size, orders)."""

    seq: Seq
    time_ns: int
    bids: list[tuple[int, int, int]]
    asks: list[tuple[int, int, int]]


class AccountRow(msgspec.Struct, frozen=True, gc=False):
    """An account's settings and counters."""

    account: AccountId
    master: AccountId
    fee_level: int
    self_trade: SelfTrade
    open_orders: int
    last_seq: Seq
    """The last command that moved anything of this account."""


class Definitions(msgspec.Struct, frozen=True):
    """Everything that is defined, in the form of the events that announce it; `seq` and `index` in them mean nothing."""

    assets: list[AssetDefined]
    instruments: list[InstrumentDefined]
    accounts: list[AccountDefined]
    fee_levels: list[FeeLevelDefined]
    index_prices: list[IndexPriceSet] = []


class CoreStatus(msgspec.Struct, frozen=True):
    """How far the core is."""

    seq: Seq
    """The last command applied."""
    time_ns: int
    """Exchange time of the last frame."""
    state_hash: str
    """Hexadecimal; empty unless asked for."""


class CoreCounts(msgspec.Struct, frozen=True):
    """What there is in the core, what waits, and what became of commands since the host started."""

    accounts: int
    """Of users."""
    instruments: int
    open_orders: int
    triggers: int
    """Trigger orders that have not ended, attached ones too."""
    waiting: dict[str, int]
    """Commands that wait, by class of admission."""
    appended: int
    """Commands that became durable."""
    refused: dict[str, int]
    """Commands that did not, by reason: no room, waited too long, expired."""
    commits: int
    commit_ns: int
    """How long all commits took together."""
    commits_within_us: list[tuple[int, int]]
    """How many commits took at most so many microseconds, shortest bound first."""


def decode_orders(payload: bytes) -> OpenOrders:
    """Decode the answer to an open-orders or order query."""
    seq, time_ns = _AS_OF.unpack_from(payload)
    return OpenOrders(seq, time_ns, _orders(memoryview(payload)[_AS_OF.size :]))


def decode_triggers(payload: bytes) -> OpenTriggers:
    """Decode the answer to a triggers query."""
    seq, time_ns = _AS_OF.unpack_from(payload)
    found = decode(payload, _AS_OF.size)
    triggers = [event for event in found if isinstance(event, TriggerChanged)]
    if len(triggers) != len(found):
        raise ValueError("something else came among trigger orders")
    return OpenTriggers(seq, time_ns, triggers)


def decode_balances(payload: bytes) -> Balances:
    """Decode the answer to a balances query."""
    seq, time_ns = _AS_OF.unpack_from(payload)
    rows = [
        BalanceRow(asset, th << 64 | tl, hh << 64 | hl, fh << 64 | fl)
        for asset, tl, th, hl, hh, fl, fh in _BALANCE.iter_unpack(
            memoryview(payload)[_AS_OF.size :]
        )
    ]
    return Balances(seq, time_ns, rows)


def decode_book(payload: bytes) -> BookRow:
    """Decode the answer to a book query."""
    seq, time_ns, bids, asks = _BOOK.unpack_from(payload)
    levels = list(_LEVEL.iter_unpack(memoryview(payload)[_BOOK.size :]))
    if len(levels) != bids + asks:
        raise ValueError(f"{bids} bids and {asks} asks came as {len(levels)} levels")
    return BookRow(seq, time_ns, levels[:bids], levels[bids:])


def decode_account(payload: bytes) -> AccountRow | None:
    """Decode the answer to an account query; empty when there is no such account."""
    if not payload:
        return None
    account, master, fee_level, self_trade, open_orders, last_seq = _ACCOUNT.unpack(payload)
    return AccountRow(account, master, fee_level, SELF_TRADES[self_trade], open_orders, last_seq)


def decode_definitions(payload: bytes) -> Definitions:
    """Decode the answer to a definitions query."""
    found = Definitions([], [], [], [], [])
    for event in decode(payload):
        match event:
            case AssetDefined():
                found.assets.append(event)
            case InstrumentDefined():
                found.instruments.append(event)
            case AccountDefined():
                found.accounts.append(event)
            case FeeLevelDefined():
                found.fee_levels.append(event)
            case IndexPriceSet():
                found.index_prices.append(event)
            case _:
                raise ValueError(f"no definition: {event}")
    return found


def decode_status(payload: bytes) -> CoreStatus:
    """Decode the answer to a status query; a hash of zeros means that none was asked for."""
    seq, time_ns, state_hash = _STATUS.unpack(payload)
    return CoreStatus(seq, time_ns, state_hash.hex() if any(state_hash) else "")


def decode_counts(payload: bytes) -> CoreCounts:
    """Decode what the core counts."""
    _, _, accounts, instruments, open_orders, triggers, *rest = _COUNTS.unpack(payload)
    waiting, rest = rest[: len(_CLASSES)], rest[len(_CLASSES) :]
    appended, full, late, expired, commits, commit_ns, *rest = rest
    return CoreCounts(
        accounts=accounts,
        instruments=instruments,
        open_orders=open_orders,
        triggers=triggers,
        waiting=dict(zip(_CLASSES, waiting, strict=True)),
        appended=appended,
        refused={"full": full, "late": late, "expired": expired},
        commits=commits,
        commit_ns=commit_ns,
        commits_within_us=list(zip(rest[:_BOUNDS], rest[_BOUNDS:], strict=True)),
    )


def _orders(payload: memoryview) -> list[OrderRow]:
    return [
        OrderRow(
            order_id,
            account,
            instrument,
            SIDES[side],
            ORDER_TYPES[order_type],
            TRADE_MODES[trade_mode],
            SELF_TRADES[self_trade],
            flags,
            ORDER_STATES[state],
            price,
            size,
            filled,
            cost_high << 64 | cost_low,
            fee_high << 64 | fee_low,
            rebate_high << 64 | rebate_low,
            client_id.rstrip(b"\0"),
            tag.rstrip(b"\0"),
            created_ns,
            updated_ns,
            last_trade_id,
            last_price,
            last_size,
            last_time_ns,
            trigger_id,
            trigger_client_id.rstrip(b"\0"),
        )
        for (
            order_id,
            account,
            instrument,
            side,
            order_type,
            trade_mode,
            self_trade,
            flags,
            state,
            price,
            size,
            filled,
            cost_low,
            cost_high,
            fee_low,
            fee_high,
            rebate_low,
            rebate_high,
            client_id,
            tag,
            created_ns,
            updated_ns,
            last_trade_id,
            last_price,
            last_size,
            last_time_ns,
            trigger_id,
            trigger_client_id,
        ) in _ORDER.iter_unpack(payload)
    ]
