"""Who takes part in the simulated market, and where the exchange is."""

from enum import StrEnum

import msgspec


class Profile(StrEnum):
    """How lively the market is."""

    LIVING = "living"
    """Prices move, quotes follow, everybody trades."""
    QUIET = "quiet"
    """Quotes stand still and are put back when they are gone; hardly anybody trades."""
    EMPTY = "empty"
    """Nobody quotes: what an earlier run left is cancelled."""


class Kind(StrEnum):
    """What a participant does."""

    MAKER = "maker"
    """Keeps books two-sided."""
    RETAIL = "retail"
    """Buys and sells small sizes, in bursts, for no reason that the market knows."""
    TREND = "trend"
    """Buys what rises and sells what falls."""
    REVERSION = "reversion"
    """Buys what is cheaper than it was for a while, and sells what is dearer."""
    ARBITRAGE = "arbitrage"
    """Trades round three pairs whose prices do not agree."""


class Participant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account, its key, and the address that it comes from."""

    name: str
    kind: Kind
    api_key: str
    secret_key: str
    passphrase: str
    source_address: str
    """A loopback address of its own: rate limits of addresses are not shared with people on 127.0.0.1."""
    stake: dict[str, float]
    """What it had to begin with, by asset: it feels long or short of an asset when it has more or less."""


class WorldSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that the process is told."""

    http: str
    """Origin of the plain port, e.g. "http://127.0.0.1:8080"."""
    ws: str
    """Base of its sockets, e.g. "ws://127.0.0.1:8080/ws/v5"."""
    seed: int
    profile: Profile
    participants: tuple[Participant, ...]
    """Each of a master account of its own, or self-trade prevention would stop trades between them."""
    venues: str
    """The folder where the venues outside have their sockets."""
    references: dict[str, str]
    """The price of each pair before anything was traded, e.g. {"BTC-USDT": "65000"}."""
