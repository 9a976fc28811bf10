"""Items of trigger-order requests into command records. What is wrong never reaches the core.

Source: OKX v5, POST /api/v5/trade/order-algo, cancel-algos, "Request parameters".
"""

from typing import Final, assert_never

from msgspec import Struct

from tickyard.base.amounts import PPB_DIGITS
from tickyard.base.ids import AccountId
from tickyard.engine import commands
from tickyard.engine.records import OrderType, Refusal, Side, TriggerKind
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.model import Instrument
from tickyard.trading.errors import (
    ATTACHED,
    CLOSE_FRACTION,
    NO_QUOTE_SIZE,
    REDUCE_ONLY,
    ItemRejected,
    Rejection,
    invalid,
    missing,
    of_trigger,
)
from tickyard.trading.wire import members
from tickyard.trading.wire.algo_words import KINDS
from tickyard.trading.wire.requests import Item
from tickyard.trading.wire.words import SIDES, TRADE_MODES

_TAG_MAX: Final = 16
_ADVANCED: Final = {
    "fok": OrderType.FILL_OR_KILL,
    "ioc": OrderType.IMMEDIATE_OR_CANCEL,
}


def place(item: Item, account: AccountId, catalog: Catalog) -> bytes:
    """Read a trigger order.

    Raises:
        ItemRejected: a parameter is missing or wrong.
    """
    pair = members.instrument(item, catalog)
    trade_mode = members.word(item, "tdMode", TRADE_MODES)
    side = members.word(item, "side", SIDES)
    kind = members.word(item, "ordType", KINDS)
    if members.is_true(item, "reduceOnly"):
        raise ItemRejected(REDUCE_ONLY)
    if members.text(item, "closeFraction"):
        raise ItemRejected(CLOSE_FRACTION)
    if members.text(item, "tradeQuoteCcy") not in {"", pair.quote.symbol}:
        raise ItemRejected(invalid("tradeQuoteCcy"))
    terms = _terms(item, pair, kind)
    size, in_quote = _size(item, pair, side, kind, terms.legs)
    return commands.place_trigger(
        account=account,
        instrument=pair.instrument,
        kind=kind,
        side=side,
        legs=terms.legs,
        size=size,
        order_type=terms.order_type,
        trade_mode=trade_mode,
        callback_ratio_ppb=terms.ratio_ppb,
        callback_spread=terms.spread,
        active_price=terms.active_price,
        client_id=members.client_id(item),
        tag=members.name(item, "tag", _TAG_MAX),
        size_in_quote=in_quote,
    )


def why_not_placed(item: Item, refusal: Refusal) -> Rejection:
    """Say why the core has refused a trigger order that `place` has read."""
    is_buy, kind = item.get("side") == "buy", str(item.get("ordType"))
    return of_trigger(refusal, is_buy=is_buy, kind=kind)


def cancel(item: Item, account: AccountId, catalog: Catalog) -> bytes:
    """Read a cancellation; see `place`."""
    pair = members.instrument(item, catalog)
    trigger_id, client_id = members.which(item)
    return commands.cancel_trigger(
        account=account,
        instrument=pair.instrument,
        trigger_id=trigger_id,
        client_id=client_id,
    )


def two_legs(item: Item, pair: Instrument) -> commands.Legs:
    """Read take-profit and stop-loss; zeros for what is not there.

    Raises:
        ItemRejected: a price is missing or wrong.
    """
    for name in ("tpTriggerPxType", "slTriggerPxType"):
        members.compared_with_last(item, name)
    kind = members.text(item, "tpOrdKind")
    if kind == "limit":
        raise ItemRejected(ATTACHED["51094"])
    if kind not in {"", "condition"}:
        raise ItemRejected(invalid("tpOrdKind"))
    take, stop = (
        (members.price(item, trigger, pair), members.order_price(item, price, pair))
        if members.text(item, trigger)
        else (0, 0)
        for trigger, price in (("tpTriggerPx", "tpOrdPx"), ("slTriggerPx", "slOrdPx"))
    )
    return (*take, *stop)


