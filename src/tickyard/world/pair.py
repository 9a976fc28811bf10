"""A pair as its public description says: what may be quoted."""

from decimal import Decimal
from math import ceil, floor, log10
from typing import Any

import msgspec

_FIGURES = 3
"""Sizes have so many significant figures, as people would type them."""


class Pair(msgspec.Struct, frozen=True):
    """Prices are whole ticks, sizes whole lots."""

    inst_id: str
    code: int
    base: str
    quote: str
    tick: Decimal
    lot: Decimal
    min_size: int
    max_size: int
    is_live: bool

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Pair":
        """Read a row of GET /api/v5/public/instruments."""
        lot = Decimal(row["lotSz"])
        return cls(
            inst_id=row["instId"],
            code=row["instIdCode"],
            base=row["baseCcy"],
            quote=row["quoteCcy"],
            tick=Decimal(row["tickSz"]),
            lot=lot,
            min_size=int(Decimal(row["minSz"]) / lot),
            max_size=int(Decimal(row["maxLmtSz"]) / lot),
            is_live=row["state"] == "live",
        )

    def below(self, price: float) -> int:
        """The highest tick not above a price, at least one."""
        return max(1, floor(price / float(self.tick)))

    def above(self, price: float) -> int:
        """The lowest tick not below a price, at least one."""
        return max(1, ceil(price / float(self.tick)))

    def ticks(self, price: str) -> int:
        """Read a price."""
        return int(Decimal(price) / self.tick)

    def lots(self, size: str) -> int:
        """Read a size."""
        return int(Decimal(size) / self.lot)

    def price_text(self, ticks: int) -> str:
        """Write a price."""
        return f"{ticks * self.tick:f}"

    def size_text(self, lots: int) -> str:
        """Write a size."""
        return f"{lots * self.lot:f}"

    def sized(self, amount: float, figures: int = _FIGURES) -> int:
        """Turn an amount of base into a size that may be ordered, in lots, with few figures."""
        lots = max(1, round(amount / float(self.lot)))
        unit = int(10 ** max(0, floor(log10(lots)) + 1 - figures))
        return max(self.min_size, min(self.max_size, round(lots / unit) * unit))
