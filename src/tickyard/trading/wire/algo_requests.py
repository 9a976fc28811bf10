"""Items of trigger-order requests into command records. What is wrong never reaches the core.

Source: OKX v5, POST /api/v5/trade/order-algo, cancel-algos and amend-algos, "Request parameters".
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from tickyard.base.amounts import NotAnAmount
from tickyard.base.ids import AccountId, TriggerId
from tickyard.engine import commands
from tickyard.engine.records import OrderType, PriceType, Side, TriggerKind
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.grid import OffGrid
from tickyard.instruments.model import Instrument
from tickyard.trading.errors import (
    CANCEL_NEEDS_ID,
    CLOSE_FRACTION,
    NO_QUOTE_SIZE,
    ONE_DISTANCE,
    REDUCE_ONLY,
    SIZE_OFF_LOT,
    UNKNOWN_INSTRUMENT,
    ItemRejected,
    invalid,
    missing,
)
from tickyard.trading.wire.algo_words import KINDS, PRICE_TYPES, TRADE_MODES
from tickyard.trading.wire.requests import Item
from tickyard.trading.wire.words import NAME_MAX, SIDES

Word = TypeVar("Word")

_TAG_MAX: Final = 16
_NUMBER_MAX: Final = 32
"""Longest number, in characters."""
_RATIO_DIGITS: Final = 9
_MARKET: Final = "-1"
_ADVANCED: Final = {
    "fok": OrderType.FILL_OR_KILL,
    "ioc": OrderType.IMMEDIATE_OR_CANCEL,
}


def place(item: Item, account: AccountId, catalog: Catalog) -> bytes:
    """Read a trigger order.

    Raises:
        ItemRejected: a parameter is missing or wrong.
    """
    pair = instrument(item, catalog)
    trade_mode = _word(item, "tdMode", TRADE_MODES)
    side = _word(item, "side", SIDES)
    kind = _word(item, "ordType", KINDS)
    if _is_true(item, "reduceOnly"):
        raise ItemRejected(REDUCE_ONLY)
    if _text(item, "closeFraction"):
        raise ItemRejected(CLOSE_FRACTION)
    order_type = OrderType.LIMIT
    legs: commands.Legs = (0, 0, 0, 0)
    ratio = spread = active = 0
    if kind is TriggerKind.PLAIN:
        if item.get("attachAlgoOrds"):
            raise ItemRejected(invalid("attachAlgoOrds"))
        _compared_with_last(item, "triggerPxType")
        price_name = "orderPx" if _text(item, "orderPx") or not _text(item, "ordPx") else "ordPx"
        legs = (_price(item, "triggerPx", pair), _order_price(item, price_name, pair), 0, 0)
        if _text(item, "advanceOrdType"):
            order_type = _word(item, "advanceOrdType", _ADVANCED)
    elif kind is TriggerKind.TRAILING:
        _compared_with_last(item, "triggerPxType")
        ratio, spread = _distance(item, pair)
        active = _price(item, "activePx", pair) if _text(item, "activePx") else 0
    else:
        legs = two_legs(item, pair)
        if kind is TriggerKind.CONDITIONAL and legs[0] and legs[2]:
            # Source: OKX v5, POST trade/order-algo, "slTriggerPx": with both, only the stop-loss is used.
            legs = (0, 0, legs[2], legs[3])
    size, in_quote = _size(item, pair, side, kind, legs)
    return commands.place_trigger(
        account=account,
        instrument=pair.instrument,
        kind=kind,
        side=side,
        legs=legs,
        size=size,
        order_type=order_type,
        trade_mode=trade_mode,
        callback_ratio_ppb=ratio,
        callback_spread=spread,
        active_price=active,
        client_id=_client_id(item),
        tag=_name(item, "tag", _TAG_MAX),
        size_in_quote=in_quote,
    )


def cancel(item: Item, account: AccountId, catalog: Catalog) -> bytes:
    """Read a cancellation; see `place`."""
    pair = instrument(item, catalog)
    trigger_id, client_id = _which(item)
    return commands.cancel_trigger(
        account=account,
        instrument=pair.instrument,
        trigger_id=trigger_id,
        client_id=client_id,
    )


def amend(item: Item, account: AccountId, catalog: Catalog) -> bytes:
    """Read an amendment; see `place`."""
    pair = instrument(item, catalog)
    trigger_id, client_id = _which(item)
    for name in ("newTriggerPxType", "newTpTriggerPxType", "newSlTriggerPxType"):
        _compared_with_last(item, name)
    is_plain = _text(item, "newTriggerPx") or _text(item, "newOrdPx")
    first = ("newTriggerPx", "newOrdPx") if is_plain else ("newTpTriggerPx", "newTpOrdPx")
    return commands.amend_trigger(
        account=account,
        instrument=pair.instrument,
        trigger_id=trigger_id,
        client_id=client_id,
        size=_lots(item, "newSz", pair) if _text(item, "newSz") else 0,
        legs=(
            _new_trigger(item, first[0], pair),
            _order_price(item, first[1], pair) if _text(item, first[1]) else 0,
            _new_trigger(item, "newSlTriggerPx", pair),
            _order_price(item, "newSlOrdPx", pair) if _text(item, "newSlOrdPx") else 0,
        ),
        request_id=_name(item, "reqId", NAME_MAX),
        cancel_on_fail=_is_true(item, "cxlOnFail"),
    )


def instrument(item: Item, catalog: Catalog) -> Instrument:
    """Read where; see `place`."""
    symbol = _text(item, "instId")
    if not symbol:
        raise ItemRejected(missing("instId"))
    found = catalog.by_symbol(symbol)
    if found is None:
        raise ItemRejected(UNKNOWN_INSTRUMENT)
    return found


def two_legs(item: Item, pair: Instrument) -> commands.Legs:
    """Read take-profit and stop-loss; zeros for what is not there.

    Raises:
        ItemRejected: a price is missing or wrong.
    """
    for name in ("tpTriggerPxType", "slTriggerPxType"):
        _compared_with_last(item, name)
    if _text(item, "tpOrdKind") == "limit":
        raise ItemRejected(invalid("tpOrdKind"))
    take, stop = (
        (_price(item, trigger, pair), _order_price(item, price, pair))
        if _text(item, trigger)
        else (0, 0)
        for trigger, price in (("tpTriggerPx", "tpOrdPx"), ("slTriggerPx", "slOrdPx"))
    )
    return (*take, *stop)


def attached_name(item: Item) -> bytes:
    """Read a client's name for an attached trigger order; see `place`."""
    return _name(item, "attachAlgoClOrdId", NAME_MAX)


