"""Who takes part in the simulated market, and where the exchange is."""

import tomllib
from enum import StrEnum
from functools import cache
from importlib import resources

import msgspec


class Profile(StrEnum):
    """How lively the market is."""

    LIVING = "living"
    """Prices move, quotes follow, takers trade."""
    QUIET = "quiet"
    """Quotes stand still and are put back when they are gone; hardly anybody trades."""
    EMPTY = "empty"
    """Nobody quotes: what an earlier run left is cancelled."""


class Participant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account, its key, and the address that it comes from."""

    name: str
    api_key: str
    secret_key: str
    passphrase: str
    source_address: str
    """A loopback address of its own: rate limits of addresses are not shared with people on 127.0.0.1."""


class WorldSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that the process is told."""

    http: str
    """Origin of the plain port, e.g. "http://127.0.0.1:8080"."""
    ws: str
    """Base of its sockets, e.g. "ws://127.0.0.1:8080/ws/v5"."""
    seed: int
    profile: Profile
    makers: tuple[Participant, ...]
    """They share the pairs; at least one."""
    taker: Participant
    """Of another master account than the makers, or self-trade prevention would stop every trade."""
    references: dict[str, str]
    """The price of each pair before anything was traded, e.g. {"BTC-USDT": "65000"}."""


class Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a pair is quoted and traded."""

    levels: int
    """Quotes on each side."""
    half_spread_bps: float
    """From the fair price to the best quote, in basis points of the price."""
    step_bps: float
    """From one quote to the next near the touch; it widens outwards."""
    best_usd: float
    """Size of the best quote, in USD; sizes grow outwards."""
    refresh_ms: int
    """How often quotes are looked at."""
    moves_max: int
    """So many quotes at most move at one look."""
    trades_per_minute: float
    trade_usd: float
    """Median size of a trade, in USD."""


class _DataFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    behaviour: dict[str, Behaviour]
    pair: dict[str, str]
    volatility: dict[str, float]
    other_pair: str
    other_volatility: float


def behaviour(inst_id: str) -> Behaviour:
    """How a pair is quoted and traded; pairs that the data file does not name are small."""
    file = _file()
    return file.behaviour[file.pair.get(inst_id, file.other_pair)]


def volatility(asset: str) -> float:
    """How far an asset's price moves in a year, as a standard deviation of its logarithm."""
    file = _file()
    return file.volatility.get(asset, file.other_volatility)


@cache
def _file() -> _DataFile:
    text = resources.files("tickyard.world").joinpath("data", "market.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _DataFile)