class _Terms(Struct, frozen=True):
    """What is asked for of one kind alone."""

    legs: commands.Legs = (0, 0, 0, 0)
    order_type: OrderType = OrderType.LIMIT
    ratio_ppb: int = 0
    spread: int = 0
    active_price: int = 0


def _terms(item: Item, pair: Instrument, kind: TriggerKind) -> _Terms:
    match kind:
        case TriggerKind.PLAIN:
            return _plain_terms(item, pair)
        case TriggerKind.TRAILING:
            members.compared_with_last(item, "triggerPxType")
            ratio, spread = _distance(item, pair)
            active = members.price(item, "activePx", pair) if members.text(item, "activePx") else 0
            return _Terms(ratio_ppb=ratio, spread=spread, active_price=active)
        case TriggerKind.ONE_CANCELS_OTHER:
            return _Terms(two_legs(item, pair))
        case TriggerKind.CONDITIONAL:
            legs = two_legs(item, pair)
            if legs[0] and legs[2]:
                # Source: OKX v5, POST trade/order-algo, "slTriggerPx": with both, only the stop-loss is used.
                legs = (0, 0, legs[2], legs[3])
            return _Terms(legs)
        case _:
            assert_never(kind)


def _plain_terms(item: Item, pair: Instrument) -> _Terms:
    if item.get("attachAlgoOrds"):
        raise ItemRejected(invalid("attachAlgoOrds"))
    members.compared_with_last(item, "triggerPxType")
    is_old = members.text(item, "ordPx") and not members.text(item, "orderPx")
    trigger = members.price(item, "triggerPx", pair)
    price = members.order_price(item, "ordPx" if is_old else "orderPx", pair)
    order_type = OrderType.LIMIT
    if members.text(item, "advanceOrdType"):
        order_type = members.word(item, "advanceOrdType", _ADVANCED)
    return _Terms((trigger, price, 0, 0), order_type)


def _distance(item: Item, pair: Instrument) -> tuple[int, int]:
    """Read how far a trailing stop follows: parts per billion, or ticks."""
    has_ratio, has_spread = (
        bool(members.text(item, "callbackRatio")),
        bool(members.text(item, "callbackSpread")),
    )
    if has_ratio and has_spread:
        raise ItemRejected(invalid("callbackSpread"))
    if not has_ratio and not has_spread:
        raise ItemRejected(missing("callbackRatio"))
    if has_spread:
        return 0, members.price(item, "callbackSpread", pair)
    text = members.text(item, "callbackRatio")
    whole, _, part = text.partition(".")
    digits = whole + part.ljust(PPB_DIGITS, "0")
    if len(part) > PPB_DIGITS or not (digits.isascii() and digits.isdigit()) or len(whole) > 1:
        raise ItemRejected(invalid("callbackRatio"))
    return int(digits), 0


def _size(
    item: Item, pair: Instrument, side: Side, kind: TriggerKind, legs: commands.Legs
) -> tuple[int, bool]:
    """Read a size, and whether it is quote money.

    Source: OKX v5, POST trade/order-algo, "tgtCcy": for market orders of TP/SL, quote_ccy for buyers who say nothing.
    """
    target = members.text(item, "tgtCcy")
    if target not in {"", "base_ccy", "quote_ccy"}:
        raise ItemRejected(invalid("tgtCcy"))
    is_simple = kind in {TriggerKind.CONDITIONAL, TriggerKind.ONE_CANCELS_OTHER}
    all_market = is_simple and legs[1] <= 0 and legs[3] <= 0
    if target == "quote_ccy" and not all_market:
        raise ItemRejected(NO_QUOTE_SIZE)
    if all_market and (target == "quote_ccy" or (not target and side is Side.BUY)):
        return members.count(item, "sz", pair.quote_to_notional), True
    return members.lots(item, "sz", pair), False