def attached_size(item: Item, pair: Instrument) -> int:
    """Read the part of its order that an attached trigger order is for; 0 for all. See `place`."""
    return _lots(item, "sz", pair) if _text(item, "sz") else 0


def _which(item: Item) -> tuple[TriggerId, bytes]:
    number = _text(item, "algoId")
    if number:
        if not (number.isascii() and number.isdigit()) or not 0 < int(number) < 1 << 64:
            raise ItemRejected(invalid("algoId"))
        return TriggerId(int(number)), b""
    client_id = _client_id(item)
    if not client_id:
        raise ItemRejected(CANCEL_NEEDS_ID)
    return TriggerId(0), client_id


def _client_id(item: Item) -> bytes:
    """Clients also say `clOrdId` here."""
    return _name(item, "algoClOrdId", NAME_MAX) or _name(item, "clOrdId", NAME_MAX)


def _name(item: Item, name: str, most: int) -> bytes:
    text = _text(item, name)
    if len(text) > most or (text and not (text.isascii() and text.isalnum())):
        raise ItemRejected(invalid(name))
    return text.encode()


def _text(item: Item, name: str) -> str:
    value = item.get(name)
    if value is None:
        return ""
    if type(value) in {str, int}:
        return str(value)
    raise ItemRejected(invalid(name))


