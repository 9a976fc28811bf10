"""How an index price is made of the prices of several venues."""

from collections.abc import Sequence
from decimal import Decimal
from statistics import median

import msgspec

_TWO = 2


class Component(msgspec.Struct, frozen=True):
    """What one venue says of an index."""

    source: str
    symbol: str
    """Its own pair, e.g. "BTC-USDC"."""
    price: Decimal
    """In the venue's quote coin."""
    converted: Decimal
    """In the quote coin of the index; more than zero."""
    weight: Decimal


def index_price(components: Sequence[Component], band: Decimal) -> Decimal | None:
    """Weigh what the venues say; one that is far from the median counts only as far as the band.

    Two venues weigh the same, and one alone is believed: there is no median to judge them by.
    Source: OKX, "Index calculation rules": prices beyond the band around the median count as its edge.

    Args:
        components: of the venues whose prices are fresh.
        band: e.g. 0.02 for two percent.

    Returns:
        The price; None without any.
    """
    prices = [component.converted for component in components]
    if not prices:
        return None
    if len(prices) <= _TWO:
        return sum(prices, Decimal(0)) / len(prices)
    middle = median(prices)
    lowest, highest = middle * (1 - band), middle * (1 + band)
    weighed = whole = Decimal(0)
    for component in components:
        weighed += component.weight * min(max(component.converted, lowest), highest)
        whole += component.weight
    return weighed / whole
