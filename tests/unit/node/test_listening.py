"""Ports are opened on loopback only, or not at all."""

import socket

import pytest

from tickyard.node.listening import LOOPBACK, PortTaken, listen


def test_only_loopback_is_listened_on() -> None:
    listener = listen(0)
    try:
        assert listener.port > 0
        assert {sock.getsockname()[0] for sock in listener.sockets} <= set(LOOPBACK)
        assert {sock.getsockname()[1] for sock in listener.sockets} == {listener.port}
    finally:
        listener.close()


def test_a_taken_port_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PortTaken):
        listen(taken.getsockname()[1])


def test_a_closed_port_can_be_opened_again_at_once() -> None:
    first = listen(0)
    first.close()
    listen(first.port).close()
