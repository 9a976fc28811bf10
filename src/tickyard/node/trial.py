"""`tickyard try CLIENT`: a client from PyPI, pinned, in an environment of its own, runs a short script against the exchange."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from tickyard.node import output
from tickyard.node.home import Home
from tickyard.node.status import Status
from tickyard.users import DemoKey

SCRIPTS: Final = Path(__file__).with_name("trials")
_INSTALLED: Final = ".installed"


class Client(msgspec.Struct, frozen=True):
    """A client that can be tried."""

    packages: tuple[str, ...]
    """What pip installs; pinned."""
    script: str
    """In `trials`."""


CLIENTS: Final[Mapping[str, Client]] = {
    "ccxt": Client(("ccxt==4.5.90",), "ccxt_spot.py"),
    "python-okx": Client(("python-okx==0.4.4",), "python_okx_spot.py"),
    "freqtrade": Client(("freqtrade==2026.9", "ccxt==4.5.90"), "freqtrade_spot.py"),
}


class CannotTry(Exception):
    """The client could not be tried; the message says why and what to do."""


def environment(home: Home, name: str) -> Path:
    """Return the interpreter of the client's environment, which is made where it is missing.

    Args:
        home: of the exchange; environments are kept in its folder `try`.
        name: one of `CLIENTS`.

    Raises:
        CannotTry: it cannot be made.
    """
    client = CLIENTS[name]
    folder = home.root / "try" / "-".join(client.packages).replace("==", "-")
    python = folder / "bin" / "python"
    if (folder / _INSTALLED).exists():
        return python
    output.say(f"installing {' '.join(client.packages)} into {folder} …")
    _run(
        (sys.executable, "-m", "venv", "--clear", str(folder)),
        "an environment could not be made. On Debian and Ubuntu: apt-get install python3-venv",
    )
    _run(
        (
            *(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *client.packages,
        ),
        f"pip could not install {' '.join(client.packages)}."
        " Is PyPI reachable from here? A mirror is named by PIP_INDEX_URL; then try again",
    )
    (folder / _INSTALLED).touch()
    return python


def run(python: Path, name: str, now: Status, key: DemoKey) -> int:
    """Run the client's script, which prints what it does.

    Args:
        python: the interpreter that has the client.
        name: one of `CLIENTS`.
        now: where the exchange is.
        key: whose account trades.

    Returns:
        The exit status of the script: 0 when every step worked.
    """
    script = SCRIPTS / CLIENTS[name].script
    output.say(f"running {script}")
    given = {**os.environ, **variables(now, key)}
    done = subprocess.run((str(python), str(script)), env=given, check=False)  # noqa: S603  # our own script
    return done.returncode


def variables(now: Status, key: DemoKey) -> Mapping[str, str]:
    """Return what scripts read from their environment."""
    return {
        "TICKYARD_HTTP": now.http,
        "TICKYARD_WS": now.ws,
        "TICKYARD_KEY": key.api_key,
        "TICKYARD_SECRET": key.secret_key,
        "TICKYARD_PASSPHRASE": key.passphrase,
    }


def _run(command: tuple[str, ...], otherwise: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise CannotTry(f"{otherwise}.\n  It said: {lines[-1] if lines else 'nothing'}")
