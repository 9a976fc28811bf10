"""Answers to private reads: what the core holds at the moment; `row_codec` reads them.

The engine's thread gives them between two batches, so they hold everything acknowledged.
"""

import msgspec

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


def last_seq(account: AccountRow | None) -> Seq:
    """Return the newest command that an account can have been told of; 0 for one that the core does not know."""
    return Seq(0) if account is None else account.last_seq


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
