"""The parameters of queries for fees and sizes.

Source: OKX v5, GET /api/v5/account/trade-fee, max-size, max-avail-size.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from tickyard.account.wire.settings import FEE_GROUPS
from tickyard.account.wire.values import currencies, listed
from tickyard.base.amounts import NotAnAmount, parse_amount
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.errors import NotInSpotMode, ParameterWrong
from tickyard.instruments.model import Instrument
from tickyard.instruments.params import (
    choice,
    instrument,
    optional_choice,
    optional_instrument,
    required,
)
from tickyard.instruments.wire import INSTRUMENT_TYPES

Params = Mapping[str, str]

_PAIRS_MAX: Final = 5
_TRADE_MODES: Final = ("cash", "cross", "isolated", "spot_isolated")


def fee_groups(params: Params, catalog: Catalog) -> Sequence[str] | None:
    """Read of which groups of pairs the fee rates are asked for; None for another product, which has none.

    Raises:
        ApiError: a parameter is missing or wrong, or names something unknown.
    """
    pair, group = optional_instrument(params, catalog), params.get("groupId")
    if choice(params, "instType", INSTRUMENT_TYPES) != "SPOT":
        return None
    if pair is not None:
        return (pair.fee_group,)
    return tuple(one for one in FEE_GROUPS if group in {None, one})


def pairs_in_cash(params: Params, catalog: Catalog) -> Sequence[Instrument]:
    """Read of which pairs the sizes are asked for.

    Raises:
        NotInSpotMode: orders with borrowed money are meant.
        ApiError: a parameter is missing or wrong, or names something unknown.
    """
    required(params, "instId")
    symbols = listed(params, "instId", most=_PAIRS_MAX)
    mode = choice(params, "tdMode", _TRADE_MODES)
    # Of margin only, but what is no currency is none.
    currencies(catalog, params)
    optional_choice(params, "outcome", ("yes", "no"))
    pairs = [instrument(symbol, catalog) for symbol in symbols]
    if mode != "cash":
        raise NotInSpotMode
    return pairs


def asked_price(params: Params) -> Decimal | None:
    """Read the price that sizes are asked for, if any.

    Raises:
        ParameterWrong: it is no price.
    """
    if "px" not in params:
        return None
    try:
        price = parse_amount(params["px"])
    except NotAnAmount:
        raise ParameterWrong("px") from None
    if not price:
        raise ParameterWrong("px")
    return price
