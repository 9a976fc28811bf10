"""A WebSocket client that may say anything: frames are put together by hand."""

import asyncio
import json
import os
from typing import TYPE_CHECKING, Any

from tests.hostile.venue import Key, Venue

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
PATIENCE_S = 20


class Closed(Exception):
    """The other end has closed the connection."""

    def __init__(self, code: int) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


class Socket:
    """One connection."""

    def __init__(self, venue: Venue, path: str = "private") -> None:
        self._venue = venue
        self._path = path

    async def __aenter__(self) -> "Socket":
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._venue.port)
        self.write(
            f"GET /ws/v5/{self._path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert b" 101 " in head, head
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    def write(self, raw: bytes) -> None:
        """Send bytes."""
        self._writer.write(raw)

    def say(self, text: str | bytes, *, kind: int = TEXT, first: int = 0x80) -> None:
        """Send one frame; `first` holds its final and reserved bits."""
        self.write(frame(text.encode() if isinstance(text, str) else text, kind=kind, first=first))

    async def hear(self) -> tuple[int, bytes]:
        """Take one frame: its kind and what it carries.

        Raises:
            Closed: the connection was ended, by a close frame or without one (code 0).
        """
        try:
            async with asyncio.timeout(PATIENCE_S):
                head = await self._reader.readexactly(2)
                size = head[1] & 0x7F
                if size == 126:
                    size = int.from_bytes(await self._reader.readexactly(2), "big")
                elif size == 127:
                    size = int.from_bytes(await self._reader.readexactly(8), "big")
                payload = await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise Closed(0) from None
        kind = head[0] & 0x0F
        if kind == CLOSE:
            raise Closed(int.from_bytes(payload[:2], "big"))
        return kind, payload

    async def answer(self) -> dict[str, Any]:
        """Take one answer; what is pushed meanwhile is passed over."""
        while True:
            kind, payload = await self.hear()
            if kind != TEXT or payload == b"pong":
                continue
            value: dict[str, Any] = json.loads(payload)
            if "op" in value or "event" in value:
                return value

    async def ask(self, text: str) -> dict[str, Any]:
        """Say something and take the answer."""
        self.say(text)
        return await self.answer()

    async def log_in(self, key: Key, **changed: Any) -> dict[str, Any]:
        """Log in."""
        return await self.ask(json.dumps({"op": "login", "args": [key.login(**changed)]}))

    async def is_alive(self) -> bool:
        """Tell whether the conversation goes on."""
        try:
            self.say("ping")
            while (await self.hear())[1] != b"pong":
                pass
        except Closed:
            return False
        return True

    async def closed(self) -> int:
        """Wait for the end; return its code."""
        try:
            while True:
                await self.hear()
        except Closed as end:
            return end.code


def frame(payload: bytes, *, kind: int = TEXT, first: int = 0x80, is_masked: bool = True) -> bytes:
    """Write a frame as clients do."""
    size = len(payload)
    bit = 0x80 if is_masked else 0
    if size <= 125:
        head = bytes((first | kind, bit | size))
    elif size <= 0xFFFF:
        head = bytes((first | kind, bit | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((first | kind, bit | 127)) + size.to_bytes(8, "big")
    if not is_masked:
        return head + payload
    mask = os.urandom(4)
    key = (mask * (size // 4 + 1))[:size]
    masked = int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")
    return head + mask + masked.to_bytes(size, "big")


def told(answer: dict[str, Any]) -> str:
    """The code that counts: of the one item when everything failed, else that of the answer."""
    data: Sequence[Any] = answer.get("data") or ()
    if answer["code"] == "1" and len(data) == 1:
        return str(data[0]["sCode"])
    return str(answer["code"])
