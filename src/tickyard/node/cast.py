"""Who plays in the simulated market: the crowd of the demo, each from a loopback address of its own."""

from pathlib import Path

from tickyard.instruments import listing
from tickyard.instruments.catalog import Catalog
from tickyard.users import Member, crowd
from tickyard.world.settings import Kind, Participant, Profile, WorldSettings


def settings(*, http: str, ws: str, seed: int, profile: str, venues: Path) -> WorldSettings:
    """Return all that the world is told: where the exchange is, its keys, and what things cost at first."""
    catalog = listing.load()
    return WorldSettings(
        http=http,
        ws=ws,
        seed=seed,
        profile=Profile(profile),
        participants=tuple(_participant(member, catalog) for member in crowd()),
        venues=str(venues),
        references={pair.symbol: str(pair.reference_price) for pair in catalog.instruments},
    )


def _participant(member: Member, catalog: Catalog) -> Participant:
    return Participant(
        name=member.name,
        kind=Kind(member.group.name),
        api_key=member.key.api_key,
        secret_key=member.key.secret_key,
        passphrase=member.key.passphrase,
        source_address=f"127.1.{member.id // 256}.{member.id % 256}",
        stake={asset: float(held) for asset, held in member.account(catalog).trading.items()},
    )
