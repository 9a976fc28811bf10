"""A trader that never stops: places, crosses and cancels over WebSocket, and remembers every promise it was given."""

import asyncio
import base64
import hashlib
import hmac
import json
import random
import time
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

IN_FLIGHT = 8
CANCELS = 0.4
"""Share of the messages that are cancellations."""


class Trader:
    """One account under load.

    Attributes:
        sent: every client id that went out, acknowledged or not.
        placed: order id of each client id whose order was acknowledged.
        canceled: order ids whose cancellation was acknowledged.
    """

    def __init__(
        self, key: dict[str, str], *, prefix: str, seed: int, inst_id: str = "BTC-USDT"
    ) -> None:
        self.sent: set[str] = set()
        self.placed: dict[str, str] = {}
        self.canceled: set[str] = set()
        self._live: list[str] = []
        self._key = key
        self._prefix = prefix
        self._rng = random.Random(seed)
        self._inst_id = inst_id
        self._count = 0

    async def trade_until_cut_off(self, ws: str) -> None:
        """Trade until the connection breaks or the task is cancelled."""
        try:
            async with connect(f"{ws}/private", open_timeout=5) as socket:
                await self._log_in(socket)
                while True:
                    await self._round(socket)
        except (OSError, WebSocketException, TimeoutError):
            return

    async def _round(self, socket: ClientConnection) -> None:
        waiting: dict[str, dict[str, Any]] = {}
        for _ in range(IN_FLIGHT):
            self._count += 1
            frame = self._next_frame(f"{self._prefix}{self._count}")
            waiting[frame["id"]] = frame
            await socket.send(json.dumps(frame))
        while waiting:
            async with asyncio.timeout(10):
                answer = json.loads(await socket.recv())
            sent = waiting.pop(answer.get("id", ""), None)
            if sent is not None and answer["code"] == "0":
                self._remember(sent, answer["data"][0])

    def _next_frame(self, name: str) -> dict[str, Any]:
        if self._live and self._rng.random() < CANCELS:
            order_id = self._live.pop(self._rng.randrange(len(self._live)))
            args = {"instId": self._inst_id, "ordId": order_id}
            return {"id": name, "op": "cancel-order", "args": [args]}
        self.sent.add(name)
        side = self._rng.choice(("buy", "sell"))
        args = {
            "instId": self._inst_id,
            "tdMode": "cash",
            "side": side,
            "ordType": "limit",
            "px": str(self._rng.randrange(59_990, 60_010)),
            "sz": str(self._rng.randrange(1, 20) / 10_000),
            "clOrdId": name,
        }
        return {"id": name, "op": "order", "args": [args]}

    def _remember(self, frame: dict[str, Any], item: dict[str, Any]) -> None:
        if frame["op"] == "order":
            self.placed[frame["args"][0]["clOrdId"]] = item["ordId"]
            self._live.append(item["ordId"])
        else:
            self.canceled.add(item["ordId"])

    async def _log_in(self, socket: ClientConnection) -> None:
        timestamp = str(int(time.time()))
        text = f"{timestamp}GET/users/self/verify".encode()
        digest = hmac.new(self._key["secretKey"].encode(), text, hashlib.sha256).digest()
        login = {
            "apiKey": self._key["apiKey"],
            "passphrase": self._key["passphrase"],
            "timestamp": timestamp,
            "sign": base64.b64encode(digest).decode(),
        }
        await socket.send(json.dumps({"op": "login", "args": [login]}))
        async with asyncio.timeout(10):
            answer = json.loads(await socket.recv())
        assert answer["code"] == "0", answer
