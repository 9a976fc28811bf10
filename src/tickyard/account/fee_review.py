"""Fee levels by what an owner trades in thirty days and what it has, found again every day.

The level of a master account is that of all its sub-accounts, and all of them count together. Nobody falls below what
was granted. The core charges what it was told of last, and `account/trade-fee` tells it.

Source: OKX, "Trading fee rates": the better of 30-day volume and assets counts, changed once a day.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final, Protocol

from msgspec import Struct

from tickyard.account.model import Holding
from tickyard.account.wire.balance import usd_value
from tickyard.base.ids import AccountId, InstrumentId
from tickyard.engine import commands
from tickyard.engine.events import AccountDefined
from tickyard.engine.records import FIRST_USER_ACCOUNT
from tickyard.engine.replies import Reply
from tickyard.engine.rows import Balances, Definitions
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.grid import EXACT
from tickyard.instruments.model import FeeLevel

PERIOD_MS: Final = timedelta(days=30) // timedelta(milliseconds=1)
TURNOVER_BITS: Final = 20
"""Turnover is summed in notional units of so many bits less, each trade rounded down, so that a sum has room."""
_DOLLARS: Final = ("USDT", "USDC")


class Turnover(Struct, frozen=True):
    """What one account traded in one pair."""

    account: AccountId
    instrument: InstrumentId
    notional: int
    """Quote money, in 2^`TURNOVER_BITS` notional units."""
    last_bill: int
    last_price: int
    """In ticks, at `last_bill`."""


class Turnovers(Protocol):
    """Knows what was traded."""

    async def turnover(self, since_ms: int) -> Sequence[Turnover]:
        """Sum up what every account traded since a time."""
        ...


class ReviewedCore(Protocol):
    """What is asked of the core."""

    async def definitions(self) -> Definitions:
        """Read all accounts, among other things."""
        ...

    async def balances(self, account: AccountId) -> Balances:
        """Read what the account has of each asset."""
        ...

    async def submit_many(self, records: Sequence[bytes]) -> list[Reply]:
        """Submit commands and wait until they are carried out."""
        ...


class FeeReview:
    """Finds every owner's fee level and tells the core of those that changed."""

    def __init__(
        self,
        core: ReviewedCore,
        turnovers: Turnovers,
        catalog: Catalog,
        granted: Mapping[AccountId, int],
    ) -> None:
        """Take what is needed.

        Args:
            core: has balances and levels.
            turnovers: what was traded.
            catalog: the listing.
            granted: the least level of some master accounts.
        """
        self._core = core
        self._turnovers = turnovers
        self._catalog = catalog
        self._granted = granted

    async def carry_out(self, now_ms: int) -> int:
        """Review everybody.

        Args:
            now_ms: exchange time.

        Returns:
            The number of accounts whose level changed.
        """
        traded = await self._turnovers.turnover(now_ms - PERIOD_MS)
        worth = _Worth(self._catalog, traded)
        families: dict[AccountId, list[AccountDefined]] = defaultdict(list)
        for account in (await self._core.definitions()).accounts:
            if account.account >= FIRST_USER_ACCOUNT:
                families[account.master].append(account)
        volumes: dict[AccountId, Decimal] = defaultdict(Decimal)
        for row in traded:
            volumes[row.account] = EXACT.add(volumes[row.account], worth.of_turnover(row))
        records = []
        for master, members in families.items():
            volume = sum((volumes[member.account] for member in members), Decimal(0))
            assets = Decimal(0)
            for member in members:
                assets += worth.of_balances(await self._core.balances(member.account))
            level = max(
                level_of(self._catalog.fee_levels, volume, assets).level,
                self._granted.get(master, 0),
            )
            records += [_changed(member, level) for member in members if member.fee_level != level]
        await self._core.submit_many(records)
        return len(records)


def level_of(levels: Sequence[FeeLevel], volume_usd: Decimal, assets_usd: Decimal) -> FeeLevel:
    """Find the best level that the volume of thirty days or the assets reach."""
    return max(
        (
            level
            for level in levels
            if level.level == 0
            or (level.min_volume_usd is not None and volume_usd >= level.min_volume_usd)
            or (level.min_assets_usd is not None and assets_usd >= level.min_assets_usd)
        ),
        key=lambda level: level.level,
    )


def _changed(account: AccountDefined, level: int) -> bytes:
    return commands.define_account(
        account=account.account,
        master=account.master,
        fee_level=level,
        self_trade=account.self_trade,
    )


class _Worth:
    """Values by the last trade of each pair, before the first by the listing."""

    def __init__(self, catalog: Catalog, traded: Sequence[Turnover]) -> None:
        self._catalog = catalog
        last: dict[InstrumentId, Turnover] = {}
        for row in traded:
            known = last.get(row.instrument)
            if known is None or row.last_bill > known.last_bill:
                last[row.instrument] = row
        self._prices = {
            pair.symbol: pair.ticks_to_value(last[pair.instrument].last_price)
            for pair in catalog.instruments
            if pair.instrument in last
        }

    def of_turnover(self, row: Turnover) -> Decimal:
        pair = self._catalog.instrument(row.instrument)
        money = pair.notional_grid.value(row.notional << TURNOVER_BITS)
        return EXACT.multiply(money, self._usd(pair.quote.symbol))

    def of_balances(self, balances: Balances) -> Decimal:
        total = Decimal(0)
        for row in balances.rows:
            asset = self._catalog.asset(row.asset)
            held = Holding(asset, row.trading, row.hold, row.funding, self._usd(asset.symbol))
            total = EXACT.add(total, usd_value(held, row.trading + row.funding))
        return total

    def _usd(self, symbol: str) -> Decimal:
        asset = self._catalog.asset_by_symbol(symbol)
        assert asset is not None, "Invariant: what is held and traded is listed"
        if symbol in _DOLLARS:
            return asset.reference_usd
        for dollar in _DOLLARS:
            price = self._prices.get(f"{symbol}-{dollar}")
            if price is not None:
                return EXACT.multiply(price, self._usd(dollar))
        return asset.reference_usd
