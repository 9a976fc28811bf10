"""Items of a request into command records. What is wrong here never reaches the core.

Checks run in the core's order of precedence: shape, then instrument, then risk, of which the edge
knows nothing.
"""

from typing import Final

from tickyard.base.amounts import TEXT_LENGTH_MAX, NotAnAmount
from tickyard.base.ids import AccountId, InstrumentId
from tickyard.engine import commands
from tickyard.engine.records import ANY_INSTRUMENT, NO_ORDER, OrderType, SelfTrade, Side, TradeMode
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.grid import OffGrid
from tickyard.instruments.model import Instrument
from tickyard.trading import errors
from tickyard.trading.errors import Rejected, invalid, missing
from tickyard.trading.wire.values import (
    NAME_MAX,
    TAG_MAX,
    Item,
    amount,
    choice,
    flag,
    instrument_of,
    name_of,
    order_number,
    whole_number,
)

SIDES: Final = {"buy": Side.BUY, "sell": Side.SELL}
ORDER_TYPES: Final = {
    "market": OrderType.MARKET,
    "limit": OrderType.LIMIT,
    "post_only": OrderType.POST_ONLY,
    "fok": OrderType.FILL_OR_KILL,
    "ioc": OrderType.IMMEDIATE_OR_CANCEL,
}
SELF_TRADES: Final = {
    "cancel_maker": SelfTrade.CANCEL_MAKER,
    "cancel_taker": SelfTrade.CANCEL_TAKER,
    "cancel_both": SelfTrade.CANCEL_BOTH,
}
PRODUCTS: Final = frozenset({"SPOT", "MARGIN", "SWAP", "FUTURES", "OPTION", "EVENTS"})
"""Every value of instType. The exchange lists spot pairs; of the others there is never an order."""

TIMEOUT_MIN_S: Final = 10
TIMEOUT_MAX_S: Final = 120
LOCK_MAX_MS: Final = 10_000

_CASH: Final = "cash"
_MARGIN_MODES: Final = frozenset({"cross", "isolated", "spot_isolated"})
_QUOTE_MAKER_TYPES: Final = frozenset({"mmp", "mmp_and_post_only"})
_BY_QUOTE: Final = {"quote_ccy": True, "base_ccy": False}
_MAX_I64: Final = (1 << 63) - 1

# Nearly every order has these members and no others, so the rest costs it one comparison.
_USUAL: Final = frozenset(
    {
        "instId",
        "instIdCode",
        "tdMode",
        "ccy",
        "side",
        "posSide",
        "ordType",
        "sz",
        "px",
        "clOrdId",
        "tag",
        "tgtCcy",
    }
)
_FLAT_TRIGGERS: Final = frozenset(
    f"{which}{what}"
    for which in ("tp", "sl")
    for what in ("TriggerPx", "OrdPx", "TriggerPxType", "TriggerRatio")
)
_FLAT_AMENDED_TRIGGERS: Final = frozenset(
    f"new{which}{what}"
    for which in ("Tp", "Sl", "")
    for what in ("TriggerPx", "OrdPx", "TriggerPxType", "TriggerRatio")
)


def place(item: Item, account: AccountId, catalog: Catalog, expires_at_ms: int) -> bytes:
    """Make the command that places an order.

    Source: OKX v5, POST /api/v5/trade/order.

    Raises:
        Rejected: a member is missing or wrong.
    """
    instrument = instrument_of(item, catalog)
    side = choice(SIDES, item, "side")
    order_type = _order_type(item)
    _check_trade_mode(item)
    self_trade, ban_amend, clamp_price = SelfTrade.ACCOUNT_DEFAULT, False, False
    if not item.keys() <= _USUAL:
        self_trade, ban_amend, clamp_price = _seldom(item, instrument, order_type)
        expires_at_ms = _expiry(item, expires_at_ms)
    price, size_in_quote = 0, False
    if order_type is OrderType.MARKET:
        size_in_quote = _is_by_quote(item, side)
        size = _market_size(item, instrument, in_quote=size_in_quote)
    else:
        if "px" not in item:
            raise Rejected(errors.PRICE_MISSING)
        price = _price(item, "px", instrument)
        size = _limit_size(item, "sz", instrument)
    return commands.place_order(
        account=account,
        instrument=instrument.instrument,
        side=side,
        order_type=order_type,
        price=price,
        size=size,
        trade_mode=TradeMode.CASH,
        self_trade=self_trade,
        client_id=name_of(item, "clOrdId", NAME_MAX),
        tag=name_of(item, "tag", TAG_MAX),
        expires_at_ms=expires_at_ms,
        size_in_quote=size_in_quote,
        ban_amend=ban_amend,
        clamp_price=clamp_price,
    )


