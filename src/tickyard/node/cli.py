"""The command line.

A command imports what it needs when it runs: every process of an exchange comes in through here, and imports are most
of its start.
"""

import asyncio
import json
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tickyard.node import output, roles, status
from tickyard.node.home import Home
from tickyard.node.home_commands import backup, rebuild, replay, restore, verify
from tickyard.node.options import with_home, with_output

if TYPE_CHECKING:
    from tickyard.users import DemoKey

PROFILES = ("living", "quiet", "empty")
CLIENTS = ("ccxt", "python-okx", "freqtrade")
_DOWN_WITHIN_S = 30
_STEP_S = 0.05


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """A complete crypto exchange on your machine, wire-compatible with the OKX v5 API."""


@main.command()
@with_home
@with_output
@click.option(
    "--http-port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="Plain port; 0 takes any free one.",
)
@click.option(
    "--tls-port",
    type=click.IntRange(0, 65535),
    default=8443,
    show_default=True,
    help="TLS port; 0 takes any free one.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=42,
    show_default=True,
    help="Of the simulated market.",
)
@click.option(
    "--profile",
    type=click.Choice(PROFILES),
    default="living",
    show_default=True,
    help="How much happens by itself.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that take orders.",
)
@click.option(
    "--fanout-workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that serve market data; connections are spread evenly.",
)
@click.option("--detach", is_flag=True, help="Return when ready; `tickyard down` stops it.")
def up(
    home: Path | None,
    form: str,
    http_port: int,
    tls_port: int,
    seed: int,
    profile: str,
    workers: int,
    fanout_workers: int,
    *,
    detach: bool,
) -> None:
    """Start the exchange, here or in the background."""
    from tickyard.node import launch, supervise
    from tickyard.node.detach import log_to_stderr, up_detached

    place = Home.resolve(home)
    try:
        prepared = launch.prepare(
            place,
            http_port=http_port,
            tls_port=tls_port,
            seed=seed,
            profile=profile,
            workers=workers,
            fanout_workers=fanout_workers,
        )
    except launch.CannotStart as reason:
        raise click.ClickException(str(reason)) from reason
    output.say(f"starting in {place.root}")
    if detach:
        try:
            now = up_detached(prepared)
        except launch.CannotStart as reason:
            raise click.ClickException(str(reason)) from reason
        _announce(place, now, form, is_detached=True)
        return
    log_to_stderr()
    supervisor = supervise.Supervisor(
        prepared, on_step=output.say, on_ready=lambda now: _announce(place, now, form)
    )
    sys.exit(asyncio.run(supervisor.run()))


@main.command()
@with_home
@with_output
def down(home: Path | None, form: str) -> None:
    """Stop the exchange; nothing is lost."""
    place = Home.resolve(home)
    if status.is_supervised(place):
        output.say("stopping …")
        told: int | None = None
        for _ in range(int(_DOWN_WITHIN_S / _STEP_S)):
            # It says its id a moment after it has taken the home.
            supervisor = status.read(place).pids.get("supervisor")
            if told is None and isinstance(supervisor, int):
                told = supervisor
                with suppress(ProcessLookupError):
                    os.kill(told, signal.SIGTERM)
            if not status.is_supervised(place):
                break
            time.sleep(_STEP_S)
        else:
            raise click.ClickException(
                f"the supervisor (process {told}) did not stop within {_DOWN_WITHIN_S} s"
            )
    output.show({"state": status.read(place).state}, form)


@main.command("status")
@with_home
@with_output
def show_status(home: Path | None, form: str) -> None:
    """Tell how the exchange is and where to reach it. Exits 0 only when it is ready."""
    place = Home.resolve(home)
    now = status.read(place)
    values: dict[str, object] = {
        **_where(now),
        "seq": None,
        "stateHash": None,
        "pids": now.pids,
        "home": str(place.root),
        "profile": now.profile,
        "seed": now.seed,
        "version": now.version,
    }
    if now.reason:
        values["reason"] = now.reason
    if now.state in (status.STARTING, status.READY):
        from tickyard.node.core_status import ask_core

        core = asyncio.run(ask_core(place))
        if core is None:
            values["state"] = status.STARTING
            values.setdefault("reason", _silence(place, now))
        else:
            values |= {"seq": core.seq, "stateHash": core.state_hash}
    output.show(values, form)
    sys.exit(values["state"] != status.READY)


