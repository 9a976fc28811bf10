"""Everything `up` checks and takes before the first process starts. When it fails, nothing has changed."""

import datetime as dt
import fcntl
import os
import signal
import time
from contextlib import ExitStack, suppress

import msgspec

from tickyard.engine import COUNTERS_BYTES
from tickyard.node import certificates, settings, status
from tickyard.node.home import Home
from tickyard.node.listening import CannotListen, Listener, listen

_ORPHANS_STOP_S = 3
"""Processes whose supervisor died stop within two seconds; after this they are killed."""
_STEP_S = 0.05


class CannotStart(Exception):
    """`up` cannot start; the message says why and what to do."""


class Launch(msgspec.Struct, frozen=True):
    """What a supervisor holds, its home, its lock and its ports, and how much it shall start."""

    home: Home
    lock: int
    http: Listener
    tls: Listener
    seed: int
    profile: str
    workers: int = 1
    fanout_workers: int = 1
    counters: int = -1
    """Memory in which all workers count calls; -1 lets each count alone."""


def prepare(
    home: Home,
    *,
    http_port: int,
    tls_port: int,
    seed: int,
    profile: str,
    workers: int = 1,
    fanout_workers: int = 1,
) -> Launch:
    """Take the home and the ports.

    Args:
        home: of the exchange.
        http_port: the plain port; 0 for any.
        tls_port: the TLS port; 0 for any.
        seed: of the simulated market.
        profile: how much happens by itself.
        workers: processes that take orders.
        fanout_workers: processes that serve market data.

    Raises:
        CannotStart: the home is running already or cannot be used, or a port cannot be had. Nothing was changed.
    """
    with ExitStack() as taken:
        try:
            # Whoever ran here before left a lock file, and perhaps processes that hold ports.
            lock = _take(home, taken) if home.supervisor_lock.exists() else None
            if lock is not None:
                _wait_for_orphans(home)
            http = _listen(http_port, "--http-port", taken)
            tls = _listen(tls_port, "--tls-port", taken)
            home.create()
            if lock is None:
                lock = _take(home, taken)
            settings.load(home)
            settings.write_defaults(home)
            _certify(home)
            status.write(home, status.Status(state=status.STARTING))
            counters = shared_counters()
            taken.callback(os.close, counters)
        except settings.SettingsWrong as error:
            raise CannotStart(str(error)) from error
        except OSError as error:
            raise CannotStart(
                f"{home.root} cannot be used: {error.strerror}: {error.filename}."
                " Choose another --home, or look with `tickyard doctor`."
            ) from error
        taken.pop_all()
        return Launch(home, lock, http, tls, seed, profile, workers, fanout_workers, counters)


def shared_counters() -> int:
    """Make the memory in which workers count calls; it is gone when nobody has it open any more."""
    descriptor = os.memfd_create("tickyard-limits")
    os.ftruncate(descriptor, COUNTERS_BYTES)
    return descriptor


def _certify(home: Home) -> None:
    try:
        certificates.ensure(home.tls, dt.datetime.fromtimestamp(time.time_ns() // 10**9, dt.UTC))
    except ValueError as error:
        raise CannotStart(
            f"a certificate or key in {home.tls} is damaged. Delete that folder: it is made again."
        ) from error


def _listen(port: int, option: str, taken: ExitStack) -> Listener:
    try:
        listener = listen(port)
    except CannotListen as error:
        raise CannotStart(
            f"{error}. Choose another with {option} (0 takes any free one)."
        ) from error
    taken.callback(listener.close)
    return listener


def _take(home: Home, taken: ExitStack) -> int:
    """Lock the home. Tried a few times: whoever asks for the status holds the lock for an instant."""
    lock = os.open(home.supervisor_lock, os.O_RDWR | os.O_CREAT, 0o600)
    taken.callback(os.close, lock)
    for _ in range(5):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_STEP_S)
        else:
            return lock
    raise CannotStart(
        f"{home.root} is running already. See it with `tickyard status`, stop it with `tickyard down`,"
        " or choose another --home."
    )


def _wait_for_orphans(home: Home) -> None:
    """Wait until the processes of a supervisor that was killed have stopped by themselves."""
    try:
        last = msgspec.json.decode(home.status.read_bytes(), type=status.Status)
    except (FileNotFoundError, msgspec.DecodeError):
        return
    orphans = last.all_pids()
    for _ in range(int(_ORPHANS_STOP_S / _STEP_S)):
        orphans = [pid for pid in orphans if status.is_served_by(pid, home)]
        if not orphans:
            return
        time.sleep(_STEP_S)
    for pid in orphans:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
