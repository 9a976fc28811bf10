"""The parameters of a query for trigger orders into what we look for; see `queries`."""

from collections.abc import Mapping
from typing import Final

from tickyard.base.ids import TriggerId
from tickyard.engine.records import TriggerKind, TriggerState
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.errors import EitherIsNeeded, ParameterMissing, ParameterWrong
from tickyard.instruments.params import limit, names, optional_choice, optional_instrument, whole
from tickyard.instruments.wire import INSTRUMENT_TYPES
from tickyard.trading.errors import HistoryNeedsState
from tickyard.trading.filters import PAGE_MAX, TriggerFilter
from tickyard.trading.wire.algo_words import KINDS, OTHER_KINDS, STATES
from tickyard.trading.wire.queries import client_name

Params = Mapping[str, str]

_COMBINED: Final = frozenset({"conditional", "oco"})


def name(params: Params) -> tuple[TriggerId | None, str]:
    """Read which trigger order is asked for, by its id or by the client's name.

    Raises:
        EitherIsNeeded: neither was given.
        ParameterWrong: the id is no number, or the name none of up to 32 letters and digits.
    """
    trigger_id = _trigger_id(params)
    client_id = client_name(params, "algoClOrdId") or client_name(params, "clOrdId") or ""
    if trigger_id is None and not client_id:
        raise EitherIsNeeded("algoId", "algoClOrdId")
    return trigger_id, client_id


def pending(params: Params, catalog: Catalog) -> TriggerFilter | None:
    """Read which live ones are asked for; None when there can be none.

    Source: OKX v5, GET /api/v5/trade/orders-algo-pending.

    Raises:
        ApiError: a parameter is missing or wrong.
    """
    return _filter(params, catalog, _kinds(params), TriggerState.LIVE)


def history(params: Params, catalog: Catalog) -> TriggerFilter | None:
    """Read which of those that have ended are asked for; None when there can be none.

    Source: OKX v5, GET /api/v5/trade/orders-algo-history.

    Raises:
        ApiError: a parameter is missing or wrong.
    """
    kinds = _kinds(params)
    word = optional_choice(params, "state", STATES)
    if word is None and "algoId" not in params:
        raise HistoryNeedsState
    return _filter(params, catalog, kinds, STATES[word] if word else None)


def _filter(
    params: Params,
    catalog: Catalog,
    kinds: frozenset[TriggerKind],
    state: TriggerState | None,
) -> TriggerFilter | None:
    product = optional_choice(params, "instType", INSTRUMENT_TYPES)
    pair = optional_instrument(params, catalog)
    wanted = TriggerFilter(
        kinds=kinds,
        state=state,
        trigger_id=_trigger_id(params),
        instrument=None if pair is None else pair.instrument,
        older_than=whole(params, "after"),
        newer_than=whole(params, "before"),
        limit=limit(params, most=PAGE_MAX),
    )
    return wanted if kinds and product in {None, "SPOT"} else None


def _trigger_id(params: Params) -> TriggerId | None:
    number = whole(params, "algoId")
    return None if number is None else TriggerId(number)


def _kinds(params: Params) -> frozenset[TriggerKind]:
    """Read which kinds are asked for; only take-profit and stop-loss may be combined."""
    words = names(params, "ordType")
    if not words:
        raise ParameterMissing("ordType")
    is_known = all(word in KINDS or word in OTHER_KINDS for word in words)
    if not is_known or (len(words) > 1 and not _COMBINED.issuperset(words)):
        raise ParameterWrong("ordType")
    return frozenset(KINDS[word] for word in words if word in KINDS)
