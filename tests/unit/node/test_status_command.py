"""`tickyard status -o json` prints one JSON object and a fitting exit status, whatever the home is like."""

import fcntl
import json
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tickyard.engine import protocol
from tickyard.engine.protocol import FrameKind
from tickyard.node import core_status, status
from tickyard.node.cli import main
from tickyard.node.home import Home

_END = b"end"

Answer = Callable[[int, int], bytes]
"""Bytes that a core answers to a question of this kind and number."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path / "home")
    found.create()
    return found


def told(home: Home) -> tuple[int, dict[str, Any]]:
    """Exit status and the JSON that was printed."""
    done = CliRunner().invoke(main, ["status", "--home", str(home.root), "-o", "json"])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, json.loads(done.stdout)


@contextmanager
def supervised(home: Home, state: str) -> Iterator[None]:
    """A home whose supervisor, which is us, says so."""
    lock = os.open(home.supervisor_lock, os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    status.write(home, status.Status(state=state, pids={"supervisor": os.getpid()}))
    try:
        yield
    finally:
        os.close(lock)


@contextmanager
def core(home: Home, answer: Answer) -> Iterator[None]:
    """A core that answers each question so; nothing closes the connection."""
    listener = socket.create_server(str(home.core_socket), family=socket.AF_UNIX)

    def serve() -> None:
        while True:
            connection, _ = listener.accept()
            with connection:
                if not _converse(connection, answer):
                    return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        with socket.socket(socket.AF_UNIX) as last:
            last.connect(str(home.core_socket))
            last.sendall(_END)
        thread.join()
        listener.close()


def _converse(connection: socket.socket, answer: Answer) -> bool:
    """Answer until the other side, or the answer, ends it; False when no other is to come."""
    frames = protocol.FrameReader()
    while data := connection.recv(65_536):
        if data == _END:
            return False
        for kind, request, _ in frames.feed(data):
            if not (said := answer(kind, request)):
                return True
            connection.sendall(said)
    return True


def test_where_nothing_ever_ran_it_is_stopped(tmp_path: Path) -> None:
    code, said = told(Home(tmp_path / "none"))
    assert (code, said["state"]) == (1, "stopped")


@pytest.mark.parametrize("text", [b"", b'{"state":"re', b"[]", b'{"state":1}'])
def test_what_a_supervisor_has_half_written_is_passed_over(home: Home, text: bytes) -> None:
    home.status.write_bytes(text)
    code, said = told(home)
    assert (code, said["state"]) == (1, "stopped")


def test_why_it_failed_is_said(home: Home) -> None:
    status.write(home, status.Status(state=status.FAILED, reason="the journal is damaged"))
    code, said = told(home)
    assert (code, said["state"], said["reason"]) == (1, "failed", "the journal is damaged")


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (status.STARTING, "the core does not answer"),
        (status.READY, "core.sock is not there; if it was removed, `tickyard down`"),
    ],
)
def test_a_core_that_is_not_there_is_said(
    home: Home, state: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core_status, "_ANSWER_WITHIN_S", 0.05)
    with supervised(home, state):
        code, said = told(home)
    assert (code, said["state"], said["seq"]) == (1, "starting", None)
    assert reason in said["reason"]


def test_a_core_that_goes_away_while_it_is_asked_is_said(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core_status, "_ANSWER_WITHIN_S", 0.2)
    with core(home, lambda _kind, _request: b""), supervised(home, status.READY):
        code, said = told(home)
    assert (code, said["state"]) == (1, "starting")


def test_a_core_with_much_to_do_is_asked_again(home: Home) -> None:
    asked: list[int] = []

    def answer(kind: int, request: int) -> bytes:
        asked.append(kind)
        if len(asked) < 3:
            return protocol.frame(FrameKind.BUSY, request, b"")
        return protocol.frame(FrameKind.STATUS, request, struct.pack("<QQ32s", 7, 0, b"\x01" * 32))

    with core(home, answer), supervised(home, status.READY):
        code, said = told(home)
    assert (code, said["state"], said["seq"], len(asked)) == (0, "ready", 7, 3)
