"""The words of the core: ids and enums, with the numbers of `crates/types`.

Sizes are in lots of the instrument, prices in ticks, an order's quote money in notional units (one tick times one
lot), ledger amounts in the asset's unit (10^-18, or 10^-8 for fiat). `tests/golden/records.json` holds both sides
together.
"""

from enum import IntEnum

from tickyard.base.ids import AccountId, AssetId, InstrumentId, OrderId, Seq, TradeId, TriggerId

__all__ = [
    "ANY_INSTRUMENT",
    "EXTERNAL_ACCOUNT",
    "FEE_ACCOUNT",
    "FIRST_USER_ACCOUNT",
    "NO_ORDER",
    "NO_TRIGGER",
    "ROUNDING_ACCOUNT",
    "AccountId",
    "AmendResult",
    "AssetId",
    "CancelSource",
    "CommandKind",
    "EventKind",
    "InstrumentId",
    "InstrumentState",
    "OrderId",
    "OrderState",
    "OrderType",
    "PostingReason",
    "PriceType",
    "Refusal",
    "SelfTrade",
    "Seq",
    "Side",
    "TradeId",
    "TradeMode",
    "TriggerId",
    "TriggerKind",
    "TriggerState",
    "Wallet",
]

EXTERNAL_ACCOUNT = AccountId(1)
"""The world outside: what was paid in stands here with a minus."""
FEE_ACCOUNT = AccountId(2)
"""Takes fees, pays rebates."""
ROUNDING_ACCOUNT = AccountId(3)
"""Kept for products whose roundings leave something over; what a fee rounds up is the fee account's, see ADR 6."""
FIRST_USER_ACCOUNT = AccountId(16)
"""The first number that a user's account may have."""
ANY_INSTRUMENT = InstrumentId(0)
"""Where a command or a query means every instrument."""
NO_ORDER = OrderId(0)
"""Where an order is named by its client id."""
NO_TRIGGER = TriggerId(0)
"""Where a trigger order is named by its client id, and where there is none."""


class CommandKind(IntEnum):
    """The first byte of a command."""

    PLACE_ORDER = 1
    CANCEL_ORDER = 2
    AMEND_ORDER = 3
    MASS_CANCEL = 4
    CANCEL_ALL_AFTER = 5
    ADVANCE_TIME = 6
    TRANSFER = 7
    CREDIT = 8
    DEBIT = 9
    DEFINE_ASSET = 10
    DEFINE_INSTRUMENT = 11
    SET_INSTRUMENT_STATE = 12
    DEFINE_ACCOUNT = 13
    DEFINE_FEE_LEVEL = 14
    SET_INDEX_PRICE = 15
    PLACE_TRIGGER = 16
    CANCEL_TRIGGER = 17
    AMEND_TRIGGER = 18
    PLACE_ORDER_ATTACHED = 19
    AMEND_ORDER_ATTACHED = 20


class EventKind(IntEnum):
    """The first byte of an event."""

    ORDER_ACCEPTED = 1
    TRADED = 2
    ORDER_CLOSED = 3
    ORDER_AMENDED = 4
    POSTED = 5
    LEVEL_CHANGED = 6
    TIMER_CHANGED = 7
    ASSET_DEFINED = 8
    INSTRUMENT_DEFINED = 9
    ACCOUNT_DEFINED = 10
    FEE_LEVEL_DEFINED = 11
    INDEX_PRICE_SET = 12
    TRIGGER_CHANGED = 13
    TRANSFER_NAMED = 14


class Side(IntEnum):
    """Which way an order trades."""

    BUY = 1
    SELL = 2


class OrderType(IntEnum):
    """How an order meets the book. Source: OKX v5, POST /api/v5/trade/order, "ordType"."""

    MARKET = 1
    LIMIT = 2
    POST_ONLY = 3
    FILL_OR_KILL = 4
    IMMEDIATE_OR_CANCEL = 5


class TradeMode(IntEnum):
    """Where the money of an order comes from."""

    CASH = 1
    CROSS = 2


class SelfTrade(IntEnum):
    """Which order gives way when a taker meets an order of its own master account."""

    ACCOUNT_DEFAULT = 0
    CANCEL_MAKER = 1
    CANCEL_TAKER = 2
    CANCEL_BOTH = 3


class InstrumentState(IntEnum):
    """What an instrument lets its users do."""

    PREOPEN = 1
    LIVE = 2
    POST_ONLY = 3
    CANCEL_ONLY = 4
    SUSPENDED = 5


