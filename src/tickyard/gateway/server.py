"""Serving a gateway on sockets that listen already, plain and TLS, both protocols on each."""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from socket import socket

from tickyard.base.log import logger
from tickyard.gateway.app import Gateway
from tickyard.gateway.exchange import Incoming, Response
from tickyard.gateway.http import Door, HttpConnection
from tickyard.gateway.http_reader import refusal
from tickyard.gateway.outbox import Flusher, Sink
from tickyard.gateway.session import Parts, WebSocketSession
from tickyard.gateway.websocket import NotAnUpgrade, hand_over

WEBSOCKET_PATHS = frozenset({"/ws/v5/public", "/ws/v5/private", "/ws/v5/business"})
CLOSE_GOING_AWAY = 1001
DRAIN_S_MAX = 3
"""How long answers that are being made may take once the worker is told to stop."""

_log = logger("gateway")


class Server:
    """Accepts connections for a gateway until it is told to stop."""

    def __init__(
        self,
        gateway: Gateway,
        *,
        plain: Sequence[socket],
        tls: Sequence[socket] = (),
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        """Prepare; nothing is accepted yet.

        Args:
            gateway: what to serve.
            plain: listening sockets for http and ws; other workers may accept on the same.
            tls: listening sockets for https and wss.
            tls_context: needed when there are any of those.
        """
        self._gateway = gateway
        self._sockets = [*((sock, None) for sock in plain), *((sock, tls_context) for sock in tls)]
        self._loop = asyncio.get_running_loop()
        self._parts = Parts(
            signatures=gateway.signatures,
            operations=gateway.operations,
            switchboard=gateway.switchboard,
            heartbeat=gateway.heartbeat,
            flusher=Flusher(self._loop.call_soon),
        )
        self._door = Door(
            gateway.rest, wall=gateway.wall, heartbeat=gateway.heartbeat, upgrade=self._upgrade
        )
        self._opened = 0
        self._timer: asyncio.TimerHandle | None = None

    async def run(self, stop: asyncio.Event, on_ready: Callable[[], None] | None = None) -> None:
        """Serve until `stop` is set, then finish what is being answered and close everything.

        Args:
            stop: set by somebody else.
            on_ready: called once connections are accepted.
        """
        async with self._gateway.runner as runner:
            servers = [await self._listen(sock, context) for sock, context in self._sockets]
            self._beat()
            _log.info("gateway.started", sockets=len(servers))
            if on_ready is not None:
                on_ready()
            try:
                await stop.wait()
            finally:
                for server in servers:
                    server.close()
                for connection in list(self._door.connections):
                    connection.finish()
                await runner.drain(DRAIN_S_MAX)
                for session in list(self._parts.sessions):
                    session.close(CLOSE_GOING_AWAY, "The server is going away.")
                if self._timer is not None:
                    self._timer.cancel()
                # One turn, so that what was written last leaves before the loop ends.
                await asyncio.sleep(0)
        _log.info("gateway.stopped")

    async def _listen(self, sock: socket, context: ssl.SSLContext | None) -> asyncio.Server:
        return await self._loop.create_server(
            lambda: HttpConnection(self._door), sock=sock, ssl=context
        )

    def _beat(self) -> None:
        self._timer = self._loop.call_later(1, self._beat)
        self._gateway.heartbeat.beat()
        for connection in list(self._door.connections):
            connection.check()
        for session in list(self._parts.sessions):
            session.check()

    def _upgrade(
        self, incoming: Incoming, transport: asyncio.Transport, rest: bytes
    ) -> Response | None:
        path = incoming.target.partition(b"?")[0].decode("latin-1")
        if path not in WEBSOCKET_PATHS:
            return refusal(404, f"There is no WebSocket at {path}")

        def make_session(sink: Sink) -> WebSocketSession:
            self._opened += 1
            conn_id = f"{self._gateway.worker:02x}{self._opened:06x}"
            return WebSocketSession(
                self._parts, sink, conn_id=conn_id, path=path, peer=incoming.peer
            )

        try:
            hand_over(incoming, transport, rest, make_session)
        except NotAnUpgrade:
            return refusal(400, "The WebSocket handshake is malformed")
        return None
