"""`tickyard serve ROLE`: one process of an exchange. The supervisor starts them; so may an operator."""

import asyncio
import gc
import os
import resource
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
import uvloop
from setproctitle import setproctitle

from tickyard.base import exits, log
from tickyard.node.child import Leash, run_until_told
from tickyard.node.home import Home

if TYPE_CHECKING:
    from tickyard.engine import Counters
    from tickyard.engine.database import Connection, ReadDatabase
    from tickyard.gateway.app import Gateway
    from tickyard.gateway.server import Server

_logger = log.logger("node")

_FANOUT = 0x80
"""Added to the number of a fan-out worker, so that no order-entry worker has the same."""
_FILES = 1 << 16


@click.group(hidden=True)
@click.option("--home", type=click.Path(path_type=Path, file_okay=False))
@click.option("--parent-fd", type=int, default=-1)
@click.option("--ready-fd", type=int, default=-1)
@click.pass_context
def serve(context: click.Context, home: Path | None, parent_fd: int, ready_fd: int) -> None:
    """Run one process of an exchange; `up` starts them all."""
    context.obj = (Home.resolve(home), Leash(parent_fd, ready_fd))
    assert context.invoked_subcommand is not None
    setproctitle(f"tickyard serve {context.invoked_subcommand} --home {context.obj[0].root}")
    log.configure(context.invoked_subcommand)


@serve.command()
@click.pass_obj
def core(given: tuple[Home, Leash]) -> None:
    """Run the core host."""
    from tickyard.engine import host

    home, leash = given
    database = _read_database(home)
    sys.exit(host.run(home.root, database=database, parent_fd=leash.parent, ready_fd=leash.ready))


@serve.command()
@click.option("--plain-fds", required=True)
@click.option("--worker", type=int, default=1)
@click.option("--fanout-workers", type=int, default=0)
@click.option("--counters-fd", type=int, default=-1)
@click.pass_obj
def gateway(
    given: tuple[Home, Leash], plain_fds: str, worker: int, fanout_workers: int, counters_fd: int
) -> None:
    """Run one order-entry worker; without fan-out workers it serves everything itself."""
    from tickyard.gateway.handover import Successors
    from tickyard.gateway.server import Server

    home, _ = given
    paths = [home.fanout_socket(number) for number in range(1, fanout_workers + 1)]
    _work(
        given,
        worker,
        counters_fd,
        lambda gateway: Server(
            gateway,
            plain=_sockets(plain_fds),
            arrivals=home.gateway_socket(worker),
            fanout=Successors(paths) if paths else None,
            vitals=home.vitals("gateway", worker),
        ),
    )


@serve.command()
@click.option("--worker", type=int, default=1)
@click.option("--counters-fd", type=int, default=-1)
@click.pass_obj
def fanout(given: tuple[Home, Leash], worker: int, counters_fd: int) -> None:
    """Run one fan-out worker: public and business streams of connections that order entry hands over."""
    from tickyard.gateway.outbox import FANOUT_SLOT_MS
    from tickyard.gateway.server import Server

    home, _ = given
    _work(
        given,
        _FANOUT + worker,
        counters_fd,
        lambda gateway: Server(
            gateway,
            arrivals=home.fanout_socket(worker),
            slot_ms=FANOUT_SLOT_MS,
            counts_connections=False,
            vitals=home.vitals("fanout", worker),
        ),
    )


@serve.command()
@click.option("--tls-fds", required=True)
@click.option("--workers", type=int, default=1)
@click.pass_obj
def tls(given: tuple[Home, Leash], tls_fds: str, workers: int) -> None:
    """Run the process where TLS ends."""
    from tickyard.gateway.handover import Successors
    from tickyard.gateway.tls_relay import TlsRelay
    from tickyard.node import certificates

    home, leash = given
    _allow_many_files()

    async def run(stop: asyncio.Event) -> None:
        context = certificates.server_context(home.tls)
        paths = [home.gateway_socket(number) for number in range(1, workers + 1)]
        await TlsRelay(_sockets(tls_fds), context, Successors(paths)).run(stop, leash.say_ready)

    _run(leash, run)


@serve.command()
@click.pass_obj
def site(given: tuple[Home, Leash]) -> None:
    """Serve pages, log-ins and keys."""
    from sqlalchemy.exc import DatabaseError, OperationalError

    from tickyard.base.migrating import CannotMigrate
    from tickyard.node import site as pages

    home, leash = given

    async def run(stop: asyncio.Event) -> None:
        try:
            await pages.serve_site(home, stop=stop, on_ready=leash.say_ready)
        except CannotMigrate as error:
            _refuse(str(error))
        except OperationalError:
            raise  # a full disk or a lock, which trying again may find gone
        except DatabaseError as error:
            _refuse(
                f"the people and keys in {home.records} are damaged: {error.orig}; nothing else holds them:"
                " put the folders records and keys of a backup in their place"
            )

    _run(leash, run)