class OrderState(IntEnum):
    """Where an order is in its life, which only moves forward."""

    LIVE = 1
    PARTIALLY_FILLED = 2
    FILLED = 3
    CANCELED = 4


class CancelSource(IntEnum):
    """Why an order was cancelled. Source: OKX v5, order object, "cancelSource"."""

    SYSTEM = 0
    USER = 1
    FILL_OR_KILL = 13
    IMMEDIATE_OR_CANCEL = 14
    CANCEL_ALL_AFTER = 20
    POST_ONLY = 31
    SELF_TRADE = 32
    TOO_MANY_MATCHES = 33


class AmendResult(IntEnum):
    """What became of an amendment. Source: OKX v5, WebSocket orders channel, "amendResult"."""

    AMENDED = 0
    CANCELED = 1


class Wallet(IntEnum):
    """One of the two balances that an account has of each asset."""

    FUNDING = 1
    TRADING = 2


class PostingReason(IntEnum):
    """Why a posting was made."""

    TRADE = 1
    FEE = 2
    TRANSFER = 3
    CREDIT = 4
    DEBIT = 5
    ROUNDING = 6


class TriggerKind(IntEnum):
    """What a trigger order waits for. Source: OKX v5, POST /api/v5/trade/order-algo, "ordType"."""

    CONDITIONAL = 1
    ONE_CANCELS_OTHER = 2
    PLAIN = 3
    TRAILING = 4


class TriggerState(IntEnum):
    """Where a trigger order is in its life, which only moves forward."""

    ATTACHED = 1
    LIVE = 2
    EFFECTIVE = 3
    CANCELED = 4
    FAILED = 5


class PriceType(IntEnum):
    """Which price a trigger order is compared with."""

    LAST = 1
    INDEX = 2
    MARK = 3


class Refusal(IntEnum):
    """Why a command was refused; its meaning stands in `crates/types/src/refusal.rs`."""

    MALFORMED = 1
    SIZE_NOT_POSITIVE = 2
    PRICE_INVALID = 3
    AMOUNT_NOT_POSITIVE = 4
    NOT_FOR_ORDER_TYPE = 5
    FILL_OR_KILL_CANCEL_BOTH = 6
    NOTHING_TO_AMEND = 7
    TIMEOUT_OUT_OF_RANGE = 8
    SAME_WALLET = 9
    NO_ORDER_ID = 10
    OVERFLOW = 11
    TRIGGER_INCOMPLETE = 12
    CALLBACK_OUT_OF_RANGE = 13
    ATTACHMENTS_INVALID = 14
    UNKNOWN_ACCOUNT = 20
    NOT_RELATED = 21
    UNKNOWN_INSTRUMENT = 30
    UNKNOWN_ASSET = 31
    INSTRUMENT_PREOPEN = 32
    INSTRUMENT_SUSPENDED = 33
    INSTRUMENT_CANCEL_ONLY = 34
    INSTRUMENT_POST_ONLY = 35
    EXPIRED = 36
    SIZE_BELOW_MINIMUM = 37
    LIMIT_SIZE_ABOVE_MAXIMUM = 38
    MARKET_SIZE_ABOVE_MAXIMUM = 39
    PRICE_OUT_OF_BOUNDS = 40
    CLIENT_ID_IN_USE = 41
    ORDER_NOT_FOUND = 42
    NOT_AMENDABLE = 43
    AMEND_WOULD_TAKE = 44
    TOO_MANY_ORDERS = 45
    TOO_MANY_ORDERS_IN_INSTRUMENT = 46
    TOO_MANY_TIMERS = 47
    DEFINITION_INVALID = 48
    KEY_REUSED = 49
    TIME_BACKWARDS = 50
    TRIGGER_NOT_FOUND = 51
    TRIGGER_FIRED = 52
    TRIGGER_ID_IN_USE = 53
    TOO_MANY_TRIGGERS = 54
    TAKE_PROFIT_REACHED = 55
    STOP_LOSS_REACHED = 56
    ACTIVATION_REACHED = 57
    NO_LAST_PRICE = 58
    TRIGGER_NOT_AMENDABLE = 59
    INSUFFICIENT_BALANCE = 60
    INTERNAL = 70
    BUSY = 80
    UNAVAILABLE = 81
    ORIGIN_FORGOTTEN = 82
