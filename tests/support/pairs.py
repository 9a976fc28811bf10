"""Pairs of the listing by their names, which tests know to be there."""

from tickyard.instruments import listing
from tickyard.instruments.model import Instrument

_CATALOG = listing.load()


def pair(symbol: str) -> Instrument:
    found = _CATALOG.by_symbol(symbol)
    assert found is not None, symbol
    return found
