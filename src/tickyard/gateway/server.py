"""Serving a gateway: on sockets that listen already, and on connections that others hand over."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from socket import socket

from tickyard.base.log import logger
from tickyard.gateway.app import Gateway
from tickyard.gateway.envelope import answer_json
from tickyard.gateway.errors import Refused, explain
from tickyard.gateway.exchange import Incoming, Response
from tickyard.gateway.handover import REST_BYTES_MAX, Arrivals, Passed, Successors
from tickyard.gateway.http import Door, HttpConnection, Wait
from tickyard.gateway.http_reader import refusal
from tickyard.gateway.limits import WAITING_MS_MAX
from tickyard.gateway.outbox import Flusher, Sink
from tickyard.gateway.session import Parts, WebSocketSession
from tickyard.gateway.vitals import Counts, offer
from tickyard.gateway.websocket import NotAnUpgrade, hand_over

FANOUT_PATHS = frozenset({"/ws/v5/public", "/ws/v5/business"})
"""Here thousands listen: workers of their own serve it, where there are any."""
WEBSOCKET_PATHS = FANOUT_PATHS | {"/ws/v5/private"}
DRAIN_S_MAX = 3
"""How long answers that are being made may take once the worker is told to stop."""

_OFFLINE = "50001"

_log = logger("gateway")


class Server:
    """Accepts connections for a gateway until it is told to stop."""

    def __init__(
        self,
        gateway: Gateway,
        *,
        plain: Sequence[socket] = (),
        arrivals: Path | None = None,
        fanout: Successors | None = None,
        slot_ms: int = 0,
        counts_connections: bool = True,
        vitals: Path | None = None,
    ) -> None:
        """Prepare; nothing is accepted yet.

        Args:
            gateway: what to serve.
            plain: listening sockets for http and ws; other workers may accept on the same.
            arrivals: the Unix socket on which other processes hand connections over, if any do.
            fanout: who serves `FANOUT_PATHS`; this worker itself when there is nobody else.
            slot_ms: how long a group of listeners is waited for before the next is sent to; see `Flusher`.
            counts_connections: whether new WebSockets count for their address; not where all of them were
                counted by the worker that has handed them on.
            vitals: the Unix socket on which this worker tells its numbers, if it does.
        """
        self._gateway = gateway
        self._vitals = gateway.rest.vitals
        self._vitals_path = vitals
        self._sockets = plain
        self._arrivals = None if arrivals is None else Arrivals(arrivals, self._arrive)
        self._fanout = fanout
        self._loop = asyncio.get_running_loop()
        flusher = Flusher(self._loop.call_soon, self._loop.call_later, slot_ms=slot_ms)
        gateway.switchboard.topics.on_published = flusher.published
        self._parts = Parts(
            signatures=gateway.signatures,
            operations=gateway.operations,
            switchboard=gateway.switchboard,
            heartbeat=gateway.heartbeat,
            flusher=flusher,
        )
        self._door = Door(
            gateway.rest, wall=gateway.wall, heartbeat=gateway.heartbeat, upgrade=self._upgrade
        )
        self._counts_connections = counts_connections
        self._opened = 0
        self._timer: asyncio.TimerHandle | None = None
        self._due_s = 0.0

    async def run(self, stop: asyncio.Event, on_ready: Callable[[], None] | None = None) -> None:
        """Serve until `stop` is set, then finish what is being answered and close everything.

        Args:
            stop: set by somebody else.
            on_ready: called once connections are accepted.
        """
        async with self._gateway.runner as runner:
            servers = [await self._listen(sock) for sock in self._sockets]
            if self._vitals_path is not None:
                servers.append(await offer(self._vitals_path, self._counts))
            if self._arrivals is not None:
                self._arrivals.open()
            self._beat()
            _log.info("gateway.started", sockets=len(self._sockets))
            if on_ready is not None:
                on_ready()
            try:
                await stop.wait()
            finally:
                for server in servers:
                    server.close()
                if self._arrivals is not None:
                    self._arrivals.close()
                if self._fanout is not None:
                    self._fanout.close()
                for connection in list(self._door.connections):
                    connection.finish()
                await runner.drain(DRAIN_S_MAX)
                for session in list(self._parts.sessions):
                    session.end_service()
                if self._timer is not None:
                    self._timer.cancel()
                # One turn, so that what was written last leaves before the loop ends.
                await asyncio.sleep(0)
        _log.info("gateway.stopped")

    async def _listen(self, sock: socket) -> asyncio.Server:
        return await self._loop.create_server(lambda: HttpConnection(self._door), sock=sock)

    def _arrive(self, connection: socket, passed: Passed) -> None:
        self._gateway.runner.start(
            self._loop.connect_accepted_socket(
                lambda: HttpConnection(self._door, passed), connection
            ),
            lambda _connected: None,
            # The client has gone meanwhile.
            lambda _error: connection.close(),
            is_direct=False,
        )

    def _beat(self) -> None:
        now_s = self._loop.time()
        late_s = max(0.0, now_s - self._due_s) if self._due_s else 0.0
        self._due_s = now_s + 1
        self._timer = self._loop.call_at(self._due_s, self._beat)
        self._vitals.beat(late_s)
        self._gateway.heartbeat.beat()
        for connection in list(self._door.connections):
            connection.check()
        for session in list(self._parts.sessions):
            session.check()

    def _counts(self) -> Counts:
        return Counts(
            connections=len(self._door.connections),
            sessions=len(self._parts.sessions),
            sessions_total=self._opened,
            answers=self._vitals.answers,
            late_us=self._vitals.late_us,
            late_max_us=self._vitals.late_max_us,
        )

    def _upgrade(
        self, incoming: Incoming, transport: asyncio.Transport, rest: bytes, waits: int
    ) -> Response | Wait | None:
        path = incoming.target.partition(b"?")[0].decode("latin-1")
        if path not in WEBSOCKET_PATHS:
            return refusal(404, f"There is no WebSocket at {path}")
        if self._counts_connections:
            now_ms, limits = self._gateway.wall.now_ms(), self._gateway.limits
            if not limits.admits_connection(incoming.peer, now_ms):
                if waits:
                    may_wait = now_ms < incoming.received_us // 1_000 + WAITING_MS_MAX
                else:
                    may_wait = limits.lets_wait(incoming.peer, now_ms)
                return Wait.A_MOMENT if may_wait else _too_many()
        if self._fanout is not None and path in FANOUT_PATHS:
            return _pass_on(self._fanout, transport, Passed(incoming.peer, incoming, rest))

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


def _too_many() -> Response:
    failure = explain(Refused("50011"))
    return Response(
        failure.status,
        answer_json(failure.code, failure.message, []),
        extra=b"Retry-After: 1\r\n",
    )


def _pass_on(
    successors: Successors, transport: asyncio.Transport, passed: Passed
) -> Response | None:
    if len(passed.rest) > REST_BYTES_MAX:
        return refusal(400, "The handshake must be answered before messages are sent")
    # What was written and not sent would be lost with this end.
    if transport.get_write_buffer_size() == 0:
        # What comes from now on is left in the system, for whoever reads next.
        transport.pause_reading()
        if successors.take(transport.get_extra_info("socket").fileno(), passed):
            transport.abort()
            return None
        transport.resume_reading()
    return Response(
        503,
        answer_json(_OFFLINE, "Market data is not served at the moment, connect again", []),
        extra=b"Retry-After: 1\r\n",
    )
