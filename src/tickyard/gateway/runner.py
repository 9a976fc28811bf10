"""Running handlers: most in a task of their own, the hot ones without.

A task costs more than decoding an order. A coroutine that awaits only futures can be stepped by hand
for half of it; what it gives up is `asyncio.current_task`, and with it timeouts and groups.
"""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

from tickyard.base.log import logger

T = TypeVar("T")

WORK_S_MAX = 15
"""A task that takes longer is given up. What it waits for has shorter limits of its own."""

_log = logger("gateway")


class Runner:
    """Runs coroutines while its `async with` block lasts."""

    def __init__(self) -> None:
        self._group = asyncio.TaskGroup()
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_flight = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def __aenter__(self) -> Self:
        """Open the group that owns the tasks."""
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for the tasks that are left."""
        await self._group.__aexit__(kind, error, trace)

    def start(
        self,
        work: Awaitable[T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        *,
        is_direct: bool,
    ) -> None:
        """Begin, at once when direct, else in the next turn of the loop.

        Args:
            work: what a handler returned.
            done: called with what the work returned.
            failed: called with what it raised; a `TimeoutError` when it took too long.
            is_direct: step it by hand; see `Route.is_direct`.
        """
        if not self._in_flight:
            self._idle.clear()
        self._in_flight += 1
        if is_direct:
            _Stepper(work, done, failed, self._ended).step()
        else:
            task = self._group.create_task(self._run(work, done, failed))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def drain(self, within_s: int) -> None:
        """Wait until nothing runs; cancel what takes longer than `within_s` seconds."""
        try:
            async with asyncio.timeout(within_s):
                await self._idle.wait()
        except TimeoutError:
            for task in self._tasks:
                task.cancel()

    async def _run(
        self, work: Awaitable[T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        try:
            async with asyncio.timeout(WORK_S_MAX):
                result = await work
        except Exception as error:  # noqa: BLE001  # the request boundary
            self._ended()
            _hand_over(failed, error)
            return
        except BaseException:
            self._ended()
            raise
        self._ended()
        _hand_over(done, result)

    def _ended(self) -> None:
        self._in_flight -= 1
        if not self._in_flight:
            self._idle.set()


class _Stepper(Generic[T]):
    """Steps a coroutine as a task would: to the next future, and on when that is done."""

    __slots__ = ("_done", "_ended", "_failed", "_work")

    def __init__(
        self,
        work: Awaitable[T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        ended: Callable[[], None],
    ) -> None:
        self._work = work.__await__()
        self._done = done
        self._failed = failed
        self._ended = ended

    def step(self, _finished: object = None) -> None:
        try:
            # The future that was waited for raises or returns inside the coroutine.
            waited = self._work.send(None)
        except StopIteration as stop:
            self._ended()
            self._done(stop.value)
        except Exception as error:  # noqa: BLE001  # the request boundary
            self._ended()
            self._failed(error)
        else:
            if waited is None:  # sleep(0): only the next turn is waited for
                asyncio.get_running_loop().call_soon(self.step)
                return
            # Whoever steps a coroutine clears this mark, which says that the future was awaited.
            waited._asyncio_future_blocking = False  # noqa: SLF001
            waited.add_done_callback(self.step)


def _hand_over(take: Callable[[T], None], result: T) -> None:
    try:
        take(result)
    except Exception:  # noqa: BLE001  # one connection's bug must not end the worker
        _log.exception("answer.failed")
