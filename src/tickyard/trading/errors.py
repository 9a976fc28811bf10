"""Why an order, amendment or cancellation was refused, in the codes of the wire.

A *rejection* belongs to one item of a request: the other items go on, and it stands in the item's
acknowledgement. Refusals of the core have a fixed number each; the tables at the end map every one.
Source: OKX v5, "Error Code".
"""

from collections.abc import Mapping

from msgspec import Struct

from tickyard.base.errors import Busy, OutcomeUnknown, TickyardError, Unavailable
from tickyard.engine.records import Refusal
from tickyard.gateway.route import ApiError


class Rejection(Struct, frozen=True):
    """Why one item was refused."""

    code: str
    message: str
    sub_code: str = ""


class TooManyItems(ApiError):
    """A batch holds more items than one request may."""


class ShapeWrong(ApiError):
    """The request has another shape than its endpoint takes."""


class ItemRefused(ApiError):
    """A request that has no acknowledgement per item was refused."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection.code, rejection.message)
        self.rejection = rejection


class TooOften(ApiError):
    """No item of a request was within the limits."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection.code, rejection.message)


class ItemRejected(Exception):  # a word of this slice
    """One item of a request never reaches the core."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection.message)
        self.rejection = rejection


class HistoryNeedsState(ApiError):
    """A query for trigger orders that have ended says neither how nor which."""

    def __init__(self) -> None:
        super().__init__("51602", "Either parameter state or algoId is required")


class OrderUnknown(ApiError):
    """There is no such order, live or in the history."""

    def __init__(self) -> None:
        super().__init__("51603", "Order does not exist")


def invalid(parameter: str) -> Rejection:
    """Make the rejection of a value that is no value of its parameter."""
    return Rejection("51000", f"Parameter {parameter} error")


def missing(parameter: str) -> Rejection:
    """Make the rejection of an item that lacks a parameter."""
    return Rejection("50014", f"Parameter {parameter} can not be empty")


UNKNOWN_INSTRUMENT = Rejection("51001", "Instrument does not exist")
MARGIN_MODE = Rejection("51010", "This trade mode is not supported in spot mode")
REDUCE_ONLY = Rejection("51139", "Reduce-only is not available for spot orders in spot mode")
PRICE_MISSING = Rejection("51204", "A price is required for this order type")
QUOTE_MAKER_TYPE = Rejection("51036", "This order type is for options in portfolio margin only")
OPTION_PRICE = Rejection("51179", "Prices in USD or volatility are for options only")
FLAT_TRIGGERS = Rejection("54070", "Attach take-profit and stop-loss with attachAlgoOrds")
ATTACHED_TRIGGERS = Rejection("51044", "This order cannot carry take-profit or stop-loss orders")
NO_ATTACHED_TRIGGERS = Rejection("51527", "The order has no attached take-profit or stop-loss")
SLIPPAGE = Rejection("54085", "A slippage limit is for market orders only")
SLIPPAGE_INVALID = Rejection("54084", "slippagePct must be 0 to 0.05")
FOK_CANCEL_BOTH = Rejection(
    "54036", "Fill-or-kill cannot cancel both orders in self-trade prevention"
)
SIZE_TOO_SMALL = Rejection("51020", "The size is below the smallest order of the instrument")
SIZE_OFF_LOT = Rejection("51121", "The size is no multiple of the lot size")
LIMIT_TOO_LARGE = Rejection("51005", "The size is above the largest limit order")
MARKET_TOO_LARGE = Rejection("51202", "The size is above the largest market order")
MARKET_VALUE_TOO_LARGE = Rejection("51201", "The value is above the largest market order")
PRICE_OUT_OF_BOUNDS = Rejection("51006", "The price is outside the price limits")
PRICE_TOO_LONG = Rejection("51514", "A price has at most 32 characters")
CANCEL_NEEDS_ID = Rejection("51407", "Either ordId or clOrdId is required")
AMEND_NEEDS_ID = Rejection("51003", "Either ordId or clOrdId is required")
AMEND_NOT_FOUND = Rejection("51503", "The order was triggered, cancelled or never existed")
NOTHING_TO_AMEND = Rejection("51500", "Neither newPx nor newSz was given")
ALGO_NEEDS_ID = Rejection("51407", "Either algoId or algoClOrdId is required")
NO_TRIGGER_TO_AMEND = Rejection(
    "51500", "Neither a new trigger price, order price nor size was given"
)
LOCK_OUT_OF_RANGE = Rejection("54009", "lockInterval must be 0 to 10000 milliseconds")
TWICE_IN_BATCH = Rejection("51512", "The same order appears more than once in the batch")
TOO_MANY_REQUESTS = Rejection("50011", "Too many requests")
TOO_MANY_OF_ACCOUNT = Rejection(
    "50061", "Too many new and amended orders of this account in two seconds"
)
LIMITED = (TOO_MANY_REQUESTS, TOO_MANY_OF_ACCOUNT)
"""What says that an item came too soon; it may be sent again."""

CLOSE_FRACTION = Rejection("51327", "closeFraction is for futures and swaps only")
NO_QUOTE_SIZE = Rejection("51281", "tgtCcy is for market orders of take-profit and stop-loss only")

ATTACHED: Mapping[str, Rejection] = {
    code: Rejection(code, message)
    for code, message in (
        ("51046", "The take-profit of a buy order must be above its price"),
        ("51047", "The stop-loss of a buy order must be below its price"),
        ("51048", "The take-profit of a sell order must be below its price"),
        ("51049", "The stop-loss of a sell order must be above its price"),
        ("51050", "The take-profit of a buy order must be above the best ask"),
        ("51051", "The stop-loss of a buy order must be below the best ask"),
        ("51052", "The take-profit of a sell order must be below the best bid"),
        ("51053", "The stop-loss of a sell order must be above the best bid"),
        ("51068", "attachAlgoClOrdId is already used by a live order"),
        ("51076", "Each entry of split take-profits has one side only"),
        ("51077", "This is not for spot orders"),
        ("51079", "An order has at most ten split take-profits"),
        ("51081", "Split take-profits need different trigger prices"),
        ("51083", "The sizes of split take-profits must add up to the order's"),
        ("51084", "An order with split take-profits has at most one stop-loss"),
        ("51089", "Each split take-profit needs a size"),
        ("51094", "Take-profits by limit order are not for spot orders"),
        ("51178", "attachAlgoOrds needs a take-profit or a stop-loss"),
    )
}
"""What is wrong with attached take-profits and stop-losses, by code."""

EDGE: Mapping[str, Rejection] = {
    "unknown_instrument": UNKNOWN_INSTRUMENT,
    "margin_mode": MARGIN_MODE,
    "reduce_only": REDUCE_ONLY,
    "price_missing": PRICE_MISSING,
    "quote_maker_type": QUOTE_MAKER_TYPE,
    "option_price": OPTION_PRICE,
    "flat_triggers": FLAT_TRIGGERS,
    "attached_triggers": ATTACHED_TRIGGERS,
    "no_attached_triggers": NO_ATTACHED_TRIGGERS,
    "slippage": SLIPPAGE,
    "slippage_invalid": SLIPPAGE_INVALID,
    "fok_cancel_both": FOK_CANCEL_BOTH,
    "size_too_small": SIZE_TOO_SMALL,
    "size_off_lot": SIZE_OFF_LOT,
    "limit_too_large": LIMIT_TOO_LARGE,
    "market_too_large": MARKET_TOO_LARGE,
    "market_value_too_large": MARKET_VALUE_TOO_LARGE,
    "price_out_of_bounds": PRICE_OUT_OF_BOUNDS,
    "price_too_long": PRICE_TOO_LONG,
    "cancel_needs_id": CANCEL_NEEDS_ID,
    "amend_needs_id": AMEND_NEEDS_ID,
    "nothing_to_amend": NOTHING_TO_AMEND,
    "lock_out_of_range": LOCK_OUT_OF_RANGE,
    "too_many_requests": TOO_MANY_REQUESTS,
    "too_many_of_account": TOO_MANY_OF_ACCOUNT,
}
"""What never reached the core, by the words of `crates/entry/src/rejection.rs`."""


def rejection(word: str, parameter: str) -> Rejection:
    """Put the edge's word into a code and a text.

    Args:
        word: "missing", "invalid", or one of `EDGE`.
        parameter: of which the first two speak.
    """
    if word == "invalid":
        return invalid(parameter)
    return missing(parameter) if word == "missing" else EDGE[word]


_SYSTEM = Rejection("50026", "System error")
_ACCOUNT_STATE = Rejection("50012", "The account's state does not allow this")

_ALWAYS: Mapping[Refusal, Rejection] = {
    Refusal.MALFORMED: Rejection("51000", "Parameter error"),
    Refusal.SIZE_NOT_POSITIVE: invalid("sz"),
    Refusal.PRICE_INVALID: invalid("px"),
    Refusal.AMOUNT_NOT_POSITIVE: invalid("amt"),
    Refusal.NOT_FOR_ORDER_TYPE: invalid("ordType"),
    Refusal.FILL_OR_KILL_CANCEL_BOTH: FOK_CANCEL_BOTH,
    Refusal.NOTHING_TO_AMEND: NOTHING_TO_AMEND,
    Refusal.TIMEOUT_OUT_OF_RANGE: invalid("timeOut"),
    Refusal.SAME_WALLET: _SYSTEM,
    Refusal.NO_ORDER_ID: CANCEL_NEEDS_ID,
    Refusal.OVERFLOW: LIMIT_TOO_LARGE,
    Refusal.UNKNOWN_ACCOUNT: _ACCOUNT_STATE,
    Refusal.NOT_RELATED: _ACCOUNT_STATE,
    Refusal.UNKNOWN_INSTRUMENT: UNKNOWN_INSTRUMENT,
    Refusal.UNKNOWN_ASSET: UNKNOWN_INSTRUMENT,
    Refusal.INSTRUMENT_PREOPEN: Rejection("51021", "The instrument is not open for trading yet"),
    Refusal.INSTRUMENT_SUSPENDED: Rejection("51022", "The instrument is suspended"),
    Refusal.INSTRUMENT_CANCEL_ONLY: Rejection("51022", "The instrument accepts cancellations only"),
    Refusal.INSTRUMENT_POST_ONLY: Rejection(
        "50028", "The instrument accepts post-only orders only"
    ),
    Refusal.EXPIRED: Rejection("50037", "The request reached the engine after its expTime"),
    Refusal.SIZE_BELOW_MINIMUM: SIZE_TOO_SMALL,
    Refusal.LIMIT_SIZE_ABOVE_MAXIMUM: LIMIT_TOO_LARGE,
    Refusal.MARKET_SIZE_ABOVE_MAXIMUM: MARKET_TOO_LARGE,
    Refusal.PRICE_OUT_OF_BOUNDS: PRICE_OUT_OF_BOUNDS,
    Refusal.CLIENT_ID_IN_USE: Rejection("51016", "clOrdId is already used by a live order"),
    Refusal.ORDER_NOT_FOUND: Rejection("51400", "The order was filled, cancelled or never existed"),
    Refusal.NOT_AMENDABLE: Rejection("51506", "Orders of this type cannot be amended"),
    Refusal.AMEND_WOULD_TAKE: Rejection("51511", "The post-only order would take after the change"),
    Refusal.TOO_MANY_ORDERS: Rejection("51025", "The account has too many live orders"),
    Refusal.TOO_MANY_ORDERS_IN_INSTRUMENT: Rejection(
        "51102", "The account has too many live orders in this instrument"
    ),
    Refusal.TOO_MANY_TIMERS: Rejection("51071", "Too many tags have a cancel-all-after timer"),
    Refusal.TRIGGER_INCOMPLETE: invalid("ordType"),
    Refusal.CALLBACK_OUT_OF_RANGE: Rejection("51257", "callbackRatio must be 0.001 to 1"),
    Refusal.ATTACHMENTS_INVALID: ATTACHED["51083"],
    Refusal.TRIGGER_NOT_FOUND: Rejection("51400", "The order was cancelled or never existed"),
    Refusal.TRIGGER_FIRED: Rejection("51416", "The order has been triggered already"),
    Refusal.TRIGGER_ID_IN_USE: Rejection("51065", "algoClOrdId is already used by a live order"),
    Refusal.TOO_MANY_TRIGGERS: Rejection("51299", "Too many trigger orders of this kind"),
    Refusal.TAKE_PROFIT_REACHED: Rejection("51279", "The take-profit must not be below last"),
    Refusal.STOP_LOSS_REACHED: Rejection("51280", "The stop-loss must not be above last"),
    Refusal.ACTIVATION_REACHED: Rejection("51258", "activePx of a sell must be above last"),
    Refusal.NO_LAST_PRICE: Rejection("51250", "There is no price yet to compare with"),
    Refusal.TRIGGER_NOT_AMENDABLE: Rejection("51506", "Orders of this type cannot be amended"),
    Refusal.DEFINITION_INVALID: _SYSTEM,
    Refusal.KEY_REUSED: _SYSTEM,
    Refusal.TIME_BACKWARDS: _SYSTEM,
    Refusal.INTERNAL: _SYSTEM,
    Refusal.INSUFFICIENT_BALANCE: Rejection(
        "51008", "The balance does not cover the order", "1000"
    ),
    Refusal.BUSY: Rejection("50013", "The system is busy, try again later"),
    Refusal.UNAVAILABLE: Rejection("50001", "The service is temporarily unavailable"),
    Refusal.ORIGIN_FORGOTTEN: Rejection("50004", "The outcome of the request is unknown"),
}

PLACE: Mapping[Refusal, Rejection] = _ALWAYS
"""What a new order is told."""

CANCEL: Mapping[Refusal, Rejection] = _ALWAYS
"""What a cancellation or a timer is told."""

AMEND: Mapping[Refusal, Rejection] = {
    **_ALWAYS,
    Refusal.SIZE_NOT_POSITIVE: invalid("newSz"),
    Refusal.PRICE_INVALID: invalid("newPx"),
    Refusal.NO_ORDER_ID: AMEND_NEEDS_ID,
    Refusal.ORDER_NOT_FOUND: Rejection("51503", "The order was filled, cancelled or never existed"),
    Refusal.INSUFFICIENT_BALANCE: Rejection(
        "51502", "The balance does not cover the amended order", "1030"
    ),
}
"""What an amendment is told."""

_ALGO: Mapping[Refusal, Rejection] = {
    **_ALWAYS,
    Refusal.NO_ORDER_ID: ALGO_NEEDS_ID,
    Refusal.NOTHING_TO_AMEND: NO_TRIGGER_TO_AMEND,
    Refusal.PRICE_OUT_OF_BOUNDS: Rejection("51250", "The price is out of range"),
    Refusal.LIMIT_SIZE_ABOVE_MAXIMUM: Rejection("51252", "The size is out of range"),
    Refusal.MARKET_SIZE_ABOVE_MAXIMUM: Rejection("51252", "The size is out of range"),
}
_ALGO_BUY: Mapping[Refusal, Rejection] = {
    Refusal.TAKE_PROFIT_REACHED: Rejection("51277", "The take-profit must not be above last"),
    Refusal.STOP_LOSS_REACHED: Rejection("51278", "The stop-loss must not be below last"),
    Refusal.ACTIVATION_REACHED: Rejection("51259", "activePx of a buy must be below last"),
}
_TOO_LARGE_STOP = Rejection("51275", "The size is above the largest market order of a stop")
_TOO_MANY_STOPS = Rejection("51261", "Too many take-profits and stop-losses in this instrument")
_ALGO_KINDS: Mapping[str, Mapping[Refusal, Rejection]] = {
    "conditional": {
        Refusal.MARKET_SIZE_ABOVE_MAXIMUM: _TOO_LARGE_STOP,
        Refusal.TOO_MANY_TRIGGERS: _TOO_MANY_STOPS,
    },
    "oco": {
        Refusal.MARKET_SIZE_ABOVE_MAXIMUM: _TOO_LARGE_STOP,
        Refusal.TOO_MANY_TRIGGERS: _TOO_MANY_STOPS,
    },
    "move_order_stop": {
        Refusal.MARKET_SIZE_ABOVE_MAXIMUM: Rejection("51312", "The size is out of range"),
        Refusal.TOO_MANY_TRIGGERS: Rejection("51260", "Too many trailing stops"),
    },
}


def of_trigger(refusal: Refusal, *, is_buy: bool = False, kind: str = "") -> Rejection:
    """Say why a trigger order was refused, or its cancellation or amendment.

    Args:
        refusal: of the core.
        is_buy: whether it buys; prices of others are named as a sell order's are.
        kind: what it is, as `ordType` says it, where that is known.
    """
    of_kind = _ALGO_KINDS.get(kind, {})
    of_side = _ALGO_BUY if is_buy else {}
    return of_kind.get(refusal) or of_side.get(refusal) or _ALGO[refusal]


def of_attached(refusal: Refusal, *, is_buy: bool) -> Rejection:
    """Say why an order with attached trigger orders was refused.

    Args:
        refusal: of the core.
        is_buy: whether the order buys.
    """
    codes = {
        Refusal.TAKE_PROFIT_REACHED: "51050" if is_buy else "51052",
        Refusal.STOP_LOSS_REACHED: "51051" if is_buy else "51053",
        Refusal.TRIGGER_ID_IN_USE: "51068",
    }
    return ATTACHED[codes[refusal]] if refusal in codes else PLACE[refusal]


HOST: Mapping[Refusal, type[TickyardError]] = {
    Refusal.BUSY: Busy,
    Refusal.UNAVAILABLE: Unavailable,
    Refusal.ORIGIN_FORGOTTEN: OutcomeUnknown,
}
"""What came from the host and not from the engine: the whole request fails when nothing else came."""
