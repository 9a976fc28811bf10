"""A small OKX client: signed requests, and operations over one socket that is kept open.

Source: OKX v5, "REST Authentication", "WebSocket", "Login".
"""

import asyncio
import base64
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from typing import Any, Final, Protocol
from urllib.parse import urlencode

import msgspec
from picows import WSError, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from tickyard.base.clock import Clock
from tickyard.base.log import logger
from tickyard.world.errors import Lost, Refused
from tickyard.world.rest import Rest
from tickyard.world.settings import Participant

log = logger("world")

BATCH_MAX: Final = 20
"""Orders in one operation."""

Row = dict[str, Any]

_JSON: Final = msgspec.json.Encoder()
_API: Final = "/api/v5/"
_FILLS: Final = "fills"
_TIMEOUT_S: Final = 10
_IDLE_S: Final = 10
_BACKOFF_S: Final = (0.1, 0.2, 0.5, 1.0, 2.0)
_PARTLY: Final = ("0", "1", "2")
"""Codes of answers whose items say themselves what became of them."""


class _Reply(msgspec.Struct):
    """Any text from the server."""

    id: str = ""
    event: str = ""
    code: str = ""
    msg: str = ""
    data: list[Row] = []
    arg: dict[str, Any] = {}
    """Of a push: which channel it belongs to."""


_REPLY: Final = msgspec.json.Decoder(_Reply)


class Exchange(Protocol):
    """What makers and takers ask for."""

    async def ready(self) -> None:
        """Wait until operations can be sent."""
        ...

    async def get(self, path: str, **params: str) -> list[Row]:
        """Ask for rows."""
        ...

    async def post(self, path: str, body: Mapping[str, str]) -> list[Row]:
        """Send a request that changes something."""
        ...

    async def operate(self, op: str, items: Sequence[Row]) -> list[Row]:
        """Send an operation; one row for each item, in order, with its `sCode`."""
        ...


