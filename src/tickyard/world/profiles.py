"""How pairs and assets behave, as `data/profiles.toml` says."""

from functools import cache

import msgspec
from msgspec.structs import replace

from tickyard.base.data_files import read_toml


class Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a pair is quoted and traded. The data file says what each number means."""

    volatility: float
    beta: float
    jumps_per_week: float
    jump_percent: float
    day: float
    makers: int
    levels: int
    half_spread_bps: float
    step_bps: float
    best_usd: float
    growth: float
    decay: float
    aversion: float
    horizon_s: float
    inventory_usd: float
    refresh_ms: float
    moves_max: int
    trades_per_minute: float
    trade_usd: float


class Market(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all coins have in common."""

    volatility: float
    jumps_per_week: float
    jump_percent: float
    variance_half_life_s: float
    variance_spread: float
    leverage: float
    weekend: float
    hours: tuple[float, ...]


class Motion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the price of an asset moves."""

    volatility: float
    """All of it, as a standard deviation of the logarithm over a year."""
    beta: float
    """How far it goes when the market goes by one."""
    jumps_per_week: float
    jump_percent: float


class _Tier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    spread: float
    size: float
    refresh: float
    aversion: float


class _Difference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    volatility: float
    beta: float


class _DataFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    other_pair: str
    market: Market
    profile: dict[str, Behaviour]
    pair: dict[str, str]
    tier: tuple[_Tier, ...]
    asset: dict[str, _Difference]


def behaviour(inst_id: str) -> Behaviour:
    """How a pair is quoted and traded; pairs that the data file does not name are small."""
    return _file().profile[profile_name(inst_id)]


def profile_name(inst_id: str) -> str:
    """Which profile a pair has, e.g. "major"."""
    file = _file()
    return file.pair.get(inst_id, file.other_pair)


def tiers(inst_id: str) -> tuple[Behaviour, ...]:
    """How each maker of a pair quotes it, the keenest first."""
    how, file = behaviour(inst_id), _file()
    return tuple(
        replace(
            how,
            half_spread_bps=how.half_spread_bps * tier.spread,
            step_bps=how.step_bps * (1 + tier.spread) / 2,
            best_usd=how.best_usd * tier.size,
            inventory_usd=how.inventory_usd * tier.size,
            refresh_ms=how.refresh_ms * tier.refresh,
            aversion=how.aversion * tier.aversion,
        )
        for tier in file.tier[: how.makers]
    )


def market() -> Market:
    """What all coins have in common."""
    return _file().market


def motion(asset: str) -> Motion:
    """How the price of an asset in dollars moves."""
    how, other = behaviour(f"{asset}-USDT"), _file().asset.get(asset)
    return Motion(
        volatility=how.volatility if other is None else other.volatility,
        beta=how.beta if other is None else other.beta,
        jumps_per_week=how.jumps_per_week,
        jump_percent=how.jump_percent,
    )


@cache
def _file() -> _DataFile:
    return read_toml("tickyard.world", "profiles.toml", _DataFile)