@serve.command()
@click.option("--past-seed", type=int)
@click.pass_obj
def projector(given: tuple[Home, Leash], past_seed: int | None) -> None:
    """Carry events into the read database; with a seed, import the candles from before the first start too."""
    from tickyard.engine.projector import run as project
    from tickyard.node import tables

    home, leash = given
    database = _read_database(home)

    def aside(connection: "Connection") -> Iterator[bool]:
        if past_seed is None:
            return iter(())
        from tickyard.node import past  # only a market that lives has one

        return past.importing(home.root, past_seed, connection)

    def tell(reason: str) -> None:
        if reason:
            leash.say_trouble(f"history stands still: {reason}")
        else:
            leash.say_ready()

    async def run(stop: asyncio.Event) -> None:
        leash.say_ready()
        try:
            await project(home.root, database, tables.projections(), stop, aside, tell)
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
    from tickyard.node import cast
    from tickyard.world import quoter

    home, leash = given
    settings = cast.settings(http=http, ws=ws, seed=seed, profile=profile, venues=home.run)

    async def run(stop: asyncio.Event) -> None:
        leash.say_ready()
        await quoter.run(settings, stop)

    _run(leash, run)


@serve.command()
@click.pass_obj
def index(given: tuple[Home, Leash]) -> None:
    """Ask the venues outside what instruments are worth, and tell the core."""
    from tickyard.base.clock import WallClock
    from tickyard.engine.client import CoreClient
    from tickyard.indices.sources import rules
    from tickyard.indices.worker import IndexWorker
    from tickyard.instruments import listing

    home, leash = given

    async def run(stop: asyncio.Event) -> None:
        core = await CoreClient.connect(home.core_socket)
        leash.say_ready()
        try:
            await IndexWorker(home.run, core, listing.load(), rules(), WallClock()).run(stop)
        finally:
            await core.close()

    _run(leash, run)


@serve.command()
@click.pass_obj
def snapshots(given: tuple[Home, Leash]) -> None:
    """Write a snapshot now and then, from the journal, and keep the home small; once a day review fee levels."""
    from tickyard.node import settings

    home, leash = given
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    try:
        chosen = settings.load(home)
    except settings.SettingsWrong as error:
        _refuse(str(error))

    async def run(stop: asyncio.Event) -> None:
        from tickyard.node import keeping

        leash.say_ready()
        try:
            await keeping.run(home, chosen, stop)
        except ValueError as error:
            _refuse(str(error))

    _run(leash, run)


def preload() -> None:
    """Import what the roles need, the core's excepted: who is forked from this process then serves in an instant."""
    from tickyard.engine import projector
    from tickyard.gateway import handover, server, tls_relay
    from tickyard.node import build, cast, certificates, settings, site, tables
    from tickyard.world import quoter

    del build, cast, certificates, handover, projector, quoter, server, settings, site, tables
    del tls_relay


def _work(
    given: tuple[Home, Leash],
    number: int,
    counters_fd: int,
    serving: "Callable[[Gateway], Server]",
) -> None:
    from tickyard.node import build

    home, leash = given
    _allow_many_files()
    counters = _counters(home, counters_fd)
    # What was imported lives as long as the worker; collecting seldom keeps pauses out of the order path.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)

    async def run(stop: asyncio.Event) -> None:
        await build.serve_gateway(
            home,
            worker=number,
            counters=counters,
            serving=serving,
            stop=stop,
            on_ready=leash.say_ready,
        )

    _run(leash, run)


def _counters(home: Home, descriptor: int) -> "Counters | None":
    """Return where calls are counted: with the other workers, if there is memory that they share."""
    from tickyard.engine import Counters
    from tickyard.node import settings

    try:
        chosen = settings.load(home)
    except settings.SettingsWrong as error:
        _refuse(str(error))
    if chosen.rate_limits == "off":
        return None
    return Counters(descriptor if descriptor >= 0 else None)


def _read_database(home: Home) -> "ReadDatabase":
    from tickyard.node import settings

    try:
        return settings.read_database(home)
    except settings.SettingsWrong as error:
        _refuse(str(error))


def _allow_many_files() -> None:
    """Take as many connections as the system lets us: it asks for leave above a thousand."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _run(leash: Leash, work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    uvloop.run(run_until_told(leash, work))


def _refuse(reason: str) -> NoReturn:
    _logger.error("process.refused", reason=reason)
    sys.exit(exits.REFUSED)


def _sockets(descriptors: str) -> Sequence[socket.socket]:
    return [socket.socket(fileno=int(text)) for text in descriptors.split(",")]
