"""What things are worth, for those who must put a value on orders and balances."""

from decimal import Decimal
from typing import Final

from tickyard.instruments.catalog import Catalog
from tickyard.instruments.grid import EXACT
from tickyard.marketdata.market import Markets

_QUOTES: Final = ("USDT", "USDC", "BTC", "ETH")
"""Through which coins an asset is valued, first come first."""
_DOLLAR: Final = "USD"
_UNKNOWN: Final = Decimal(0)


class Prices:
    """Prices of the last trades; where there was none yet, the reference prices of the listing.

    Dollar values go asset → quote coin → USD, by index prices where there are any. USDT and USDC are worth what the listing
    says (one dollar): they are the measure here.
    """

    def __init__(self, catalog: Catalog, markets: Markets) -> None:
        self._catalog = catalog
        self._markets = markets

    def last_price(self, inst_id: str) -> Decimal | None:
        """The last price of a pair, in quote per base; None when there is no such pair."""
        market = self._markets.by_symbol(inst_id)
        if market is None:
            return None
        last = market.tape.last
        if last is None:
            return market.instrument.reference_price
        return market.instrument.ticks_to_value(last.price)

    def usd_price(self, symbol: str) -> Decimal:
        """What one of an asset is worth in USD; zero for an asset that is not listed."""
        asset = self._catalog.asset_by_symbol(symbol)
        if asset is None:
            return Decimal(1) if symbol == _DOLLAR else _UNKNOWN
        if symbol in _QUOTES[:2]:
            return asset.reference_usd
        for quote in _QUOTES:
            price = self._worth(f"{symbol}-{quote}")
            if price is not None:
                return EXACT.multiply(price, self.usd_price(quote))
        return asset.reference_usd

    def _worth(self, inst_id: str) -> Decimal | None:
        market = self._markets.by_symbol(inst_id)
        if market is not None and market.index.last is not None:
            return market.instrument.ticks_to_value(market.index.last.price)
        if market is None or market.tape.last is None:
            return None
        return market.instrument.ticks_to_value(market.tape.last.price)