class Client:
    """One participant's way to the exchange. Fulfils `Exchange`."""

    def __init__(
        self,
        http: str,
        ws: str,
        participant: Participant,
        clock: Clock,
        *,
        on_fill: Callable[[Row], None] | None = None,
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            http: origin of the plain port.
            ws: base of its sockets.
            participant: whose requests they are.
            clock: for signatures.
            on_fill: told of every fill of the account, if it is given; not every account may ask for that.
        """
        self.name = participant.name
        self._participant = participant
        self._clock = clock
        self._on_fill = on_fill
        self._rest = Rest(http, participant.source_address)
        self._url = f"{ws}/private"
        self._numbers = count(1)
        self._waiting: dict[str, asyncio.Future[_Reply]] = {}
        self._transport: WSTransport | None = None
        self._is_ready = asyncio.Event()

    async def ready(self) -> None:
        """Wait until operations can be sent."""
        await self._is_ready.wait()

    async def get(self, path: str, **params: str) -> list[Row]:
        """Ask for rows.

        Args:
            path: e.g. "trade/orders-pending".
            params: the query.

        Raises:
            Lost: no answer.
            Refused: the exchange said no.
        """
        target = f"{_API}{path}?{urlencode(params)}" if params else f"{_API}{path}"
        return await self._request("GET", target, b"")

    async def post(self, path: str, body: Mapping[str, str]) -> list[Row]:
        """Send a request that changes something; raises as `get`."""
        return await self._request("POST", _API + path, _JSON.encode(body))

    async def operate(self, op: str, items: Sequence[Row]) -> list[Row]:
        """Send an operation, e.g. "batch-orders".

        Returns:
            One row for each item, in order, with its `sCode`.

        Raises:
            Lost: no answer; the outcome is unknown.
            Refused: the whole operation was refused.
        """
        number = str(next(self._numbers))
        reply = await self._ask(number, {"id": number, "op": op, "args": items})
        if reply.code not in _PARTLY or len(reply.data) != len(items):
            raise Refused(reply.code, reply.msg)
        return reply.data

    async def keep_connected(self) -> None:
        """Hold a socket that is logged in, for ever; a lost one is opened again."""
        failures = 0
        while True:
            try:
                transport = await self._connect()
            except (OSError, WSError, Lost, Refused) as error:
                log.debug("client.unreachable", client=self.name, error=repr(error))
                self._drop()
                await asyncio.sleep(_BACKOFF_S[min(failures, len(_BACKOFF_S) - 1)])
                failures += 1
                continue
            failures = 0
            log.info("client.connected", client=self.name)
            self._is_ready.set()
            await transport.wait_disconnected()
            log.info("client.disconnected", client=self.name)
            self._drop()

    def close(self) -> None:
        """Close both connections."""
        self._drop()
        self._rest.close()

    async def _connect(self) -> WSTransport:
        transport, _ = await ws_connect(
            lambda: _Ears(self._heard),
            self._url,
            local_addr=(self._participant.source_address, 0),
            enable_auto_ping=True,
            auto_ping_idle_timeout=_IDLE_S,
            auto_ping_reply_timeout=_IDLE_S,
        )
        self._transport = transport
        seconds = str(self._clock.now_ms() // 1000)
        login = {
            "apiKey": self._participant.api_key,
            "passphrase": self._participant.passphrase,
            "timestamp": seconds,
            "sign": self._signature(f"{seconds}GET/users/self/verify"),
        }
        # The answer to a login carries no id; nothing else is under way yet.
        reply = await self._ask("", {"op": "login", "args": [login]})
        if reply.event != "login":
            raise Refused(reply.code, reply.msg)
        if self._on_fill is not None:
            number = str(next(self._numbers))
            args = [{"channel": _FILLS}]
            reply = await self._ask(number, {"id": number, "op": "subscribe", "args": args})
            if reply.event != "subscribe":
                log.warning("client.no_fills", client=self.name, code=reply.code)
        return transport

    def _drop(self) -> None:
        self._is_ready.clear()
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.disconnect(graceful=False)
        waiting, self._waiting = self._waiting, {}
        for reply in waiting.values():
            if not reply.done():
                reply.set_exception(Lost("the socket was closed"))

    async def _ask(self, number: str, message: Row) -> _Reply:
        if self._transport is None:
            raise Lost("there is no socket")
        reply: asyncio.Future[_Reply] = asyncio.get_running_loop().create_future()
        self._waiting[number] = reply
        self._transport.send(WSMsgType.TEXT, _JSON.encode(message))
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                return await reply
        except TimeoutError:
            raise Lost("no answer in time") from None
        finally:
            self._waiting.pop(number, None)

    def _heard(self, text: bytes) -> None:
        try:
            reply = _REPLY.decode(text)
        except msgspec.DecodeError:
            return  # "pong", or a frame of another shape: nothing that anybody waits for
        if self._on_fill is not None and reply.data and reply.arg.get("channel") == _FILLS:
            for row in reply.data:
                self._on_fill(row)
            return
        waiting = self._waiting.get(reply.id)
        if waiting is not None and not waiting.done():
            waiting.set_result(reply)

    async def _request(self, method: str, target: str, body: bytes) -> list[Row]:
        now_ms = self._clock.now_ms()
        moment = datetime.fromtimestamp(now_ms // 1000, UTC)
        stamp = f"{moment:%Y-%m-%dT%H:%M:%S}.{now_ms % 1000:03d}Z"
        headers = {
            "OK-ACCESS-KEY": self._participant.api_key,
            "OK-ACCESS-SIGN": self._signature(f"{stamp}{method}{target}{body.decode()}"),
            "OK-ACCESS-TIMESTAMP": stamp,
            "OK-ACCESS-PASSPHRASE": self._participant.passphrase,
            "Content-Type": "application/json",
        }
        answer = await self._rest.request(method, target, headers, body)
        try:
            reply = _REPLY.decode(answer)
        except msgspec.DecodeError as error:
            raise Lost(f"{target}: an answer of another shape") from error
        if reply.code != "0":
            raise Refused(reply.code, reply.msg)
        return reply.data

    def _signature(self, text: str) -> str:
        digest = hmac.digest(self._participant.secret_key.encode(), text.encode(), sha256)
        return base64.b64encode(digest).decode()


class _Ears(WSListener):
    """Hands on what the server says."""

    def __init__(self, heard: Callable[[bytes], None]) -> None:
        self._heard = heard

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take a frame."""
        if frame.msg_type == WSMsgType.TEXT:
            self._heard(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()