def _silence(place: Home, now: status.Status) -> str:
    """Say why the core does not answer, as far as can be known. While it starts, it has no socket yet."""
    if now.state == status.STARTING or place.core_socket.exists():
        return "the core does not answer"
    return (
        f"{place.core_socket} is not there; if it was removed, `tickyard down` and `tickyard up` make it again,"
        " and nothing is lost"
    )


@main.group()
def keys() -> None:
    """Keys of the demo accounts; they exist in demo mode only."""


@keys.command("show")
@click.argument("name")
@with_home
@with_output
def show_key(name: str, home: Path | None, form: str) -> None:
    """Print the key of one demo account."""
    del home  # the demo's keys are the same in every home
    output.show(_demo_key(name).wire(), form)


@keys.command("list")
@with_home
@with_output
def list_keys(home: Path | None, form: str) -> None:
    """Print every demo key."""
    from tickyard.users import demo_keys

    del home
    rows = {key.name: key.wire() for key in demo_keys()}
    output.show(rows, form)


@main.command("metrics")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=9464,
    show_default=True,
    help="On this machine only; 0 takes any free one.",
)
@with_home
def serve_metrics(port: int, home: Path | None) -> None:
    """Serve metrics to Prometheus, for as long as it runs, whether the exchange does or not."""
    from tickyard.node import metrics
    from tickyard.node.child import Leash, run_until_told
    from tickyard.node.listening import CannotListen, listen

    place = Home.resolve(home)
    try:
        listener = listen(port)
    except CannotListen as error:
        raise click.ClickException(f"{error}. Choose another with --port") from error
    click.echo(f"http://127.0.0.1:{listener.port}/metrics")
    sys.stdout.flush()
    asyncio.run(run_until_told(Leash(), lambda stop: metrics.serve(place, listener, stop)))


@main.command("try")
@click.argument("client", type=click.Choice(CLIENTS))
@click.option("--key", "name", default="alice", show_default=True, help="Whose account trades.")
@with_home
def try_client(client: str, name: str, home: Path | None) -> None:
    """Let a client from PyPI trade on the running exchange, step by step."""
    from tickyard.node import trial

    place = Home.resolve(home)
    now = status.read(place)
    if now.state != status.READY:
        raise click.ClickException(
            f"the exchange in {place.root} is {now.state}; start it with `tickyard up --home {place.root}`"
        )
    key = _demo_key(name)
    try:
        python = trial.environment(place, client)
    except (trial.CannotTry, OSError) as error:
        raise click.ClickException(str(error)) from error
    code = trial.run(python, client, now, key)
    if code:
        output.say(
            f"{client} did not get through (exit status {code}). What the exchange says of it: {place.run}/*.log;"
            " what may be wrong here: `tickyard doctor`"
        )
    sys.exit(code)


@main.command("doctor")
@with_home
@with_output
def run_doctor(home: Path | None, form: str) -> None:
    """Look for what could keep the exchange from running well here, and say what to do."""
    from tickyard.node import doctor

    findings = doctor.examine(Home.resolve(home))
    if form == "json":
        click.echo(json.dumps([finding.wire() for finding in findings]))
    else:
        for finding in findings:
            click.echo(
                f"  {'ok  ' if finding.is_good else 'FIX '}  {finding.subject:<14} {finding.says}"
            )
    sys.exit(not all(finding.is_good for finding in findings))


@main.command("version")
@with_home
@with_output
def show_version(home: Path | None, form: str) -> None:
    """Print the versions of the program, the core's rules and its records."""
    from tickyard.node.audit import versions

    del home
    output.show(versions(), form)


for _command in (verify, replay, rebuild, backup, restore, roles.serve):
    main.add_command(_command)


def _demo_key(name: str) -> "DemoKey":
    from tickyard.users import demo_keys

    found = {key.name: key for key in demo_keys()}
    if name not in found:
        raise click.ClickException(f"no demo key is named {name!r}; there are: {', '.join(found)}")
    return found[name]


def _announce(home: Home, now: status.Status, form: str, *, is_detached: bool = False) -> None:
    if form == "json":
        click.echo(json.dumps({**_where(now), "pids": now.pids}))
    else:
        from tickyard.node import banner
        from tickyard.users import demo_keys

        click.echo(banner.banner(home, now, demo_keys()[0], is_detached=is_detached))
    sys.stdout.flush()


def _where(now: status.Status) -> dict[str, object]:
    """Return the state of an exchange and where to reach it."""
    return {
        "state": now.state,
        "http": now.http,
        "https": now.https,
        "ws": now.ws,
        "wss": now.wss,
        "ca": now.ca,
    }
