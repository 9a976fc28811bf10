"""Everything `up` checks and takes before the first process starts. When it fails, nothing has changed."""

import datetime as dt
import fcntl
import os
import signal
import time

import msgspec

from tickyard.node import certificates, status
from tickyard.node.home import Home
from tickyard.node.listening import Listener, PortTaken, listen

_ORPHANS_STOP_S = 3
"""Processes whose supervisor died stop within two seconds; after this they are killed."""
_STEP_S = 0.05


class CannotStart(Exception):
    """`up` cannot start; the message says why and what to do."""


class Launch(msgspec.Struct, frozen=True):
    """What a supervisor holds: its home, its lock and its ports."""

    home: Home
    lock: int
    http: Listener
    tls: Listener
    seed: int
    profile: str


def prepare(home: Home, *, http_port: int, tls_port: int, seed: int, profile: str) -> Launch:
    """Take the ports and the home.

    Raises:
        CannotStart: the home is running already, or a port is taken. Nothing was changed.
    """
    if status.is_supervised(home):
        raise CannotStart(
            f"{home.root} is running already. See it with `tickyard status`, stop it with `tickyard down`,"
            " or choose another --home."
        )
    _wait_for_orphans(home)
    try:
        http = listen(http_port)
    except PortTaken as error:
        raise CannotStart(
            f"{error}. Choose another with --http-port (0 takes any free one)."
        ) from error
    try:
        tls = listen(tls_port)
    except PortTaken as error:
        http.close()
        raise CannotStart(
            f"{error}. Choose another with --tls-port (0 takes any free one)."
        ) from error
    home.create()
    lock = os.open(home.supervisor_lock, os.O_RDWR | os.O_CREAT, 0o600)
    if not _take(lock):
        os.close(lock)
        http.close()
        tls.close()
        raise CannotStart(f"{home.root} is being started by another `tickyard up`.")
    certificates.ensure(home.tls, dt.datetime.fromtimestamp(time.time_ns() // 10**9, dt.UTC))
    return Launch(home, lock, http, tls, seed, profile)


def _take(lock: int) -> bool:
    """Lock the home. Tried a few times: whoever asks for the status holds the lock for an instant."""
    for _ in range(5):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_STEP_S)
        else:
            return True
    return False


def _wait_for_orphans(home: Home) -> None:
    """Wait until the processes of a supervisor that was killed have stopped by themselves."""
    try:
        last = msgspec.json.decode(home.status.read_bytes(), type=status.Status)
    except (FileNotFoundError, msgspec.DecodeError):
        return
    orphans = [pid for pid in last.all_pids() if status.is_ours(pid)]
    for _ in range(int(_ORPHANS_STOP_S / _STEP_S)):
        orphans = [pid for pid in orphans if status.is_ours(pid)]
        if not orphans:
            return
        time.sleep(_STEP_S)
    for pid in orphans:
        os.kill(pid, signal.SIGKILL)
