"""The listening sockets. The supervisor opens them and hands them to every gateway worker."""

import errno
import socket

import msgspec

LOOPBACK = ("127.0.0.1", "::1")
BACKLOG = 1024
_TRIES = 20


class CannotListen(Exception):
    """The port cannot be had; the message says why."""


class PortTaken(CannotListen):
    """Something listens on the port already."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken already")


class PortForbidden(CannotListen):
    """The port is one of those that only root may open."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} may be opened by root only")


class Listener(msgspec.Struct, frozen=True):
    """One port on every loopback address that the machine has."""

    port: int
    sockets: list[socket.socket]

    def close(self) -> None:
        """Give the port up."""
        for sock in self.sockets:
            sock.close()


def listen(port: int) -> Listener:
    """Open the port on loopback only; a demo is never reachable from outside.

    Args:
        port: 1 to 65535, or 0 for any port that is free on all loopback addresses.

    Raises:
        CannotListen: something listens there, or only root may.
    """
    for _ in range(_TRIES):
        first = _open(LOOPBACK[0], port)
        chosen: int = first.getsockname()[1]
        try:
            second = _open_ipv6(chosen)
        except PortTaken:
            first.close()
            if port:
                raise
            continue
        return Listener(chosen, [first, *([second] if second else [])])
    raise PortTaken(port)


def _open(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    try:
        sock.bind((address, port))
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(port) from error
        if isinstance(error, PermissionError):
            raise PortForbidden(port) from error
        raise
    sock.setblocking(False)  # noqa: FBT003  # the standard library's own signature
    return sock


def _open_ipv6(port: int) -> socket.socket | None:
    """Open the port on ::1, or return None on a machine without IPv6."""
    try:
        return _open(LOOPBACK[1], port)
    except OSError:
        return None
