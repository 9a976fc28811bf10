"""What a request for candles asks for."""

from collections.abc import Mapping
from typing import Final

from tickyard.instruments.params import limit, optional_choice, whole
from tickyard.marketdata import wire
from tickyard.marketdata.candles import CandleQuery

CANDLES_BACK: Final = 1_440
"""So many of the newest candles are in the endpoints that have "candles" without "history" in their name."""
_PAGE: Final = 100


def candle_query(params: Mapping[str, str], *, most: int, depth_max: int | None) -> CandleQuery:
    """Read the parameters.

    Args:
        params: of the request.
        most: candles in one answer.
        depth_max: only so many candles back from now can be seen.
    """
    bar = optional_choice(params, "bar", wire.BARS)
    return CandleQuery(
        wire.BARS[bar or wire.BAR_DEFAULT],
        limit(params, most=most) if "limit" in params else _PAGE,
        # The words are OKX's: after a time means older than it.
        before_ms=whole(params, "after"),
        after_ms=whole(params, "before"),
        depth_max=depth_max,
    )
