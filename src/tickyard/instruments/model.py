"""Assets, spot instruments, fee levels: the nouns of this slice."""

from decimal import Decimal

import msgspec

from tickyard.base.amounts import scaled_text
from tickyard.base.ids import AssetId, InstrumentId
from tickyard.instruments.grid import Grid, units_value


class Asset(msgspec.Struct, frozen=True):
    """Something that can be owned.

    Amounts are whole ledger units of 10^-`unit_digits`: 18 digits, or 8 for fiat.
    """

    asset: AssetId
    symbol: str
    name: str
    unit_digits: int
    network: str
    reference_usd: Decimal
    """What one is worth in USD before anything was traded."""

    def amount_text(self, units: int) -> str:
        """Write an amount as a plain decimal, without trailing zeros."""
        return scaled_text(units, self.unit_digits)

    def amount_value(self, units: int) -> Decimal:
        """Convert an amount into a number, exactly."""
        return units_value(units, self.unit_digits)

    def units(self, amount: str | Decimal) -> int:
        """Convert a number that is zero or positive into ledger units.

        Raises:
            NotAnAmount: it is no plain decimal number.
            OffGrid: it is finer than a ledger unit.
        """
        return Grid(1, self.unit_digits).count(amount)


class Instrument(msgspec.Struct, frozen=True):
    """A spot pair: `base` is traded, `quote` is paid.

    Prices are whole ticks, sizes whole lots, and price times size whole notional units of quote money.
    """

    instrument: InstrumentId
    """Also its number on the wire, for ever."""
    symbol: str
    base: Asset
    quote: Asset
    price_grid: Grid
    size_grid: Grid
    notional_grid: Grid
    min_size: int
    """Smallest order, in lots."""
    max_limit_size: int
    """Largest limit order, in lots."""
    max_market_size: int
    """Largest market order by base, in lots."""
    max_market_amount: int
    """Largest market order by quote, in notional units."""
    min_price: int
    """Lowest price accepted, in ticks."""
    max_price: int
    """Highest price accepted, in ticks."""
    max_limit_usd: str
    max_market_usd: str
    listed_ms: int
    fee_group: str
    reference_price: Decimal
    """The price before the first trade."""

    def price_to_ticks(self, price: str | Decimal) -> int:
        """Convert a price into ticks.

        Raises:
            NotAnAmount: it is no plain decimal number.
            OffGrid: it lies between two ticks.
        """
        return self.price_grid.count(price)

    def ticks_to_text(self, ticks: int) -> str:
        """Write a price."""
        return self.price_grid.text(ticks)

    def ticks_to_value(self, ticks: int) -> Decimal:
        """Convert ticks into a price, exactly."""
        return self.price_grid.value(ticks)

    def size_to_lots(self, size: str | Decimal) -> int:
        """Convert an amount of base into lots.

        Raises:
            NotAnAmount: it is no plain decimal number.
            OffGrid: it lies between two lots.
        """
        return self.size_grid.count(size)

    def lots_to_text(self, lots: int) -> str:
        """Write a size, in base."""
        return self.size_grid.text(lots)

    def lots_to_value(self, lots: int) -> Decimal:
        """Convert lots into an amount of base, exactly."""
        return self.size_grid.value(lots)

    def quote_to_notional(self, amount: str | Decimal) -> int:
        """Convert an amount of quote money into notional units, rounding down: never more than was said.

        Raises:
            NotAnAmount: it is no plain decimal number.
        """
        return self.notional_grid.floor(amount)

    def notional_to_text(self, notional: int) -> str:
        """Write an amount of quote money that is given in notional units."""
        return self.notional_grid.text(notional)

    def average_price_text(self, notional: int, lots: int) -> str:
        """Write the average price of so much quote money for so many lots, to at most 12 decimals, half even.

        Args:
            notional: money traded, in notional units.
            lots: size traded, more than zero.
        """
        # notional / lots is a number of ticks, seldom a whole one.
        digits = 12
        ticks, rest = divmod(notional * self.price_grid.mantissa * 10**digits, lots)
        if rest * 2 > lots or (rest * 2 == lots and ticks % 2):
            ticks += 1
        return scaled_text(ticks, self.price_grid.digits + digits)


class FeeLevel(msgspec.Struct, frozen=True):
    """A row of the fee table. Rates are parts per billion of a trade's value; a negative one is a rebate."""

    level: int
    name: str
    maker_ppb: int
    taker_ppb: int
    min_volume_usd: Decimal | None = None
    """What trading of thirty days reaches it; None when none does."""
    min_assets_usd: Decimal | None = None
    """What assets reach it; None when none do."""
