"""The process of the simulated participants: who takes part in which pair.

It may be started at any time and any number of times: quotes have fixed names, so a second start takes over
the orders of the first. When it is told to stop it cancels its quotes; when it dies, the exchange cancels
them a minute later (cancel-all-after), and whoever starts before that takes them over.
"""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Final

import msgspec

from tickyard.base.clock import Clock, WallClock
from tickyard.base.log import logger
from tickyard.world.arbitrage import Arbitrageur, triangles
from tickyard.world.client import Client, Row
from tickyard.world.errors import Lost, Refused
from tickyard.world.fair import FairPrices
from tickyard.world.maker import Maker, withdraw
from tickyard.world.pair import Pair
from tickyard.world.profiles import Behaviour, behaviour, tiers
from tickyard.world.purse import Purse
from tickyard.world.retail import Retail, Trader
from tickyard.world.rng import Rng
from tickyard.world.settings import Kind, Participant, Profile, WorldSettings
from tickyard.world.speculator import Speculator
from tickyard.world.venues import serve

log = logger("world")

_RETRY_S: Final = 0.2
_CLEAN_UP_S: Final = 1.2
"""How long a stop may take to cancel the quotes."""
_DEAD_MAN_S: Final = 60
_DEAD_MAN_EVERY_S: Final = 20
_QUIET_REFRESH_S: Final = 15
_QUIET_TRADES_PER_MINUTE: Final = 0.05
_SETTLED_S: Final = 120
"""By then everybody has looked at the balances."""
_LIKED: Final = 4
"""So many pairs at most a speculator follows."""
_DOLLAR: Final = "USDT"


class _Market(msgspec.Struct, frozen=True):
    """What the exchange says of itself at the beginning."""

    pairs: list[Pair]
    last: list[tuple[str, float]]
    """Last prices, of pairs that have traded."""


class _Player:
    """One account: its way to the exchange, what it holds, and who is told of its fills."""

    def __init__(
        self, settings: WorldSettings, who: Participant, fair: FairPrices, clock: Clock
    ) -> None:
        self.kind = who.kind
        self.name = who.name
        self.purse = Purse(who.stake, fair.usd)
        self.quoting: dict[str, tuple[Pair, Maker]] = {}
        """By instId."""
        self.client = Client(
            settings.http,
            settings.ws,
            who,
            clock,
            # Accounts of lower fee levels may not ask for it, and can wait for their balances.
            on_fill=self._filled if who.kind is Kind.MAKER else None,
        )

    def _filled(self, row: Row) -> None:
        if found := self.quoting.get(row["instId"]):
            pair, maker = found
            self.purse.filled(pair, row)
            maker.filled(row)


async def run(settings: WorldSettings, stop: asyncio.Event) -> None:
    """Take part until told to stop; then cancel the quotes, within two seconds.

    Args:
        settings: who, where and how.
        stop: ends it.
    """
    clock = WallClock()
    fair = FairPrices(
        settings.references,
        Rng(settings.seed, "fair prices"),
        is_moving=settings.profile is Profile.LIVING,
        began_ms=clock.now_ms(),
    )
    players = [_Player(settings, who, fair, clock) for who in settings.participants]
    makers = [player.client for player in players if player.kind is Kind.MAKER]
    async with asyncio.TaskGroup() as tasks:
        connections = [tasks.create_task(player.client.keep_connected()) for player in players]
        playing = tasks.create_task(_play(settings, players, fair, clock))
        outside = tasks.create_task(serve(Path(settings.venues), fair, settings.seed, clock))
        await stop.wait()
        playing.cancel()
        outside.cancel()
        await asyncio.wait([playing, outside])
        await _clean_up(makers)
        for connection in connections:
            connection.cancel()
    for player in players:
        player.client.close()


async def _play(
    settings: WorldSettings, players: Sequence[_Player], fair: FairPrices, clock: Clock
) -> None:
    by_kind = {kind: [player for player in players if player.kind is kind] for kind in Kind}
    makers = by_kind[Kind.MAKER]
    if settings.profile is Profile.EMPTY:
        for maker in makers:
            await _patiently_withdraw(maker.client)
        return
    is_living = settings.profile is Profile.LIVING
    market = await _look(makers[0].client)
    fair.begin_at(market.last)
    pairs = [pair for pair in market.pairs if fair.knows(pair.base, pair.quote)]
    crowd = [Trader(player.client, player.purse) for player in by_kind[Kind.RETAIL]]
    rng = Rng(settings.seed, "cast")
    turn = cycle(makers)
    async with asyncio.TaskGroup() as tasks:
        for player in players:
            soon_s = 0.0 if player.kind is Kind.MAKER else rng.between(5, _SETTLED_S)
            tasks.create_task(player.purse.keep(player.client, soon_s))
        for maker in makers:
            tasks.create_task(_hold_dead_man(maker.client))
        tasks.create_task(_advance(fair))
        for pair in pairs:
            quoting = [
                _quote(settings, pair, how, next(turn), fair)
                for how in tiers(pair.inst_id)[: len(makers)]
            ]
            for quotes in quoting:
                tasks.create_task(quotes.run(), name=f"maker {pair.inst_id}")
            retail = _crowd_of(settings, pair, crowd, fair, clock)
            tasks.create_task(retail.run(quoting[0].quoted), name=f"retail {pair.inst_id}")
        if is_living:
            _speculate(tasks, settings, by_kind, pairs)
    log.info("quoter.ended")


