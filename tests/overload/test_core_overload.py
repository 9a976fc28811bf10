"""A core that is offered many times what it can take: who keeps to his share loses nothing, and memory is bounded."""

import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path

from tests.support.core_host import CoreHost
from tests.support.core_market import ALICE, BOB, BTC_USDT, limit, open_market
from tests.support.flood import Crowd, Flood, accounts

from tickyard.engine import commands, replay
from tickyard.engine.client import CoreClient
from tickyard.engine.records import AccountId, Refusal, Side

COMMANDS = int(os.environ.get("TICKYARD_FLOOD_COMMANDS", "60000"))
"""What the crowd sends, as fast as the socket takes it."""
CHECKS_FIGURES = "TICKYARD_FLOOD_COMMANDS" in os.environ
"""The long form holds the clock's figures against the promise; the suite has no timed assertion."""
CANCEL_P99_MS = 50
CROWD_FIRST, CROWD = 18, 200
CONNECTIONS = 3
IN_FLIGHT = 500
MODEST = (ALICE, BOB)
GROWTH_MIB_MAX = 96
"""Queues, outboxes and batches at their bounds; the crowd's live orders are a few thousand."""
UNDERSTOOD = {
    None,
    Refusal.BUSY,
    Refusal.ORDER_NOT_FOUND,
    Refusal.NOTHING_TO_AMEND,
    Refusal.TOO_MANY_ORDERS_IN_INSTRUMENT,
    Refusal.ORIGIN_FORGOTTEN,
}
"""An order that was shed cannot be cancelled later; one whose cancel was shed still counts.

No worker has so many commands in flight as these floods, which may send 65,536 more while one waits.
"""


class Modest:
    """An account within its share: an order far from the market and its cancel, again and again."""

    def __init__(self, client: CoreClient, account: AccountId) -> None:
        self._client = client
        self._account = account
        self.refused: list[Refusal] = []
        self.cancels_ns: list[int] = []

    async def trade(self, over: asyncio.Event) -> None:
        """Go on until it is over; never more than one command in flight."""
        count = 0
        while not over.is_set():
            count += 1
            name = b"modest%d" % count
            await self._send(limit(self._account, Side.BUY, 1, client_id=name))
            began = time.perf_counter_ns()
            cancel = commands.cancel_order(
                account=self._account, instrument=BTC_USDT, client_id=name
            )
            await self._send(cancel)
            self.cancels_ns.append(time.perf_counter_ns() - began)

    async def _send(self, record: bytes) -> None:
        reply = await self._client.submit(record)
        if reply.refusal is not None:
            self.refused.append(reply.refusal)


def p99_ms(samples_ns: Sequence[int]) -> float:
    return sorted(samples_ns)[len(samples_ns) * 99 // 100] / 10**6


def rss_mib(pid: int) -> int:
    """Return the memory of a process, at its highest so far."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith("VmHWM:"))
    return int(line.split()[1]) >> 10


async def sustained_per_s(client: CoreClient) -> float:
    """Measure what the core takes when everything is answered: some hundred commands in flight."""
    crowd = Crowd(CROWD_FIRST, CROWD, CONNECTIONS)
    frames = [crowd.commands(IN_FLIGHT) for _ in range(COMMANDS // 10 // IN_FLIGHT)]
    began = time.perf_counter()
    for frame in frames:
        await client.submit_many(frame)
    return len(frames) * IN_FLIGHT / (time.perf_counter() - began)


async def test_who_keeps_to_his_share_loses_nothing_while_others_flood(tmp_path: Path) -> None:
    with CoreHost(tmp_path / "home") as host:
        client = await CoreClient.connect(host.socket)
        await open_market(client)
        opened = await client.submit_many(accounts(CROWD_FIRST, CROWD))
        assert {reply.refusal for reply in opened} == {None}
        sustained = await sustained_per_s(client)
        before_mib = rss_mib(host.pid)
        crowds = [Crowd(CROWD_FIRST, CROWD, seed) for seed in range(CONNECTIONS)]
        floods = [
            Flood(host.socket, crowd.commands(COMMANDS // CONNECTIONS), boot)
            for boot, crowd in enumerate(crowds, 1)
        ]

        over = asyncio.Event()
        people = [Modest(client, account) for account in MODEST]
        async with asyncio.TaskGroup() as tasks:
            for person in people:
                tasks.create_task(person.trade(over))
            for flood in floods:
                flood.start()
            for flood in floods:
                await asyncio.to_thread(flood.wait)
            over.set()

        shed = sum(flood.answers[Refusal.BUSY] for flood in floods)
        cancels = [sample for person in people for sample in person.cancels_ns]
        grown_mib = rss_mib(host.pid) - before_mib
        offered = COMMANDS / max(flood.sent_s for flood in floods)
        print(  # noqa: T201  # the long form is read by people
            f"offered {offered / sustained:.1f} times what is sustained, {shed:,} of {COMMANDS:,} shed;",
            f"{len(cancels):,} cancels of others: p99 {p99_ms(cancels):.1f} ms; {grown_mib} MiB more",
        )
        assert shed > 0, "it was more than the core could take"
        for flood in floods:
            assert set(flood.answers) <= UNDERSTOOD
            assert set(flood.counters.values()) == {1}, "every command is answered, and once"
        assert [person.refused for person in people] == [[], []], "their turn came all the same"
        assert len(cancels) > 0
        assert grown_mib <= GROWTH_MIB_MAX
        if CHECKS_FIGURES:
            assert p99_ms(cancels) < CANCEL_P99_MS

        after = await client.submit(limit(AccountId(CROWD_FIRST), Side.BUY, 1))
        assert after.refusal is not Refusal.BUSY, "the flood is over, and nobody is held a grudge"
        await client.close()
        host.stop()
    assert replay.verify(tmp_path / "home").defects == []
