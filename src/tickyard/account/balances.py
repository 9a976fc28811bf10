"""What an account has, and what that is worth."""

from collections.abc import Collection, Sequence

from msgspec import Struct

from tickyard.account.model import Core, Holding, Prices
from tickyard.base.clock import NS_PER_MS
from tickyard.base.ids import AccountId, Seq
from tickyard.engine.rows import BalanceRow, Balances
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.model import Asset


class Portfolio(Struct, frozen=True):
    """Everything that an account has, as of a command."""

    seq: Seq
    time_ms: int
    """Exchange time."""
    holdings: Sequence[Holding]
    """In the order of the listing; what was never held is not in it."""

    @property
    def trading(self) -> list[Holding]:
        """What the trading wallet holds."""
        return [holding for holding in self.holdings if holding.trading]

    @property
    def funding(self) -> list[Holding]:
        """What the funding wallet holds."""
        return [holding for holding in self.holdings if holding.funding]

    def of(self, asset: Asset) -> Holding | None:
        """What there is of one asset; None when it was never held."""
        return next((holding for holding in self.holdings if holding.asset == asset), None)


class Portfolios:
    """Reads portfolios from the core and values them."""

    def __init__(self, *, core: Core, catalog: Catalog, prices: Prices) -> None:
        self._core = core
        self._catalog = catalog
        self._prices = prices

    async def read(self, account: AccountId) -> Portfolio:
        """Read what an account has, after everything that was acknowledged."""
        return self.value(await self._core.balances(account))

    def value(self, balances: Balances) -> Portfolio:
        """Put prices on balances."""
        return Portfolio(
            balances.seq,
            balances.time_ns // NS_PER_MS,
            [self._holding(row) for row in sorted(balances.rows, key=lambda row: row.asset)],
        )

    def _holding(self, row: BalanceRow) -> Holding:
        asset = self._catalog.asset(row.asset)
        price = self._prices.usd_price(asset.symbol)
        return Holding(asset, row.trading, row.hold, row.funding, price)


def only(holdings: Sequence[Holding], assets: Collection[Asset] | None) -> Sequence[Holding]:
    """Keep what is of these assets; everything when there is no wish."""
    if assets is None:
        return holdings
    return [holding for holding in holdings if holding.asset in assets]
