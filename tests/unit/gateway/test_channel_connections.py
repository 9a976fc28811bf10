"""Thirty connections of an account may listen to a private channel, and each is told how many do."""

import json
from typing import TYPE_CHECKING, Any

from tests.support.wire import TinySlice, decoded, login

from tickyard._core import Counters
from tickyard.base.clock import ManualClock
from tickyard.gateway.channel_connections import CONNECTIONS_MAX
from tickyard.gateway.outbox import Flusher
from tickyard.gateway.session import Parts, WebSocketSession

if TYPE_CHECKING:
    from tickyard.gateway.app import Gateway

NOW_S = 1_607_418_537
ACCOUNT = {"channel": "account"}
TICKERS = {"channel": "tickers", "instId": "BTC-USDT"}


class Sink:
    """The other end; short texts only."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []

    def write(self, data: bytes) -> None:
        while data:
            size, start = (data[1], 2) if data[1] < 126 else (int.from_bytes(data[2:4], "big"), 4)
            self.heard.append(decoded(data[start : start + size]))
            data = data[start + size :]

    def unsent(self) -> int:
        return 0

    def close(self, code: int, reason: str) -> None:
        raise AssertionError(reason)


class House:
    """Connections of one worker."""

    def __init__(self) -> None:
        clock = ManualClock(NOW_S * 10**9)
        self.gateway: Gateway = TinySlice().gateway(wall=clock, exchange=clock, counters=Counters())
        self.flusher = Flusher(lambda _flush: None)
        self._parts = Parts(
            signatures=self.gateway.signatures,
            operations=self.gateway.operations,
            switchboard=self.gateway.switchboard,
            heartbeat=self.gateway.heartbeat,
            flusher=self.flusher,
        )

    def open(self, *frames: dict[str, Any], name: str = "alice") -> tuple[WebSocketSession, Sink]:
        sink = Sink()
        session = WebSocketSession(self._parts, sink, conn_id="c", path="/ws/v5/private", peer="x")
        for frame in (login(str(NOW_S), name=name), *frames):
            session.receive(json.dumps(frame).encode())
        return session, sink

    def told(self, sink: Sink) -> list[tuple[str, str]]:
        """The counts that a client was told."""
        self.flusher.flush()
        return [
            (frame["event"].removeprefix("channel-conn-"), frame["connCount"])
            for frame in sink.heard
            if "connCount" in frame
        ]


def subscribe(*args: dict[str, str]) -> dict[str, Any]:
    return {"op": "subscribe", "args": list(args)}


async def test_each_connection_is_told_how_many_listen() -> None:
    house = House()
    async with house.gateway.runner:
        session, first = house.open(subscribe(ACCOUNT))
        _, second = house.open(subscribe(ACCOUNT, ACCOUNT))
        _, of_bob = house.open(subscribe(ACCOUNT), name="bob")
        session.receive(json.dumps({"op": "unsubscribe", "args": [ACCOUNT]}).encode())
        assert house.told(first) == [("count", "1"), ("count", "1")]
        assert house.told(second) == [("count", "2")]
        assert house.told(of_bob) == [("count", "1")]


async def test_the_thirty_first_is_told_so_and_listens_to_nothing() -> None:
    house = House()
    async with house.gateway.runner:
        sessions = [house.open(subscribe(ACCOUNT))[0] for _ in range(CONNECTIONS_MAX)]
        _, late = house.open(subscribe(ACCOUNT))
        assert house.told(late) == [("count-error", "30")]
        assert len(house.gateway.switchboard.topics.subscribers("account", 16)) == CONNECTIONS_MAX
        sessions[0].lost()
        _, next_one = house.open(subscribe(ACCOUNT))
        assert house.told(next_one) == [("count", "30")]


async def test_public_channels_are_not_counted() -> None:
    house = House()
    async with house.gateway.runner:
        _, sink = house.open(subscribe(TICKERS))
        assert house.told(sink) == []
