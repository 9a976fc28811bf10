"""The data files of this package, read, and told to the core."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import msgspec

from tickyard.base.amounts import parse_amount
from tickyard.base.data_files import read_toml
from tickyard.base.ids import AssetId, InstrumentId
from tickyard.engine import commands
from tickyard.engine.records import InstrumentState
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.grid import EXACT, Grid
from tickyard.instruments.model import Asset, FeeLevel, Instrument

_PACKAGE: Final = "tickyard.instruments"


class _AssetRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: int
    symbol: str
    name: str
    unit_digits: int
    network: str
    reference_usd: str


class _SpotRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: int
    base: str
    quote: str
    tick: str
    lot: str
    min_size: str
    max_limit_size: str
    max_market_size: str
    max_market_amount: str
    min_price: str
    max_price: str
    reference_price: str
    fee_group: str


class _LevelRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: int
    name: str
    maker: str
    taker: str
    min_volume_usd: str = ""
    min_assets_usd: str = ""


class _AssetFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    asset: list[_AssetRow]


class _SpotFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    limit_usd: str
    market_usd: str
    listed_ms: str
    spot: list[_SpotRow]


class _LevelFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    level: list[_LevelRow]


def load() -> Catalog:
    """Read the listing that comes with the package."""
    assets = [_asset(row) for row in read_toml(_PACKAGE, "assets.toml", _AssetFile).asset]
    by_symbol = {asset.symbol: asset for asset in assets}
    spot = read_toml(_PACKAGE, "spot.toml", _SpotFile)
    instruments = [_instrument(row, spot, by_symbol) for row in spot.spot]
    levels = [
        FeeLevel(
            row.id,
            row.name,
            _ppb_of_percent(row.maker),
            _ppb_of_percent(row.taker),
            _usd(row.min_volume_usd),
            _usd(row.min_assets_usd),
        )
        for row in read_toml(_PACKAGE, "fee_levels.toml", _LevelFile).level
    ]
    return Catalog(assets, instruments, levels)


def definitions(catalog: Catalog) -> Iterator[bytes]:
    """Make the commands that tell the core of the listing. Repeating them changes nothing."""
    for level in catalog.fee_levels:
        yield commands.define_fee_level(
            level=level.level, maker_ppb=level.maker_ppb, taker_ppb=level.taker_ppb
        )
    for asset in catalog.assets:
        yield commands.define_asset(
            asset=asset.asset, unit_digits=asset.unit_digits, symbol=asset.symbol.encode()
        )
    for pair in catalog.instruments:
        yield commands.define_instrument(
            instrument=pair.instrument,
            base=pair.base.asset,
            quote=pair.quote.asset,
            tick=pair.price_grid.units(pair.quote.unit_digits),
            lot=pair.size_grid.units(pair.base.unit_digits),
            state=InstrumentState.LIVE,
            min_size=pair.min_size,
            max_limit_size=pair.max_limit_size,
            max_market_size=pair.max_market_size,
            max_market_amount=pair.max_market_amount,
            min_price=pair.min_price,
            max_price=pair.max_price,
            symbol=pair.symbol.encode(),
        )


def _usd(text: str) -> Decimal | None:
    return parse_amount(text) if text else None


def _asset(row: _AssetRow) -> Asset:
    return Asset(
        asset=AssetId(row.id),
        symbol=row.symbol,
        name=row.name,
        unit_digits=row.unit_digits,
        network=row.network,
        reference_usd=parse_amount(row.reference_usd),
    )


def _instrument(row: _SpotRow, file: _SpotFile, assets: dict[str, Asset]) -> Instrument:
    prices, sizes = Grid.of(row.tick), Grid.of(row.lot)
    notionals = prices.times(sizes)
    return Instrument(
        instrument=InstrumentId(row.id),
        symbol=f"{row.base}-{row.quote}",
        base=assets[row.base],
        quote=assets[row.quote],
        price_grid=prices,
        size_grid=sizes,
        notional_grid=notionals,
        min_size=sizes.count(row.min_size),
        max_limit_size=sizes.count(row.max_limit_size),
        max_market_size=sizes.count(row.max_market_size),
        max_market_amount=notionals.count(row.max_market_amount),
        min_price=prices.count(row.min_price),
        max_price=prices.count(row.max_price),
        max_limit_usd=file.limit_usd,
        max_market_usd=file.market_usd,
        listed_ms=int(file.listed_ms),
        fee_group=row.fee_group,
        reference_price=parse_amount(row.reference_price),
    )


def _ppb_of_percent(percent: str) -> int:
    magnitude = parse_amount(percent.removeprefix("-"))
    ppb = int(EXACT.scaleb(magnitude, 7))
    return -ppb if percent.startswith("-") else ppb
