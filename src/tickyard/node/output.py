"""How commands print: for people, or as JSON for programs."""

import json
import sys
from collections.abc import Mapping

import click


def show(values: Mapping[str, object], form: str) -> None:
    """Print the values as aligned lines, or as one JSON object."""
    if form == "json":
        click.echo(json.dumps(values))
        return
    width = max((len(name) for name in values), default=0)
    for name, value in values.items():
        click.echo(f"  {name:<{width}}  {_text(value)}")


def say(message: str) -> None:
    """Tell a person how long work goes on; never mixed into what programs read."""
    click.echo(f"  {message}", err=True)


def progress(message: str) -> None:
    """The same, over the line before when a person watches."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K  {message}", nl=False, err=True)


def end_progress() -> None:
    """Leave the progress line."""
    if sys.stderr.isatty():
        click.echo("\r\033[K", nl=False, err=True)


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return "  ".join(f"{name}={_text(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value)
