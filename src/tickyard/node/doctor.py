"""What could keep the exchange from running well on this machine, each with what to do about it."""

import datetime as dt
import os
import resource
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from cryptography import x509

from tickyard.node import status
from tickyard.node.home import Home
from tickyard.node.listening import PortTaken, listen

if TYPE_CHECKING:
    from pathlib import Path

_PORTS = (8080, 8443)
_FILES_MIN = 4096
_DISK_MIN = 4 * 2**30
_PYTHON_MIN = (3, 11)


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    subject: str
    is_good: bool
    says: str

    def wire(self) -> dict[str, object]:
        """Return it for programs."""
        return {"subject": self.subject, "ok": self.is_good, "says": self.says}


def examine(home: Home) -> list[Finding]:
    """Look at everything; changes nothing."""
    return [
        *_interpreter(),
        *_limits(),
        *_disk(home),
        *_folder(home),
        *_certificate(home),
        *_running(home),
    ]


def _interpreter() -> Iterator[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info[:2] >= _PYTHON_MIN
    yield Finding(
        "python", good, found if good else f"{found}; 3.11 or newer is needed, then `make setup`"
    )


def _limits() -> Iterator[Finding]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    good = hard == resource.RLIM_INFINITY or hard >= _FILES_MIN
    yield Finding(
        "open files",
        good,
        f"{soft} now, {hard} at most"
        + ("" if good else f"; allow {_FILES_MIN} with `ulimit -Hn {_FILES_MIN}`"),
    )
    cores = os.cpu_count() or 1
    yield Finding(
        "processors",
        cores > 1,
        f"{cores}" if cores > 1 else "1; two are needed for the promised latency",
    )


def _disk(home: Home) -> Iterator[Finding]:
    place = next(folder for folder in (home.root, *home.root.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    good = free >= _DISK_MIN
    text = f"{free / 2**30:.1f} GiB free at {place}"
    yield Finding(
        "disk", good, text if good else f"{text}; 4 GiB are needed, choose another --home"
    )


def _folder(home: Home) -> Iterator[Finding]:
    if not home.root.exists():
        yield Finding(
            "home", is_good=True, says=f"{home.root} does not exist yet; `tickyard up` makes it"
        )
        return
    mode = stat.S_IMODE(home.root.stat().st_mode)
    writable = os.access(home.root, os.W_OK)
    if mode & 0o077:
        yield Finding(
            "home", is_good=False, says=f"{home.root} is open to others: chmod 700 {home.root}"
        )
    else:
        says = str(home.root) if writable else f"{home.root} cannot be written by you"
        yield Finding("home", writable, says)


def _certificate(home: Home) -> Iterator[Finding]:
    path: Path = home.tls / "ca.pem"
    if not path.exists():
        return
    try:
        ends = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    except ValueError:
        yield Finding(
            "certificate",
            is_good=False,
            says=f"{path} is damaged: delete {home.tls}, `tickyard up` makes it again",
        )
        return
    now = dt.datetime.fromtimestamp(time.time_ns() // 10**9, dt.UTC)
    good = ends > now
    yield Finding(
        "certificate",
        good,
        f"valid until {ends:%Y-%m-%d}" if good else "has ended; `tickyard up` makes a new one",
    )


def _running(home: Home) -> Iterator[Finding]:
    if status.is_supervised(home):
        now = status.read(home)
        good = now.state != status.FAILED
        yield Finding(
            "exchange",
            good,
            f"{now.state} at {now.http}" + (f": {now.reason}" if now.reason else ""),
        )
        return
    for port in _PORTS:
        try:
            listen(port).close()
        except PortTaken:
            option = "--http-port" if port == _PORTS[0] else "--tls-port"
            yield Finding(
                f"port {port}", is_good=False, says=f"taken by another program; use {option}"
            )
        else:
            yield Finding(f"port {port}", is_good=True, says="free")