def cancel(item: Item, account: AccountId, catalog: Catalog) -> bytes:
    """Make the command that cancels an order; its id goes before the client's.

    Source: OKX v5, POST /api/v5/trade/cancel-order.

    Raises:
        Rejected: a member is missing or wrong.
    """
    instrument = instrument_of(item, catalog)
    order_id = order_number(item)
    client_id = b"" if order_id else name_of(item, "clOrdId", NAME_MAX)
    if not order_id and not client_id:
        raise Rejected(errors.CANCEL_NEEDS_ID)
    return commands.cancel_order(
        account=account,
        instrument=instrument.instrument,
        order_id=order_id or NO_ORDER,
        client_id=client_id,
    )


def amend(item: Item, account: AccountId, catalog: Catalog, expires_at_ms: int) -> bytes:
    """Make the command that changes an order; its id goes before the client's.

    Source: OKX v5, POST /api/v5/trade/amend-order.

    Raises:
        Rejected: a member is missing or wrong.
    """
    instrument = instrument_of(item, catalog)
    order_id = order_number(item)
    client_id = b"" if order_id else name_of(item, "clOrdId", NAME_MAX)
    if not order_id and not client_id:
        raise Rejected(errors.AMEND_NEEDS_ID)
    if "newPxUsd" in item or "newPxVol" in item:
        raise Rejected(errors.OPTION_PRICE)
    if not _FLAT_AMENDED_TRIGGERS.isdisjoint(item):
        raise Rejected(errors.FLAT_TRIGGERS)
    if _has_attached_triggers(item):
        raise Rejected(errors.NO_ATTACHED_TRIGGERS)
    price = _price(item, "newPx", instrument) if "newPx" in item else 0
    size = _limit_size(item, "newSz", instrument) if "newSz" in item else 0
    if not price and not size:
        raise Rejected(errors.NOTHING_TO_AMEND)
    return commands.amend_order(
        account=account,
        instrument=instrument.instrument,
        order_id=order_id or NO_ORDER,
        client_id=client_id,
        price=price,
        size=size,
        request_id=name_of(item, "reqId", NAME_MAX),
        cancel_on_fail=flag(item, "cxlOnFail"),
        clamp_price=_is_clamped(item),
        expires_at_ms=_expiry(item, expires_at_ms),
    )


def named(item: Item) -> object:
    """Tell which order an item names, for comparison; None when it names none."""
    order = item.get("ordId")
    if order is not None:
        return str(order)
    client_id = item.get("clOrdId")
    return None if client_id is None else ("client", str(client_id))


def cancel_all_after(item: Item, account: AccountId) -> tuple[bytes, str]:
    """Make the command that arms or disarms the timer; return it and its tag.

    Source: OKX v5, POST /api/v5/trade/cancel-all-after.

    Raises:
        Rejected: the time is missing, or neither 0 nor 10 to 120 seconds.
    """
    if "timeOut" not in item:
        raise Rejected(missing("timeOut"))
    seconds = whole_number(item["timeOut"], digits_max=3)
    if seconds is None or (seconds and not TIMEOUT_MIN_S <= seconds <= TIMEOUT_MAX_S):
        raise Rejected(invalid("timeOut"))
    tag = name_of(item, "tag", TAG_MAX)
    record = commands.cancel_all_after(account=account, timeout_ms=seconds * 1000, tag=tag)
    return record, tag.decode()


def mass_cancel(item: Item, account: AccountId, catalog: Catalog) -> bytes | None:
    """Make the command that cancels every order of a product, family or instrument.

    OKX has it for market makers' options alone; here it means whatever it names. The family of a
    spot pair is its own name. Source: OKX v5, POST /api/v5/trade/mass-cancel.

    Returns:
        The record, or None when there can be no such order.

    Raises:
        Rejected: a member is missing or wrong.
    """
    product = item.get("instType")
    if product is None:
        raise Rejected(missing("instType"))
    if type(product) is not str or product not in PRODUCTS:
        raise Rejected(invalid("instType"))
    if "lockInterval" in item and not _is_lock(item["lockInterval"]):
        raise Rejected(errors.LOCK_OUT_OF_RANGE)
    if product != "SPOT":
        return None
    instrument: InstrumentId = ANY_INSTRUMENT
    if "instIdCode" in item or "instId" in item:
        instrument = instrument_of(item, catalog).instrument
    elif "instFamily" in item:
        instrument = instrument_of({"instId": item["instFamily"]}, catalog).instrument
    return commands.mass_cancel(account=account, instrument=instrument)


def _order_type(item: Item) -> OrderType:
    try:
        return choice(ORDER_TYPES, item, "ordType")
    except Rejected:
        word = item.get("ordType")
        if type(word) is str and word in _QUOTE_MAKER_TYPES:
            raise Rejected(errors.QUOTE_MAKER_TYPE) from None
        raise


def _check_trade_mode(item: Item) -> None:
    mode = item.get("tdMode")
    if mode == _CASH:
        return
    if mode is None:
        raise Rejected(missing("tdMode"))
    if type(mode) is str and mode in _MARGIN_MODES:
        raise Rejected(errors.MARGIN_MODE)
    raise Rejected(invalid("tdMode"))


