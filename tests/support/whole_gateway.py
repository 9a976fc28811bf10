"""The gateway of a worker with all its slices, put together before a running core, for whoever wants to look at it."""

import asyncio

from tickyard.gateway.app import Gateway
from tickyard.gateway.server import Server
from tickyard.node import build
from tickyard.node.home import Home


async def put_together(home: Home) -> Gateway:
    """Make a gateway as every worker does, and stop it before it serves anybody."""
    seen: list[Gateway] = []

    def look(gateway: Gateway) -> Server:
        seen.append(gateway)
        return Server(gateway)

    stop = asyncio.Event()
    stop.set()
    await build.serve_gateway(
        home, worker=99, counters=None, serving=look, stop=stop, on_ready=lambda: None
    )
    return seen[0]
