"""A real exchange in a folder of its own: real processes, real sockets, started by the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import ccxt
import ccxt.async_support
import ccxt.pro

if TYPE_CHECKING:
    from collections.abc import Callable

COMMAND = (sys.executable, "-m", "tickyard.node")
PATIENCE_S = 60


def tickyard(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command line and return what it printed."""
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, check=check, timeout=PATIENCE_S * 2
    )


class Exchange:
    """One home folder, and the exchange that runs in it."""

    def __init__(
        self,
        home: Path,
        *,
        profile: str = "empty",
        seed: int = 7,
        rate_limits: Literal["on", "off"] = "off",
    ) -> None:
        """Prepare.

        Args:
            home: a folder.
            profile: how much happens by itself.
            seed: of what happens.
            rate_limits: whether clients are held to them; tests ask more in a second than people do.
        """
        self.home = home
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (home / "settings.toml").write_text(f'rate_limits = "{rate_limits}"\n')
        self.profile = profile
        self.seed = seed
        self.ports = ("0", "0")
        self.options: tuple[str, ...] = ()

    def start(self) -> Exchange:
        """Start it and wait until it is ready. A second start uses the ports of the first."""
        done = tickyard(
            "up",
            *("--home", str(self.home)),
            *("--http-port", self.ports[0]),
            *("--tls-port", self.ports[1]),
            *("--profile", self.profile),
            *("--seed", str(self.seed)),
            *self.options,
            "--detach",
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"up failed: {done.stdout}{done.stderr}{self.logs()}")
        status = self.status()
        self.ports = (status["http"].rsplit(":", 1)[1], status["https"].rsplit(":", 1)[1])
        return self

    def stop(self) -> None:
        tickyard("down", "--home", str(self.home))

    def status(self) -> dict[str, Any]:
        done = tickyard("status", "--home", str(self.home), "-o", "json", check=False)
        values: dict[str, Any] = json.loads(done.stdout)
        assert (done.returncode == 0) == (values["state"] == "ready"), done
        return values

    def wait_ready(self, *, without: int = -1) -> dict[str, Any]:
        """Wait until every process is ready and none has the id `without`."""
        return self.wait_for(
            lambda status: status["state"] == "ready" and without not in pids_of(status)
        )

    def wait_for(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until something holds of the status."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            status = self.status()
            if holds(status):
                return status
            time.sleep(0.05)
        raise AssertionError(f"it never comes to that: {status}{self.logs()}")

    def kill_everything(self) -> None:
        """SIGKILL every process, the supervisor first, as a power cut would."""
        status = self.status()
        everyone = pids_of(status)
        for pid in everyone:
            os.kill(pid, signal.SIGKILL)
        for pid in everyone:
            while Path(f"/proc/{pid}/cmdline").exists() and _is_alive(pid):
                time.sleep(0.01)

    def logs(self) -> str:
        return "".join(
            f"\n--- {path.name}\n{path.read_text(errors='replace')[-3000:]}"
            for path in sorted(self.home.glob("run/*.log"))
        )

    def key(self, name: str) -> dict[str, str]:
        key: dict[str, str] = json.loads(tickyard("keys", "show", name, "-o", "json").stdout)
        return key

    def ccxt_config(self, name: str | None = None) -> dict[str, Any]:
        status = self.status()
        urls = {"rest": status["http"], "ws": status["ws"]}
        # A test need not spare us as clients spare OKX.
        config: dict[str, Any] = {"urls": {"api": urls, "test": urls}, "enableRateLimit": False}
        if name is not None:
            key = self.key(name)
            config |= {
                "apiKey": key["apiKey"],
                "secret": key["secretKey"],
                "password": key["passphrase"],
            }
        return config

    def ccxt(self, name: str | None = None) -> ccxt.okx:
        return ccxt.okx(self.ccxt_config(name))

    def ccxt_async(self, name: str | None = None) -> Any:
        return ccxt.async_support.okx(self.ccxt_config(name))

    def ccxt_pro(self, name: str | None = None) -> Any:
        return ccxt.pro.okx(self.ccxt_config(name))

    def __enter__(self) -> Exchange:
        return self.start()

    def __exit__(self, *_: object) -> None:
        tickyard("down", "--home", str(self.home), check=False)


def kill(pid: int) -> None:
    """SIGKILL a process and wait until it is dead."""
    os.kill(pid, signal.SIGKILL)
    while Path(f"/proc/{pid}/cmdline").exists() and _is_alive(pid):
        time.sleep(0.01)


def pids_of(status: dict[str, Any]) -> list[int]:
    """Return every process id, the supervisor's first."""
    pids = dict(status["pids"])
    first = [pids.pop("supervisor")] if "supervisor" in pids else []
    rest = [
        pid for value in pids.values() for pid in (value if isinstance(value, list) else [value])
    ]
    return first + rest


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, IndexError):
        return False
    return state != "Z"
