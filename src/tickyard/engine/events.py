"""Events: what a command did, numbered `(seq, index)` without gaps inside a command.

One Struct for each record of `crates/types/src/event`; fields that are reserved there are left out, names lose
their padding. Orders carry their cumulative figures in every event, so that a reader stores values and never adds up.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from tickyard.engine.records import (
    NO_TRIGGER,
    AccountId,
    AmendResult,
    AssetId,
    CancelSource,
    InstrumentId,
    InstrumentState,
    OrderId,
    OrderState,
    OrderType,
    PostingReason,
    PriceType,
    SelfTrade,
    Seq,
    Side,
    TradeId,
    TradeMode,
    TriggerId,
    TriggerKind,
    TriggerState,
    Wallet,
)

EVENT_INDEX_BITS: Final = 16
"""Low bits of `Event.number`: the place among the events of its command."""


class Event(msgspec.Struct, frozen=True, gc=False):
    """What every event begins with."""

    seq: Seq
    """The command that caused it."""
    index: int
    """Place among the events of its command, from 0."""
    time_ns: int
    """Exchange time of its frame."""

    @property
    def number(self) -> int:
        """Its own, in the order of all events: that of a posting is the number of its bill."""
        return self.seq << EVENT_INDEX_BITS | self.index


class OrderAccepted(Event, frozen=True, gc=False):
    """An order was accepted and has its id. What the book makes of it follows in further events."""

    order_id: OrderId
    account: AccountId
    instrument: InstrumentId
    price: int
    """Ticks, after clamping; 0 for market orders."""
    size: int
    """Lots as accepted; notional units with `commands.SIZE_IN_QUOTE` in `flags`."""
    side: Side
    order_type: OrderType
    trade_mode: TradeMode
    self_trade: SelfTrade
    """As in the command, or the account's own."""
    flags: int
    """Flags of the command."""
    client_id: bytes
    tag: bytes
    trigger_id: TriggerId = NO_TRIGGER
    """The trigger order that placed it; 0 for none."""


class Traded(Event, frozen=True, gc=False):
    """Two orders met. The taker is the one whose command this is."""

    trade_id: TradeId
    """Counts from 1 in the instrument."""
    price: int
    """Ticks: the maker's price."""
    size: int
    """Lots."""
    instrument: InstrumentId
    taker_side: Side
    taker_state: OrderState
    """After this trade."""
    maker_state: OrderState
    """After this trade."""
    taker_order: OrderId
    maker_order: OrderId
    taker_account: AccountId
    maker_account: AccountId
    taker_filled: int
    """Lots the taker has filled so far."""
    maker_filled: int
    """Lots the maker has filled so far."""
    taker_fee_asset: AssetId
    maker_fee_asset: AssetId
    taker_rate_ppb: int
    """Parts per billion: positive charged."""
    taker_cost: int
    """Notional units the taker has traded so far."""
    maker_cost: int
    """Notional units the maker has traded so far."""
    taker_fee: int
    """This trade's fee, ledger units: negative charged, positive rebate."""
    maker_fee: int
    """The same of the maker."""
    taker_fee_total: int
    """All fees (not rebates) of the taker order so far, in the asset it receives; never positive."""
    maker_fee_total: int
    """All fees (not rebates) of the maker order so far, in the asset it receives; never positive."""
    maker_rebate_total: int
    """All rebates of the maker order so far, in the asset it pays; never negative."""
    maker_rate_ppb: int
    """Parts per billion: positive charged, negative for a rebate."""
    index_price: int
    """What the instrument was worth outside, in ticks; 0 when nobody had said."""


class OrderClosed(Event, frozen=True, gc=False):
    """An order left the book (or never rested) without being filled by this event."""

    order_id: OrderId
    account: AccountId
    instrument: InstrumentId
    filled: int
    """Lots it had filled."""
    size: int
    """Its size at the end in lots (or notional units, as in `OrderAccepted`)."""
    state: OrderState
    """CANCELED; FILLED for a market order by quote whose rest buys no further lot."""
    source: CancelSource


class OrderAmended(Event, frozen=True, gc=False):
    """A resting order changed its price or size, or failed to and was cancelled."""

    order_id: OrderId
    account: AccountId
    instrument: InstrumentId
    price: int
    """Ticks now."""
    size: int
    """Total lots now."""
    filled: int
    """Lots filled so far."""
    state: OrderState
    """FILLED when the new size is not above what was filled."""
    result: AmendResult
    request_id: bytes


class Posted(Event, frozen=True, gc=False):
    """Money moved: one leg of a set that sums to zero per asset."""

    account: AccountId
    asset: AssetId
    amount: int
    """Ledger units, signed, fee included."""
    balance: int
    """The wallet's balance afterwards, holds included."""
    fee: int
    """The part of `amount` that is fee (negative) or rebate (positive)."""
    size: int
    """Lots traded, for legs of trades; 0 otherwise."""
    price: int
    """Ticks, for legs of trades; 0 otherwise."""
    order_id: OrderId
    """The account's own order, for legs of trades; 0 otherwise."""
    trade_id: TradeId
    """The trade, for legs of trades; 0 otherwise."""
    instrument: InstrumentId
    """Where it was traded; 0 otherwise."""
    wallet: Wallet
    reason: PostingReason
    side: Side | None
    """The account's own side of a trade."""
    is_taker: bool
    counter_wallet: Wallet | None
    """The other wallet of a transfer."""
    counter_account: AccountId
    """The other account of a transfer; 0 otherwise."""
    key: bytes
    """The movement's key, all 16 bytes; zeros for trades."""


