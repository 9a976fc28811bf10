"""Writes the demo's markets, accounts and money into the journal, once.

What is in effect already is not sent again, so a second start appends nothing. Payments have keys, so
even a start that was killed half-way pays nothing twice.
"""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tickyard import users
from tickyard.engine import commands
from tickyard.engine.client import CoreClient
from tickyard.engine.records import CommandKind, InstrumentState
from tickyard.engine.rows import Definitions
from tickyard.instruments import listing
from tickyard.node.home import Home

_AT_ONCE = 128
_KEY = slice(48, 64)
"""Where a credit carries its key; see `crates/types/src/command/money.rs`."""


class CannotSeed(Exception):
    """The data files contradict what the journal says was listed before."""


async def ensure(home: Home) -> int:
    """Bring the running core to where the data files want it.

    Returns:
        How many commands had to be appended; 0 for a home that was seeded before.

    Raises:
        CannotSeed: the core refused a definition.
    """
    catalog = listing.load()
    client = await CoreClient.connect(home.core_socket)
    try:
        definitions = await client.definitions()
        known = set(_in_effect(definitions))
        wanted = [*listing.definitions(catalog), *users.seeding(catalog)]
        missing = [*await _missing(client, wanted, known), *_unbound(definitions)]
        for start in range(0, len(missing), _AT_ONCE):
            part = missing[start : start + _AT_ONCE]
            for record, reply in zip(part, await client.submit_many(part), strict=True):
                if reply.refusal is not None:
                    kind = _kind(record).name.lower().replace("_", " ")
                    raise CannotSeed(
                        f"the core refused to {kind} ({reply.refusal.name}): the data files have changed since"
                        f" {home.root} was made; bring them back or choose another --home"
                    )
        return len(missing)
    finally:
        await client.close()


async def _missing(
    client: CoreClient, wanted: Sequence[bytes], known: set[bytes]
) -> Sequence[bytes]:
    payments = [record[_KEY] for record in wanted if _kind(record) is CommandKind.CREDIT]
    paid: set[bytes] = set()
    for start in range(0, len(payments), _AT_ONCE):
        part = payments[start : start + _AT_ONCE]
        answers = await asyncio.gather(*map(client.has_key, part))
        paid.update(key for key, is_paid in zip(part, answers, strict=True) if is_paid)

    missing: list[bytes] = []
    for record, following in pairwise([*wanted, b""]):
        match _kind(record):
            case CommandKind.CREDIT:
                is_in_effect = record[_KEY] in paid
            case CommandKind.DEFINE_ACCOUNT:
                # Only its existence counts: a fee level that changed later stays. But an account that has its
                # first payment before it may have been a placeholder until now.
                is_first_paid = bool(following) and _kind(following) is CommandKind.CREDIT
                is_in_effect = record[:8] in known and not (
                    is_first_paid and following[_KEY] not in paid
                )
            case _:
                is_in_effect = record in known
        if not is_in_effect:
            missing.append(record)
    return missing


def _unbound(definitions: Definitions) -> Iterator[bytes]:
    """Make the commands that lift bounds which an index has set before: nobody may be there any more to move them."""
    for said in definitions.index_prices:
        if said.highest_buy or said.lowest_sell:
            yield commands.set_index_price(instrument=said.instrument, price=said.price)


def _kind(record: bytes) -> CommandKind:
    return CommandKind(record[0])


def _in_effect(definitions: Definitions) -> Iterator[bytes]:
    """Make the commands that would define what is defined."""
    for asset in definitions.assets:
        yield commands.define_asset(
            asset=asset.asset, unit_digits=asset.unit_digits, symbol=asset.symbol
        )
    for level in definitions.fee_levels:
        yield commands.define_fee_level(
            level=level.level, maker_ppb=level.maker_ppb, taker_ppb=level.taker_ppb
        )
    for pair in definitions.instruments:
        yield commands.define_instrument(
            instrument=pair.instrument,
            base=pair.base,
            quote=pair.quote,
            tick=pair.tick,
            lot=pair.lot,
            # Whatever state it is in now: the data files list it live, an operator may have halted it.
            state=InstrumentState.LIVE,
            min_size=pair.min_size,
            max_limit_size=pair.max_limit_size,
            max_market_size=pair.max_market_size,
            max_market_amount=pair.max_market_amount,
            min_price=pair.min_price,
            max_price=pair.max_price,
            symbol=pair.symbol,
        )
    for account in definitions.accounts:
        yield commands.define_account(
            account=account.account, master=account.master, fee_level=account.fee_level
        )[:8]