def _quote(
    settings: WorldSettings, pair: Pair, how: Behaviour, player: _Player, fair: FairPrices
) -> Maker:
    is_living = settings.profile is Profile.LIVING
    maker = Maker(
        pair,
        how,
        player.client,
        player.purse,
        fair=lambda: fair.price(pair.base, pair.quote),
        usd_per_base=lambda: fair.usd(pair.base),
        rng=Rng(settings.seed, f"{player.name} {pair.inst_id}"),
        refresh_s=how.refresh_ms / 1000 if is_living else _QUIET_REFRESH_S,
        is_restless=is_living,
    )
    player.quoting[pair.inst_id] = (pair, maker)
    return maker


def _crowd_of(
    settings: WorldSettings,
    pair: Pair,
    crowd: Sequence[Trader],
    fair: FairPrices,
    clock: Clock,
) -> Retail:
    is_living = settings.profile is Profile.LIVING
    how = behaviour(pair.inst_id)
    return Retail(
        pair,
        how,
        crowd,
        fair=lambda: fair.price(pair.base, pair.quote),
        usd_per_base=lambda: fair.usd(pair.base),
        rng=Rng(settings.seed, f"retail {pair.inst_id}"),
        per_minute=how.trades_per_minute if is_living else _QUIET_TRADES_PER_MINUTE,
        clock=clock,
    )


def _speculate(
    tasks: asyncio.TaskGroup,
    settings: WorldSettings,
    by_kind: Mapping[Kind, Sequence[_Player]],
    pairs: Sequence[Pair],
) -> None:
    """Let those begin who look at prices."""
    against_dollars = [pair for pair in pairs if pair.quote == _DOLLAR]
    for player in (*by_kind[Kind.TREND], *by_kind[Kind.REVERSION]):
        rng = Rng(settings.seed, player.name)
        liked = {rng.one_of(against_dollars) for _ in range(_LIKED)}
        ordered = [pair for pair in against_dollars if pair in liked]
        follower = Speculator(player.kind, ordered, player.client, player.purse, rng)
        tasks.create_task(follower.run(), name=player.name)
    found = triangles(pairs)
    for player in by_kind[Kind.ARBITRAGE]:
        rng = Rng(settings.seed, player.name)
        tasks.create_task(Arbitrageur(found, player.client, player.purse, rng).run())


async def _look(client: Client) -> _Market:
    """Ask what can be traded and where prices stand, until the exchange answers."""
    while True:
        try:
            rows = await client.get("public/instruments", instType="SPOT")
            tickers = await client.get("market/tickers", instType="SPOT")
        except (Lost, Refused) as error:
            log.debug("quoter.waiting", error=str(error))
            await asyncio.sleep(_RETRY_S)
            continue
        pairs = [pair for pair in map(Pair.of, rows) if pair.is_live]
        return _Market(pairs, [_last(row) for row in tickers if row["last"]])


def _last(row: Row) -> tuple[str, float]:
    return row["instId"], float(row["last"])


async def _advance(fair: FairPrices) -> None:
    """Let fair prices follow the time since the beginning."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while True:
        fair.advance(int((loop.time() - began) * 1000))
        await asyncio.sleep(_RETRY_S)


async def _hold_dead_man(client: Client) -> None:
    """Keep the exchange from cancelling the quotes, as long as we live."""
    while True:
        try:
            await client.post("trade/cancel-all-after", {"timeOut": str(_DEAD_MAN_S)})
        except (Lost, Refused) as error:
            log.debug("quoter.timer_not_held", client=client.name, error=str(error))
            await asyncio.sleep(_RETRY_S)
        else:
            await asyncio.sleep(_DEAD_MAN_EVERY_S)


async def _clean_up(makers: Sequence[Client]) -> None:
    """Cancel the quotes if the exchange still answers; else its timer will."""
    try:
        async with asyncio.timeout(_CLEAN_UP_S), asyncio.TaskGroup() as tasks:
            for maker in makers:
                tasks.create_task(withdraw(maker))
    except* (TimeoutError, Lost, Refused):
        log.info("quoter.left_quotes")


async def _patiently_withdraw(client: Client) -> None:
    while True:
        await client.ready()
        try:
            await withdraw(client)
        except (Lost, Refused) as error:
            log.debug("quoter.waiting", error=str(error))
            await asyncio.sleep(_RETRY_S)
        else:
            return
