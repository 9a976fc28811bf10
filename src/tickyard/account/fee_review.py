"""Fee levels by what an owner trades in thirty days and what it has, found again every day.

The level of a master account is that of all its sub-accounts, and all of them count together. Nobody falls below what
was granted. The core charges what it was told of last, and `account/trade-fee` tells it.

What was given, as all money of a demo was once, is no asset here: else everybody would be above the first level from the
first day on. What was made of it is.

Source: OKX, "Trading fee rates": the better of 30-day volume and assets counts, changed once a day.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, Protocol

from msgspec import Struct

from tickyard.base.clock import DAY_MS
from tickyard.base.ids import AccountId, AssetId, InstrumentId, Seq
from tickyard.engine import commands
from tickyard.engine.events import AccountDefined
from tickyard.engine.records import FIRST_USER_ACCOUNT
from tickyard.engine.replies import Reply
from tickyard.engine.rows import Balances, Definitions
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.grid import EXACT
from tickyard.instruments.model import FeeLevel

PERIOD_MS: Final = 30 * DAY_MS
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


class Given(Struct, frozen=True):
    """What one account was given of one asset, less what was taken from it again."""

    account: AccountId
    asset: AssetId
    amount: int
    """Ledger units."""


class Turnovers(Protocol):
    """Knows what was traded, and what was given."""

    async def turnover(self, since_ms: int) -> Sequence[Turnover]:
        """Sum up what every account traded since a time."""
        ...

    async def given(self, seq: Seq) -> Sequence[Given]:
        """Sum up what every account was given, by this command at least."""
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
        assets_of = await self._assets(
            [each.account for all_ in families.values() for each in all_], worth
        )
        records = []
        for master, members in families.items():
            volume = sum((volumes[member.account] for member in members), Decimal(0))
            assets = sum((assets_of[member.account] for member in members), Decimal(0))
            level = max(
                level_of(self._catalog.fee_levels, volume, assets).level,
                self._granted.get(master, 0),
            )
            records += [_changed(member, level) for member in members if member.fee_level != level]
        await self._core.submit_many(records)
        return len(records)

    async def _assets(
        self, accounts: Sequence[AccountId], worth: "_Worth"
    ) -> Mapping[AccountId, Decimal]:
        """Value what each account has, less what it was given."""
        found: dict[AccountId, Decimal] = {}
        newest = Seq(0)
        for account in accounts:
            balances = await self._core.balances(account)
            newest = max(newest, balances.seq)
            found[account] = worth.of_balances(balances)
        # Asked for afterwards, so that nothing is counted whose giving is not known yet.
        for given in await self._turnovers.given(newest):
            if given.account in found:
                worth_given = worth.of_units(given.asset, given.amount)
                found[given.account] = EXACT.subtract(found[given.account], worth_given)
        return found


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
            total = EXACT.add(total, self.of_units(row.asset, row.trading + row.funding))
        return total

    def of_units(self, asset_id: AssetId, units: int) -> Decimal:
        asset = self._catalog.asset(asset_id)
        return EXACT.multiply(asset.amount_value(units), self._usd(asset.symbol))

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
