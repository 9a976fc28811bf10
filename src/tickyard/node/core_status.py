"""Asking a running core how far it is."""

import asyncio
from typing import Final

from tickyard.engine import CoreStatus
from tickyard.engine.client import CoreClient
from tickyard.engine.errors import CoreBusy, CoreTimeout
from tickyard.node.home import Home

_ANSWER_WITHIN_S: Final = 3
_ASK_AGAIN_S: Final = 0.05


async def ask_core(home: Home) -> CoreStatus | None:
    """Ask the running core for its sequence and state hash; None when it does not answer."""
    try:
        async with asyncio.timeout(_ANSWER_WITHIN_S):
            client = await CoreClient.connect(home.core_socket)
            try:
                return await _status(client)
            finally:
                await client.close()
    except (CoreTimeout, TimeoutError, OSError):
        return None


async def _status(client: CoreClient) -> CoreStatus:
    """Ask until there is an answer: a core with much to do turns questions away."""
    while True:
        try:
            return await client.status(with_hash=True)
        except CoreBusy:
            await asyncio.sleep(_ASK_AGAIN_S)