class TransferNamed(Event, frozen=True, gc=False):
    """The client's name for a transfer, before its postings."""

    account: AccountId
    """Who ordered it."""
    key: bytes
    """The movement's key, all 16 bytes."""
    client_id: bytes


class LevelChanged(Event, frozen=True, gc=False):
    """A price level of a book is now this. One event per touched level and command."""

    price: int
    """Ticks."""
    size: int
    """Lots that rest there now; 0 when the level is gone."""
    instrument: InstrumentId
    orders: int
    """Orders that rest there now."""
    side: Side


class TimerChanged(Event, frozen=True, gc=False):
    """A cancel-all-after timer was armed, disarmed or has fired."""

    trigger_ms: int
    """When it fires, exchange time; 0 when disarmed or fired."""
    tag: bytes
    account: AccountId
    canceled: int
    """Orders it cancelled, when it has fired."""
    has_fired: bool


class AssetDefined(Event, frozen=True, gc=False):
    """An asset was listed."""

    asset: AssetId
    unit_digits: int
    """Decimal digits of the ledger unit."""
    symbol: bytes


class InstrumentDefined(Event, frozen=True, gc=False):
    """An instrument was listed or changed its state; units as in `commands.define_instrument`."""

    instrument: InstrumentId
    base: AssetId
    tick: int
    lot: int
    quote: AssetId
    state: InstrumentState
    min_size: int
    max_limit_size: int
    max_market_size: int
    max_market_amount: int
    min_price: int
    max_price: int
    symbol: bytes


class AccountDefined(Event, frozen=True, gc=False):
    """An account was opened or its settings changed."""

    account: AccountId
    master: AccountId
    fee_level: int
    self_trade: SelfTrade


class FeeLevelDefined(Event, frozen=True, gc=False):
    """A row of the fee table was set, in parts per billion; negative rates are rebates."""

    maker_ppb: int
    taker_ppb: int
    level: int


class IndexPriceSet(Event, frozen=True, gc=False):
    """The index price of an instrument has changed, or the bounds of its orders; all in ticks, 0 where nothing is said."""

    instrument: InstrumentId
    price: int
    highest_buy: int
    lowest_sell: int


class TriggerChanged(Event, frozen=True, gc=False):
    """A trigger order is now this: it was placed, changed, came to life, fired or ended."""

    trigger_id: TriggerId
    account: AccountId
    instrument: InstrumentId
    parent: OrderId
    """The order to which it is or was attached; 0 for none."""
    size: int
    """Lots, or notional units with `commands.SIZE_IN_QUOTE`; 0 while it is attached to all of its order, and when it was
    cancelled with its order."""
    legs: tuple[int, int, int, int]
    """Trigger and price of the take-profit, then of the stop-loss, in ticks; `commands.MARKET` as a price."""
    callback_ratio_ppb: int
    callback_spread: int
    active_price: int
    extreme: int
    """Trailing: the best price since its activation; 0 before."""
    order_id: OrderId
    """The order that it placed; 0 when it placed none."""
    order_size: int
    """Size of that order as it was accepted or refused."""
    order_price: int
    """Price of that order in ticks; `commands.MARKET` for a market order."""
    fired_trade: TradeId
    """The trade that fired it; 0 while none has."""
    fired_price: int
    """Price of that trade."""
    fired_seq: Seq
    """The command that made that trade."""
    fired_ns: int
    """Exchange time of that command."""
    created_ns: int
    client_id: bytes
    tag: bytes
    request_id: bytes
    """The client's name for the amendment that this is."""
    failure: int
    """Why its order was refused: a `Refusal`; 0 otherwise."""
    kind: TriggerKind
    side: Side
    order_type: OrderType
    trade_mode: TradeMode
    state: TriggerState
    fired_leg: int
    """Which leg fired, from 1; 0 while none has."""
    flags: int
    price_types: tuple[PriceType, PriceType]
    is_amendment: bool

    @property
    def has_lived(self) -> bool:
        """Whether it has been more than a part of its order, which it still waits for or which was cancelled."""
        is_discarded = self.state is TriggerState.CANCELED and not self.size
        return self.state is not TriggerState.ATTACHED and not is_discarded


class EventBatch(msgspec.Struct, frozen=True, gc=False):
    """The events of some commands in a row. Commands without events count in the numbers all the same."""

    first_seq: Seq
    last_seq: Seq
    time_ns: int
    """Exchange time of the last frame."""
    events: list[Event]


class LiveBatch(EventBatch, frozen=True, gc=False):
    """A batch as a feed gives it: `events` holds no changes of levels, for a `MarketView` has taken them."""

    books: Sequence[InstrumentId]
    """Whose books have changed, each once."""