def _is_true(item: Item, name: str) -> bool:
    value = item.get(name)
    if value is True or value == "true":
        return True
    if value is None or value is False or value in ("", "false"):
        return False
    raise ItemRejected(invalid(name))


def _word(item: Item, name: str, words: Mapping[str, Word]) -> Word:
    text = _text(item, name)
    if not text:
        raise ItemRejected(missing(name))
    if text not in words:
        raise ItemRejected(invalid(name))
    return words[text]


def _compared_with_last(item: Item, name: str) -> None:
    """Spot is compared with its own trades; the other prices are for derivatives."""
    text = _text(item, name)
    if text and PRICE_TYPES.get(text) is not PriceType.LAST:
        raise ItemRejected(invalid(name))


def _price(item: Item, name: str, pair: Instrument) -> int:
    return _count(item, name, pair.price_to_ticks)


def _order_price(item: Item, name: str, pair: Instrument) -> int:
    if _text(item, name) == _MARKET:
        return commands.MARKET
    return _price(item, name, pair)


def _new_trigger(item: Item, name: str, pair: Instrument) -> int:
    """0 takes the leg away. Source: OKX v5, POST trade/amend-algos, "newTpTriggerPx"."""
    text = _text(item, name)
    if not text:
        return 0
    return commands.DROP_LEG if not text.strip("0.") else _price(item, name, pair)


def _lots(item: Item, name: str, pair: Instrument) -> int:
    try:
        return _count(item, name, pair.size_to_lots, off_grid=True)
    except OffGrid as error:
        raise ItemRejected(SIZE_OFF_LOT) from error


def _count(item: Item, name: str, count: Callable[[str], int], *, off_grid: bool = False) -> int:
    text = _text(item, name)
    if not text:
        raise ItemRejected(missing(name))
    if len(text) > _NUMBER_MAX:
        raise ItemRejected(invalid(name))
    try:
        number = count(text)
    except NotAnAmount as error:
        raise ItemRejected(invalid(name)) from error
    except OffGrid as error:
        if off_grid:
            raise
        raise ItemRejected(invalid(name)) from error
    if not 0 < number < 1 << 63:
        raise ItemRejected(invalid(name))
    return number


def _distance(item: Item, pair: Instrument) -> tuple[int, int]:
    """Read how far a trailing stop follows: parts per billion, or ticks."""
    has_ratio, has_spread = bool(_text(item, "callbackRatio")), bool(_text(item, "callbackSpread"))
    if has_ratio == has_spread:
        raise ItemRejected(ONE_DISTANCE)
    if has_spread:
        return 0, _price(item, "callbackSpread", pair)
    text = _text(item, "callbackRatio")
    whole, _, part = text.partition(".")
    digits = whole + part.ljust(_RATIO_DIGITS, "0")
    if len(part) > _RATIO_DIGITS or not (digits.isascii() and digits.isdigit()) or len(whole) > 1:
        raise ItemRejected(invalid("callbackRatio"))
    return int(digits), 0


def _size(
    item: Item, pair: Instrument, side: Side, kind: TriggerKind, legs: commands.Legs
) -> tuple[int, bool]:
    """Read a size, and whether it is quote money.

    Source: OKX v5, POST trade/order-algo, "tgtCcy": for market orders of TP/SL, quote_ccy for buyers who say nothing.
    """
    target = _text(item, "tgtCcy")
    if target not in {"", "base_ccy", "quote_ccy"}:
        raise ItemRejected(invalid("tgtCcy"))
    is_simple = kind in {TriggerKind.CONDITIONAL, TriggerKind.ONE_CANCELS_OTHER}
    all_market = is_simple and legs[1] <= 0 and legs[3] <= 0
    if target == "quote_ccy" and not all_market:
        raise ItemRejected(NO_QUOTE_SIZE)
    if all_market and (target == "quote_ccy" or (not target and side is Side.BUY)):
        return _count(item, "sz", pair.quote_to_notional), True
    return _lots(item, "sz", pair), False
