"""Serving the application on a Unix socket, behind the gateway."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from tickyard.engine.socket_path import reachable

_CONNECTIONS_MAX = 256
_KEEP_ALIVE_S = 90
"""Longer than the gateway keeps its own, so that it never writes to a connection that is being closed."""
_BACKLOG = 128


async def serve(
    app: Starlette, path: Path, stop: asyncio.Event, on_ready: Callable[[], None]
) -> None:
    """Serve until `stop` is set.

    Args:
        app: the application.
        path: of the socket; one that was left over is replaced.
        stop: set by somebody else.
        on_ready: called once connections are accepted.
    """
    with _listening(path) as sock:
        server = _Server(
            uvicorn.Config(
                app,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                # Every header about the other end comes from the gateway and is read as it is.
                proxy_headers=False,
                limit_concurrency=_CONNECTIONS_MAX,
                timeout_keep_alive=_KEEP_ALIVE_S,
                timeout_graceful_shutdown=2,
            )
        )
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.serve(sockets=[sock]))
            on_ready()
            await stop.wait()
            server.should_exit = True


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the process, which has other things to end as well."""
        yield


@contextmanager
def _listening(path: Path) -> Iterator[socket.socket]:
    with suppress(FileNotFoundError):
        path.unlink()
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with reachable(path) as name:
        sock.bind(str(name))
    sock.listen(_BACKLOG)
    try:
        yield sock
    finally:
        sock.close()
        with suppress(FileNotFoundError):
            path.unlink()
