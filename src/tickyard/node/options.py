"""Options that many commands have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from tickyard.node.home import DEFAULT_HOME, HOME_VARIABLE

F = TypeVar("F", bound=Callable[..., Any])


def with_home(command: F) -> F:
    """Give a command the option that names a home."""
    option = click.option(
        "--home",
        "home",
        type=click.Path(path_type=Path, file_okay=False),
        help=f"Folder that holds all state.  [default: ${HOME_VARIABLE}, else {DEFAULT_HOME}]",
    )
    return option(command)


def with_output(command: F) -> F:
    """Give a command the option that chooses its form of output."""
    option = click.option(
        "-o",
        "--output",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        help="For people or for programs.",
    )
    return option(command)
