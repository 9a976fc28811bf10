"""The parameters of a query into what we look for.

A value that could be right but matches nothing here (another product, an order type of options)
gives an empty answer; one that OKX does not know is refused.
"""

from collections.abc import Mapping
from typing import Final

from tickyard.base.ids import InstrumentId, OrderId
from tickyard.engine.records import OrderState, OrderType
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.errors import EitherIsNeeded, ParameterMissing, ParameterWrong
from tickyard.instruments.params import (
    choice,
    instrument,
    limit,
    names,
    optional_choice,
    optional_instrument,
    required,
    whole,
)
from tickyard.instruments.wire import INSTRUMENT_TYPES
from tickyard.trading.filters import PAGE_MAX, FillFilter, OrderFilter, OrderName
from tickyard.trading.wire.words import NAME_MAX, ORDER_TYPES, SUB_TYPES

Params = Mapping[str, str]

_SPOT: Final = "SPOT"
_PENDING_STATES: Final = {
    "live": OrderState.LIVE,
    "partially_filled": OrderState.PARTIALLY_FILLED,
}
_DONE_STATES: Final = {
    "filled": OrderState.FILLED,
    "canceled": OrderState.CANCELED,
    "mmp_canceled": None,
}
_OTHER_ORDER_TYPES: Final = frozenset(
    {"optimal_limit_ioc", "mmp", "mmp_and_post_only", "op_fok", "elp", "rpi"}
)
_NORMAL: Final = "normal"
_OTHER_CATEGORIES: Final = frozenset(
    {
        "twap",
        "adl",
        "full_liquidation",
        "partial_liquidation",
        "delivery",
        "ddh",
        "auto_conversion",
    }
)


def order_name(params: Params, catalog: Catalog) -> OrderName:
    """Read which order is asked for; its id goes before the client's.

    Raises:
        ApiError: the instrument or both ids are missing or wrong.
    """
    pair = instrument(required(params, "instId"), catalog).instrument
    order_id = whole(params, "ordId")
    if order_id is not None:
        return OrderName(pair, OrderId(order_id), "")
    client_id = client_name(params, "clOrdId")
    if client_id is None:
        raise EitherIsNeeded("ordId", "clOrdId")
    return OrderName(pair, None, client_id)


def client_name(params: Params, name: str) -> str | None:
    """Read a client's name for an order; None when it is absent.

    Raises:
        ApiError: it is none of up to 32 letters and digits.
    """
    said = params.get(name)
    if said is not None and (len(said) > NAME_MAX or not (said.isascii() and said.isalnum())):
        raise ParameterWrong(name)
    return said


def pending(params: Params, catalog: Catalog) -> OrderFilter | None:
    """Read which live orders are asked for; None when there can be none.

    Source: OKX v5, GET /api/v5/trade/orders-pending.

    Raises:
        ApiError: a parameter is wrong.
    """
    product = optional_choice(params, "instType", INSTRUMENT_TYPES)
    state = optional_choice(params, "state", _PENDING_STATES)
    return _orders(params, catalog, product, _PENDING_STATES[state] if state else None)


def done(params: Params, catalog: Catalog) -> OrderFilter | None:
    """Read which finished orders are asked for; None when there can be none.

    Source: OKX v5, GET /api/v5/trade/orders-history.

    Raises:
        ApiError: a parameter is missing or wrong.
    """
    product = choice(params, "instType", INSTRUMENT_TYPES)
    word = optional_choice(params, "state", _DONE_STATES)
    state = _DONE_STATES[word] if word else None
    wanted = _orders(params, catalog, product, state)
    return None if word and state is None else wanted


def fills(params: Params, catalog: Catalog, *, needs_product: bool) -> FillFilter | None:
    """Read which fills are asked for; None when there can be none.

    Source: OKX v5, GET /api/v5/trade/fills and GET /api/v5/trade/fills-history.

    Args:
        params: the query.
        catalog: to look the instrument up.
        needs_product: whether instType must be given.

    Raises:
        ApiError: a parameter is missing or wrong.
    """
    if needs_product and "instType" not in params:
        raise ParameterMissing("instType")
    product = optional_choice(params, "instType", INSTRUMENT_TYPES)
    order_id = whole(params, "ordId")
    sub_type = whole(params, "subType")
    side = SUB_TYPES.get(str(sub_type))
    wanted = FillFilter(
        instrument=_optional_instrument(params, catalog),
        order_id=None if order_id is None else OrderId(order_id),
        side=side,
        older_than=whole(params, "after"),
        newer_than=whole(params, "before"),
        begin_ms=whole(params, "begin"),
        end_ms=whole(params, "end"),
        limit=limit(params, most=PAGE_MAX),
    )
    is_elsewhere = product not in {None, _SPOT} or (sub_type is not None and side is None)
    return None if is_elsewhere else wanted


def _orders(
    params: Params, catalog: Catalog, product: str | None, state: OrderState | None
) -> OrderFilter | None:
    order_types = _order_types(params)
    category = optional_choice(params, "category", {_NORMAL, *_OTHER_CATEGORIES})
    wanted = OrderFilter(
        instrument=_optional_instrument(params, catalog),
        order_types=order_types,
        state=state,
        older_than=whole(params, "after"),
        newer_than=whole(params, "before"),
        begin_ms=whole(params, "begin"),
        end_ms=whole(params, "end"),
        limit=limit(params, most=PAGE_MAX),
    )
    is_elsewhere = (
        product not in {None, _SPOT}
        or category not in {None, _NORMAL}
        or (order_types is not None and not order_types)
    )
    return None if is_elsewhere else wanted


def _order_types(params: Params) -> frozenset[OrderType] | None:
    words = names(params, "ordType")
    if not words:
        return None
    if not all(word in ORDER_TYPES or word in _OTHER_ORDER_TYPES for word in words):
        raise ParameterWrong("ordType")
    return frozenset(ORDER_TYPES[word] for word in words if word in ORDER_TYPES)


def _optional_instrument(params: Params, catalog: Catalog) -> InstrumentId | None:
    pair = optional_instrument(params, catalog)
    return None if pair is None else pair.instrument
