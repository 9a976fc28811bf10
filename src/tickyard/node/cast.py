"""Who plays in the simulated market: the crowd of the demo, each from a loopback address of its own."""

from tickyard.instruments import listing
from tickyard.users import Member, crowd
from tickyard.world.settings import Participant, Profile, WorldSettings

_MAKERS = ("maker1", "maker2")
_TAKER = "arbitrage1"


def settings(*, http: str, ws: str, seed: int, profile: str) -> WorldSettings:
    """Return all that the world is told: where the exchange is, its keys, and what things cost at first."""
    members = {member.name: member for member in crowd()}
    return WorldSettings(
        http=http,
        ws=ws,
        seed=seed,
        profile=Profile(profile),
        makers=tuple(_participant(members[name]) for name in _MAKERS),
        taker=_participant(members[_TAKER]),
        references={pair.symbol: str(pair.reference_price) for pair in listing.load().instruments},
    )


def _participant(member: Member) -> Participant:
    return Participant(
        name=member.name,
        api_key=member.key.api_key,
        secret_key=member.key.secret_key,
        passphrase=member.key.passphrase,
        source_address=f"127.1.{member.id // 256}.{member.id % 256}",
    )
