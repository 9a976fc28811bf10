"""Many who listen: connections that subscribe to public channels and take whatever comes."""

import multiprocessing
import os
import selectors
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from socket import create_connection
from typing import TYPE_CHECKING, Final

from benchmarks.client import upgrade
from benchmarks.wire import masked

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

PAIRS: Final = (
    ("BTC-USDT", "65000", "0.001"),
    ("ETH-USDT", "3200", "0.01"),
    ("BTC-USDC", "65000", "0.001"),
    ("ETH-USDC", "3200", "0.01"),
    ("TICK-USDT", "1", "10"),
    ("EOS-USDT", "0.6", "10"),
    ("STX-USDT", "1", "10"),
    ("CHZ-USDT", "0.1", "100"),
    ("PERP-USDT", "0.5", "10"),
    ("ALGO-USDT", "0.2", "10"),
)
"""Pairs, a price and a size of each at which trades are made."""

_CHANNELS: Final = ("tickers", "trades")
_READ_BYTES: Final = 1 << 16
_NICE: Final = 10


@contextmanager
def listeners(port: int, connections: int) -> Iterator["Synchronized[int]"]:
    """Let a process of its own listen; gives the number of pushes it has seen."""
    context = multiprocessing.get_context("fork")
    ready = context.Event()
    pushes = context.Value("Q", 0)
    process = context.Process(target=_listen, args=(port, connections, ready, pushes))
    process.start()
    try:
        while not ready.wait(1):
            if not process.is_alive():
                raise RuntimeError("the listeners could not subscribe")
        yield pushes
    finally:
        process.kill()
        process.join()


def _listen(port: int, connections: int, ready: Event, pushes: "Synchronized[int]") -> None:
    os.nice(_NICE)
    parent = os.getppid()
    arguments = ",".join(
        f'{{"channel":"{channel}","instId":"{pair}"}}'
        for channel in _CHANNELS
        for pair, _, _ in PAIRS
    )
    subscribe = masked(f'{{"op":"subscribe","args":[{arguments}]}}')
    selector = selectors.DefaultSelector()
    for number in range(connections):
        # Addresses of their own, as so many clients have.
        source = (f"127.0.{1 + number // 250}.{1 + number % 250}", 0)
        sock = create_connection(("127.0.0.1", port), source_address=source)
        upgrade(sock, "public")
        sock.sendall(subscribe)
        selector.register(sock, selectors.EVENT_READ, sock)
    ready.set()
    while os.getppid() == parent:
        seen = 0
        for key, _ in selector.select(1):
            data = key.fileobj.recv(_READ_BYTES)  # type: ignore[union-attr]  # sockets were registered
            if not data:
                raise RuntimeError("a listener was dropped")
            # Only subscriptions are answered with an event.
            seen += data.count(b'"data":[')
        pushes.value += seen
        # A turn now and then takes less of the machine than a turn for each push.
        time.sleep(0.005)
