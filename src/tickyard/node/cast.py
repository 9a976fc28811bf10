"""Who plays in the simulated market: accounts of the demo, each from a loopback address of its own."""

from collections.abc import Sequence

from tickyard.instruments import listing
from tickyard.users import DemoKey, demo_keys
from tickyard.world.settings import Participant, Profile, WorldSettings

_MAKERS = ("quoter1", "quoter2")
_TAKER = "quoter3"


def settings(*, http: str, ws: str, seed: int, profile: str) -> WorldSettings:
    """Return all that the world is told: where the exchange is, its keys, and what things cost at first."""
    keys = demo_keys()
    return WorldSettings(
        http=http,
        ws=ws,
        seed=seed,
        profile=Profile(profile),
        makers=tuple(_participant(key, keys) for key in keys if key.name in _MAKERS),
        taker=_participant(next(key for key in keys if key.name == _TAKER), keys),
        references={pair.symbol: str(pair.reference_price) for pair in listing.load().instruments},
    )


def _participant(key: DemoKey, keys: Sequence[DemoKey]) -> Participant:
    return Participant(
        name=key.name,
        api_key=key.api_key,
        secret_key=key.secret_key,
        passphrase=key.passphrase,
        source_address=f"127.0.0.{10 + keys.index(key)}",
    )
