"""Commands about what a home holds: is it right, make it again, copy it."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from tickyard.node import output
from tickyard.node.home import Home
from tickyard.node.options import with_home, with_output


@click.command()
@with_home
@with_output
def verify(home: Path | None, form: str) -> None:
    """Check hash chain, replay, ledger sums and tables. Also beside a running exchange. Exits 1 and names the place."""
    from tickyard.node import settings
    from tickyard.node.audit import facts, verify_home

    place = _existing(home)
    with _said(settings.SettingsWrong, OSError):
        found = verify_home(place, settings.read_database(place), output.progress)
    unfinished = found.report.unfinished
    if form == "json":
        lists = {"defects": found.defects, "unfinished": unfinished}
        click.echo(json.dumps(facts(found) | msgspec.to_builtins(lists)))
    else:
        output.show(facts(found), form)
        for rest in unfinished:
            click.echo(f"  unfinished  {rest.where}: {rest.what}", err=True)
        for defect in found.defects:
            click.echo(f"  WRONG  {defect.where}: {defect.what}", err=True)
        if found.defects:
            click.echo("  do not use this home before it is repaired", err=True)
    sys.exit(bool(found.defects))


@click.command()
@with_home
@with_output
def replay(home: Path | None, form: str) -> None:
    """Apply the whole journal again and print the state's hash."""
    from tickyard.node.audit import replay_home

    place = _existing(home)
    with _said(ValueError, OSError):
        result = replay_home(place, output.progress)
    output.show({"seq": result.seq, "stateHash": result.state_hash}, form)


@click.command()
@with_home
@with_output
def rebuild(home: Path | None, form: str) -> None:
    """Drop the tables of history and have them made again from the kept events. Also beside a running exchange."""
    from tickyard.engine.rebuilding import CannotRebuild, empty
    from tickyard.node import settings, tables

    place = _existing(home)
    with _said(CannotRebuild, settings.SettingsWrong, ValueError, OSError):
        done = empty(place.root, settings.read_database(place), tables.projections())
    output.show({"droppedRows": done.rows, "rebuiltFrom": done.since}, form)


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@with_home
@with_output
def backup(target: Path, home: Path | None, form: str) -> None:
    """Copy the home into the new folder TARGET, also while it runs, and verify the copy."""
    from tickyard.node import backup as backups
    from tickyard.node.held import HomeMoves

    place = _existing(home)
    with _said(backups.CannotBackUp, HomeMoves, OSError):
        taken = backups.take(place, target.absolute(), output.progress)
    output.show(
        {"backup": str(target.absolute()), "seq": taken.seq, "stateHash": taken.state_hash}, form
    )


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@with_home
@with_output
def restore(source: Path, home: Path | None, form: str) -> None:
    """Make a new home of the backup SOURCE, and verify it."""
    from tickyard.node import backup as backups

    place = Home.resolve(home)
    with _said(backups.CannotRestore, OSError):
        found = backups.restore(source.absolute(), place, output.progress)
    output.show({"home": str(place.root), "seq": found.seq, "stateHash": found.state_hash}, form)


@contextmanager
def _said(*errors: type[Exception]) -> Iterator[None]:
    """End the line of progress; say these errors as a command does."""
    try:
        yield
    except errors as error:
        raise click.ClickException(str(error)) from error
    finally:
        output.end_progress()


def _existing(home: Path | None) -> Home:
    place = Home.resolve(home)
    # A folder may be missing that should be there; when all are, nothing ever ran here.
    if not any(folder.is_dir() for folder in (place.journal, place.events, place.snapshots)):
        raise click.ClickException(
            f"{place.root} holds no exchange yet; `tickyard up --home {place.root}` makes one"
        )
    return place
