"""What a supervised process owes its supervisor: say when it is ready, stop when told or orphaned.

The supervisor passes two pipe ends. Into `ready` the child writes one line once it serves, one whenever it has trouble or is
rid of it, and why it ends if it cannot go on. `parent` is never written to: it reaches its end when the supervisor dies, however that happens, and the child stops.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final

import msgspec

READY: Final = b"ready\n"
"""What a child says once it serves."""
_REASON_BYTES_MAX: Final = 2_000

HUGE_PAGES: Final = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
"""Asks the allocator for pages of 2 MiB where the system has them: a core visits its tables at random, and with small
pages the processor spends a tenth of an order on finding them. Read only when a process starts."""


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a child that gets these variables; what the operator has set counts."""
    return {**variables, **os.environ}


class Leash(msgspec.Struct, frozen=True):
    """The two pipe ends, as file descriptors; -1 when started by hand."""

    parent: int = -1
    ready: int = -1

    def say_ready(self) -> None:
        """Tell the supervisor that this process serves."""
        if self.ready >= 0:
            os.write(self.ready, READY)

    def say_trouble(self, reason: str) -> None:
        """Tell the supervisor what this process, which lives on, waits for; `say_ready` tells that it has come."""
        if self.ready >= 0:
            say_why(self.ready, reason)
            os.write(self.ready, b"\n")


def say_why(ready: int, reason: str) -> None:
    """Tell the supervisor why this process ends, where no full disk stands in the way as it may for the log.

    Args:
        ready: the pipe end into which `READY` was or would have been written.
        reason: its last line counts.
    """
    with suppress(OSError):
        os.write(ready, b"\n" + reason.strip().encode(errors="replace")[-_REASON_BYTES_MAX:])


async def run_until_told(leash: Leash, serve: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run `serve` with an event that is set on SIGTERM, SIGINT or the supervisor's death.

    Args:
        leash: the pipe ends from the supervisor.
        serve: runs until the event is set, then cleans up within a second or two.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if leash.parent >= 0:
        os.set_blocking(leash.parent, False)

        def orphaned() -> None:
            loop.remove_reader(leash.parent)
            stop.set()

        loop.add_reader(leash.parent, orphaned)
    await serve(stop)