def _seldom(
    item: Item, instrument: Instrument, order_type: OrderType
) -> tuple[SelfTrade, bool, bool]:
    """Read what few orders say: self-trade prevention, whether it may shrink, whether its price may."""
    if flag(item, "reduceOnly"):
        raise Rejected(errors.REDUCE_ONLY)
    if not _FLAT_TRIGGERS.isdisjoint(item):
        raise Rejected(errors.FLAT_TRIGGERS)
    if _has_attached_triggers(item):
        raise Rejected(errors.ATTACHED_TRIGGERS)
    if "pxUsd" in item or "pxVol" in item:
        raise Rejected(errors.OPTION_PRICE)
    if "slippagePct" in item and amount(item, "slippagePct").strip("0."):
        raise Rejected(errors.SLIPPAGE)
    if item.get("tradeQuoteCcy", instrument.quote.symbol) != instrument.quote.symbol:
        raise Rejected(invalid("tradeQuoteCcy"))
    self_trade = SelfTrade.ACCOUNT_DEFAULT
    if "stpMode" in item:
        self_trade = choice(SELF_TRADES, item, "stpMode")
    if order_type is OrderType.FILL_OR_KILL and self_trade is SelfTrade.CANCEL_BOTH:
        raise Rejected(errors.FOK_CANCEL_BOTH)
    is_market = order_type is OrderType.MARKET
    ban_amend, clamp_price = flag(item, "banAmend"), _is_clamped(item)
    return self_trade, ban_amend and is_market, clamp_price and not is_market


def _has_attached_triggers(item: Item) -> bool:
    """Tell whether take-profit or stop-loss orders come along; clients that have none send an empty list."""
    attached = item.get("attachAlgoOrds", [])
    if type(attached) is not list:
        raise Rejected(invalid("attachAlgoOrds"))
    return bool(attached)


def _is_clamped(item: Item) -> bool:
    if "pxAmendType" not in item:
        return False
    number = whole_number(item["pxAmendType"], digits_max=1)
    if number not in {0, 1}:
        raise Rejected(invalid("pxAmendType"))
    return number == 1


def _expiry(item: Item, otherwise_ms: int) -> int:
    """Read the item's own expiry: on the WebSocket it may stand in the item."""
    if "expTime" not in item:
        return otherwise_ms
    expires_at_ms = whole_number(item["expTime"], digits_max=18)
    if not expires_at_ms:
        raise Rejected(invalid("expTime"))
    return expires_at_ms


def _is_by_quote(item: Item, side: Side) -> bool:
    if "tgtCcy" not in item:
        return side is Side.BUY
    return choice(_BY_QUOTE, item, "tgtCcy")


def _price(item: Item, name: str, instrument: Instrument) -> int:
    text = amount(item, name)
    if len(text) > TEXT_LENGTH_MAX:
        raise Rejected(errors.PRICE_TOO_LONG)
    try:
        ticks = instrument.price_to_ticks(text)
    except (NotAnAmount, OffGrid):
        raise Rejected(invalid(name)) from None
    if ticks <= 0:
        raise Rejected(invalid(name))
    if ticks > _MAX_I64:
        raise Rejected(errors.PRICE_OUT_OF_BOUNDS)
    return ticks


def _limit_size(item: Item, name: str, instrument: Instrument) -> int:
    lots = _lots(item, name, instrument)
    if lots > _MAX_I64:
        raise Rejected(errors.LIMIT_TOO_LARGE)
    return lots


def _market_size(item: Item, instrument: Instrument, *, in_quote: bool) -> int:
    if not in_quote:
        lots = _lots(item, "sz", instrument)
        if lots > _MAX_I64:
            raise Rejected(errors.MARKET_TOO_LARGE)
        return lots
    text = amount(item, "sz")
    try:
        notional = instrument.quote_to_notional(text)
    except NotAnAmount:
        raise Rejected(invalid("sz")) from None
    if notional <= 0:
        raise Rejected(errors.SIZE_TOO_SMALL if text.strip("0.") else invalid("sz"))
    if notional > instrument.max_market_amount:
        # The core knows one bound for both units; the wire has a code for each.
        raise Rejected(errors.MARKET_VALUE_TOO_LARGE)
    return notional


def _lots(item: Item, name: str, instrument: Instrument) -> int:
    text = amount(item, name)
    try:
        lots = instrument.size_to_lots(text)
    except NotAnAmount:
        raise Rejected(invalid(name)) from None
    except OffGrid:
        is_small = instrument.size_grid.floor(text) < instrument.min_size
        raise Rejected(errors.SIZE_TOO_SMALL if is_small else errors.SIZE_OFF_LOT) from None
    if lots <= 0:
        raise Rejected(invalid(name))
    return lots


def _is_lock(value: object) -> bool:
    lock_ms = whole_number(value, digits_max=6)
    return lock_ms is not None and lock_ms <= LOCK_MAX_MS
