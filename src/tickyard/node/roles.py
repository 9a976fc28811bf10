"""`tickyard serve ROLE`: one process of an exchange. The supervisor starts them; so may an operator."""

import asyncio
import gc
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NoReturn

import click
import uvloop

from tickyard.base import log
from tickyard.engine import CoreStatus, projection
from tickyard.engine.client import CoreClient
from tickyard.engine.errors import CoreTimeout
from tickyard.node.child import EXIT_REFUSED, Leash, run_until_told
from tickyard.node.home import Home

_logger = log.logger("node")

SNAPSHOT_EVERY_S = 300
_ASK_WITHIN_S = 3


@click.group(hidden=True)
@click.option("--home", type=click.Path(path_type=Path, file_okay=False))
@click.option("--parent-fd", type=int, default=-1)
@click.option("--ready-fd", type=int, default=-1)
@click.pass_context
def serve(context: click.Context, home: Path | None, parent_fd: int, ready_fd: int) -> None:
    """Run one process of an exchange; `up` starts them all."""
    context.obj = (Home.resolve(home), Leash(parent_fd, ready_fd))
    assert context.invoked_subcommand is not None
    log.configure(context.invoked_subcommand)


@serve.command()
@click.pass_obj
def core(given: tuple[Home, Leash]) -> None:
    """Run the core host."""
    from tickyard.engine import host  # noqa: PLC0415  # only this role needs the whole core

    home, leash = given
    sys.exit(host.run(home.root, parent_fd=leash.parent, ready_fd=leash.ready))


@serve.command()
@click.option("--plain-fds", required=True)
@click.option("--tls-fds", required=True)
@click.option("--worker", type=int, default=0)
@click.pass_obj
def gateway(given: tuple[Home, Leash], plain_fds: str, tls_fds: str, worker: int) -> None:
    """Run one gateway worker."""
    from tickyard.node import build  # noqa: PLC0415  # only this role needs every slice

    home, leash = given
    # What was imported lives as long as the worker; collecting seldom keeps pauses out of the order path.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)

    async def run(stop: asyncio.Event) -> None:
        await build.serve_gateway(
            home,
            worker=worker,
            plain=_sockets(plain_fds),
            tls=_sockets(tls_fds),
            stop=stop,
            on_ready=leash.say_ready,
        )

    _run(leash, run)


@serve.command()
@click.pass_obj
def projector(given: tuple[Home, Leash]) -> None:
    """Carry events into the read database."""
    from tickyard.node import build  # noqa: PLC0415  # only this role needs every slice

    home, leash = given

    async def run(stop: asyncio.Event) -> None:
        leash.say_ready()
        try:
            await projection.run(home.root, build.projections(), stop)
        except ValueError as error:
            # The segments contradict a cursor; trying again would not help.
            _refuse(str(error))

    _run(leash, run)


@serve.command()
@click.option("--http", required=True)
@click.option("--ws", required=True)
@click.option("--seed", type=int, required=True)
@click.option("--profile", required=True)
@click.pass_obj
def world(given: tuple[Home, Leash], http: str, ws: str, seed: int, profile: str) -> None:
    """Run the simulated participants, who use the public API like anybody."""
    from tickyard.node import cast  # noqa: PLC0415  # only this role needs the world
    from tickyard.world import quoter  # noqa: PLC0415

    leash = given[1]

    async def run(stop: asyncio.Event) -> None:
        leash.say_ready()
        await quoter.run(cast.settings(http=http, ws=ws, seed=seed, profile=profile), stop)

    _run(leash, run)


@serve.command()
@click.pass_obj
def snapshots(given: tuple[Home, Leash]) -> None:
    """Write a snapshot now and then, from the journal, never touching the core."""
    from tickyard.engine import replay  # noqa: PLC0415  # only this role replays

    home, leash = given
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))

    async def run(stop: asyncio.Event) -> None:
        leash.say_ready()
        while not stop.is_set():
            try:
                async with asyncio.timeout(SNAPSHOT_EVERY_S):
                    await stop.wait()
            except TimeoutError:
                try:
                    seq = await asyncio.to_thread(replay.make_snapshot, home.root)
                except ValueError as error:
                    _refuse(str(error))
                _logger.info("snapshot.made", seq=seq)

    _run(leash, run)


async def ask_core(home: Home) -> CoreStatus | None:
    """Ask the running core for its sequence and state hash; None when it does not answer."""
    try:
        async with asyncio.timeout(_ASK_WITHIN_S):
            client = await CoreClient.connect(home.core_socket)
            try:
                return await client.status(with_hash=True)
            finally:
                await client.close()
    except (CoreTimeout, TimeoutError, OSError):
        return None


def _run(leash: Leash, work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    uvloop.run(run_until_told(leash, work))


def _refuse(reason: str) -> NoReturn:
    _logger.error("process.refused", reason=reason)
    sys.exit(EXIT_REFUSED)


def _sockets(descriptors: str) -> Sequence[socket.socket]:
    return [socket.socket(fileno=int(text)) for text in descriptors.split(",")]
