"""A channel without a snapshot gets ready before its subscription is acknowledged."""

import asyncio
from typing import Any

from tests.support.wire import decoded

from tickyard.base.errors import OutcomeUnknown
from tickyard.base.ids import AccountId
from tickyard.gateway.channels import Arg, Session, Topics
from tickyard.gateway.route import Access, Caller
from tickyard.gateway.runner import Runner
from tickyard.gateway.subscriptions import Subscriptions, Switchboard

ORDERS = {"channel": "orders", "instType": "ANY"}


class Orders:
    """Is ready when `gate` is set; fails when told to."""

    name = "orders"
    is_private = True

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.failure: Exception | None = None

    def key(self, arg: Arg, caller: Caller | None) -> str:
        return "all"

    async def prepare(self, key: str) -> None:
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure

    def opened(self, key: str, session: Session, arg: Arg, caller: Caller | None) -> None:
        pass

    def closed(self, key: str, session: Session) -> None:
        pass


class Listener:
    """A session that keeps what it was sent."""

    conn_id = "c1"
    caller = Caller(AccountId(16), "u", AccountId(16), "k", frozenset({Access.READ}))

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def send(self, payload: bytes) -> None:
        self.heard.append(decoded(payload))

    def send_frame(self, frame: bytes) -> None:
        self.heard.append(frame)

    def close(self, code: int, reason: str) -> None:
        self.heard.append((code, reason))


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_acknowledgement_waits_until_nothing_can_be_missed() -> None:
    channel, listener, topics = Orders(), Listener(), Topics()
    async with Runner() as runner:
        subscriptions = Subscriptions(
            listener, Switchboard([channel], topics, runner), lambda: None
        )
        subscriptions.begin([ORDERS], b"", "7")
        await settle()
        assert listener.heard == []
        channel.gate.set()
        await settle()
        (acknowledgement,) = listener.heard
        assert (acknowledgement["event"], acknowledgement["id"]) == ("subscribe", "7")
        assert topics.publish("orders", "all", b"[]") == 1


async def test_a_stream_that_cannot_be_made_ready_is_refused() -> None:
    channel, listener, topics = Orders(), Listener(), Topics()
    channel.failure = OutcomeUnknown("no answer")
    channel.gate.set()
    async with Runner() as runner:
        subscriptions = Subscriptions(
            listener, Switchboard([channel], topics, runner), lambda: None
        )
        subscriptions.begin([ORDERS], b"", "7")
        await settle()
    assert [(frame["event"], frame["code"], frame["id"]) for frame in listener.heard] == [
        ("error", "50004", "7")
    ]
    assert not topics.has("orders", "all")


async def test_what_was_unsubscribed_meanwhile_stays_so() -> None:
    channel, listener, topics = Orders(), Listener(), Topics()
    async with Runner() as runner:
        subscriptions = Subscriptions(
            listener, Switchboard([channel], topics, runner), lambda: None
        )
        subscriptions.begin([ORDERS], b"", None)
        subscriptions.end([ORDERS], b"", None)
        channel.gate.set()
        await settle()
    assert [frame["event"] for frame in listener.heard] == ["subscribe", "unsubscribe"]
    assert not topics.has("orders", "all")


async def test_a_connection_that_is_gone_gets_no_stream() -> None:
    channel, listener, topics = Orders(), Listener(), Topics()
    async with Runner() as runner:
        subscriptions = Subscriptions(
            listener, Switchboard([channel], topics, runner), lambda: None
        )
        subscriptions.begin([ORDERS], b"", None)
        await settle()
        subscriptions.end_all()
        channel.gate.set()
        await settle()
    assert not topics.has("orders", "all")


async def test_elements_are_answered_in_the_order_in_which_they_came() -> None:
    channel, listener, topics = Orders(), Listener(), Topics()
    async with Runner() as runner:
        subscriptions = Subscriptions(
            listener, Switchboard([channel], topics, runner), lambda: None
        )
        subscriptions.begin([ORDERS, {"channel": "nothing"}, ORDERS], b"", "1")
        subscriptions.end([ORDERS], b"", "2")
        await settle()
        assert listener.heard == []
        channel.gate.set()
        await settle()
    assert [(frame["event"], frame["id"]) for frame in listener.heard] == [
        ("subscribe", "1"),
        ("error", "1"),
        ("subscribe", "1"),
        ("unsubscribe", "2"),
    ]
    assert not topics.has("orders", "all")


async def test_after_the_end_of_a_connection_nothing_begins() -> None:
    channel, listener, topics = Orders(), Listener(), Topics()
    async with Runner() as runner:
        subscriptions = Subscriptions(
            listener, Switchboard([channel], topics, runner), lambda: None
        )
        subscriptions.end_all()
        channel.gate.set()
        subscriptions.begin([ORDERS], b"", None)
        await settle()
    assert listener.heard == []
    assert not topics.has("orders", "all")
