"""Ten pairs that are traded, and the prices and sizes of what is sent to them."""

from decimal import Decimal
from typing import Final, NamedTuple

_STEPS: Final = 500


class Pair(NamedTuple):
    """A pair.

    Attributes:
        name: as the listing has it.
        price: of each trade.
        size: of each trade.
        bid: far below, where orders rest and nobody sells.
        step: between the prices of orders that rest.
        stock: what a maker of all trades has for sale.
    """

    name: str
    price: str
    size: str
    bid: str
    step: str
    stock: str

    def resting(self, number: int) -> str:
        """Return the price of one of many orders that rest."""
        return f"{Decimal(self.bid) + number % _STEPS * Decimal(self.step):f}"


PAIRS: Final = (
    Pair("BTC-USDT", "65000", "0.00001", "20000.1", "1", "1000"),
    Pair("ETH-USDT", "3200", "0.0001", "1000.1", "0.1", "10000"),
    Pair("BTC-USDC", "65000", "0.00001", "20000.1", "1", "1000"),
    Pair("ETH-USDC", "3200", "0.0001", "1000.1", "0.1", "10000"),
    Pair("TICK-USDT", "1", "1", "0.3001", "0.0001", "10000000"),
    Pair("EOS-USDT", "0.6", "1", "0.2001", "0.0001", "10000000"),
    Pair("STX-USDT", "1", "1", "0.3001", "0.0001", "10000000"),
    Pair("CHZ-USDT", "0.1", "10", "0.03001", "0.00001", "10000000"),
    Pair("PERP-USDT", "0.5", "1", "0.2001", "0.0001", "10000000"),
    Pair("ALGO-USDT", "0.2", "1", "0.0601", "0.0001", "10000000"),
)
