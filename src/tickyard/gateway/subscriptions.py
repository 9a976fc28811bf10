"""What one WebSocket client has subscribed to: one acknowledgement for each element of `args`.

Elements are answered in the order in which they came, although some channels need time to get ready.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from functools import partial
from typing import Any, Protocol

from tickyard.gateway.body import without_blanks
from tickyard.gateway.channel_connections import COUNTED, ChannelConnections
from tickyard.gateway.channels import Arg, Channel, NoSuchStream, PreparedChannel, Session, Topics
from tickyard.gateway.envelope import connection_count_json, event_json
from tickyard.gateway.errors import Refused, explain
from tickyard.gateway.runner import Runner

CLOSE_ABNORMAL = 4006


class Subscriber(Session, Protocol):
    """A session that can also be ended."""

    def close(self, code: int, reason: str) -> None:
        """End the conversation."""


class Switchboard:
    """The channels of all slices, and who listens on this worker."""

    def __init__(
        self,
        channels: Iterable[Channel],
        topics: Topics,
        runner: Runner,
        *,
        counts_connections: bool = False,
    ) -> None:
        """Put the channels together.

        Args:
            channels: of all slices.
            topics: through which they publish.
            runner: of what takes time.
            counts_connections: whether those of a private channel are counted, told of and limited.
        """
        self.channels: Mapping[str, Channel] = {channel.name: channel for channel in channels}
        self.topics = topics
        self.runner = runner
        self.connections = ChannelConnections()
        self._counted = COUNTED if counts_connections else frozenset()
        self._prepared = {
            name: channel
            for name, channel in self.channels.items()
            if isinstance(channel, PreparedChannel)
        }

    def counts(self, channel: Channel) -> bool:
        """Tell whether the connections of a channel are counted."""
        return channel.name in self._counted and channel.is_private

    def prepare(self, channel: Channel, key: Hashable) -> Awaitable[None] | None:
        """Get a channel ready to publish a stream; None when there is nothing to wait for."""
        prepared = self._prepared.get(channel.name)
        return None if prepared is None else prepared.prepare(key)


class _Turn:
    """An element of a request whose answer is not known yet, or waits for one before it."""

    __slots__ = ("answer",)

    def __init__(self, answer: Callable[[], None] | None) -> None:
        self.answer = answer


class Subscriptions:
    """The subscriptions of one session."""

    def __init__(
        self, session: Subscriber, switchboard: Switchboard, on_settled: Callable[[], None]
    ) -> None:
        """Begin without any.

        Args:
            session: whose they are.
            switchboard: the channels.
            on_settled: called when nothing is waited for any more, after `is_settling` was true.
        """
        self._session = session
        self._on_settled = on_settled
        self._switchboard = switchboard
        self._open: dict[tuple[str, Hashable], Arg] = {}
        self._turns: deque[_Turn] = deque()
        self._is_over = False

    @property
    def is_settling(self) -> bool:
        """Whether a subscription that was asked for is not in force yet."""
        return bool(self._turns)

    def begin(self, args: list[dict[str, Any]], payload: bytes, id_: str | None) -> None:
        """Subscribe; an element that is refused does not stop the others.

        Args:
            args: as sent.
            payload: the text they were decoded from.
            id_: the request's, to be sent back.
        """
        for sent in args:
            try:
                channel, key, arg = self._stream(sent, payload)
                pending = self._switchboard.prepare(channel, key)
            except Exception as error:  # noqa: BLE001  # the request boundary
                self._answer(partial(self._refuse, id_, error))
                continue
            begin = partial(self._begin, channel, key, arg, sent, id_)
            if pending is None:
                self._answer(begin)
            else:
                self._answer_later(pending, begin, id_)

    def end(self, args: list[dict[str, Any]], payload: bytes, id_: str | None) -> None:
        """Unsubscribe; what was not subscribed to is acknowledged all the same."""
        for sent in args:
            try:
                channel, key, _ = self._stream(sent, payload)
            except Exception as error:  # noqa: BLE001  # the request boundary
                self._answer(partial(self._refuse, id_, error))
                continue
            self._answer(partial(self._end, channel, key, sent, id_))

    def end_all(self) -> None:
        """End all subscriptions without a word: the connection is gone."""
        self._is_over = True
        self._turns.clear()
        for name, key in list(self._open):
            self._close(self._switchboard.channels[name], key)

    def _answer(self, answer: Callable[[], None]) -> None:
        if self._turns:
            self._turns.append(_Turn(answer))
        elif not self._is_over:
            answer()

    def _answer_later(
        self, pending: Awaitable[None], begin: Callable[[], None], id_: str | None
    ) -> None:
        turn = _Turn(None)
        self._turns.append(turn)
        self._switchboard.runner.start(
            pending,
            lambda _result: self._take(turn, begin),
            lambda error: self._take(turn, partial(self._refuse, id_, error)),
            is_direct=False,
        )

    def _take(self, turn: _Turn, answer: Callable[[], None]) -> None:
        """Answer an element, unless one before it has no answer yet; then those that waited for it."""
        turn.answer = answer
        while not self._is_over and self._turns and (due := self._turns[0].answer) is not None:
            self._turns.popleft()
            due()
        if not self._turns and not self._is_over:
            self._on_settled()

    def _stream(
        self, sent: dict[str, Any], payload: bytes
    ) -> tuple[Channel, Hashable, dict[str, Any]]:
        arg = without_blanks(sent, payload)
        name = arg.get("channel")
        channel = self._switchboard.channels.get(name) if type(name) is str else None
        if channel is None:
            raise NoSuchStream(name, instId=arg.get("instId"))
        caller = self._session.caller
        if channel.is_private:
            if caller is None:
                raise Refused("60011")
            return channel, channel.key(arg, caller), {**arg, "uid": caller.uid}
        return channel, channel.key(arg, caller), arg

    def _begin(
        self, channel: Channel, key: Hashable, arg: Arg, sent: dict[str, Any], id_: str | None
    ) -> None:
        # Sent twice is acknowledged twice: clients wait for it.
        self._acknowledge("subscribe", sent, id_)
        if (channel.name, key) not in self._open:
            if not self._joins(channel):
                return
            self._open[channel.name, key] = arg
            self._switchboard.topics.add(channel.name, key, self._session, arg)
            self._tell_connections(channel)
        elif channel.is_private:
            return
        # A client that has lost track of a book asks again, without an end, for a snapshot.
        self._announce(channel, key, arg)

    def _end(self, channel: Channel, key: Hashable, sent: dict[str, Any], id_: str | None) -> None:
        was_open = (channel.name, key) in self._open
        self._close(channel, key)
        self._acknowledge("unsubscribe", sent, id_)
        if was_open:
            self._tell_connections(channel)

    def _joins(self, channel: Channel) -> bool:
        """Count the connection among those of the channel; say so where there are too many."""
        caller = self._session.caller
        if caller is None or not self._switchboard.counts(channel):
            return True
        connections = self._switchboard.connections
        if connections.join(caller.account, channel.name, self._session):
            return True
        self._tell_connections(channel, is_refused=True)
        return False

    def _tell_connections(self, channel: Channel, *, is_refused: bool = False) -> None:
        caller = self._session.caller
        if caller is None or not self._switchboard.counts(channel):
            return
        count = self._switchboard.connections.count(caller.account, channel.name)
        self._session.send(
            connection_count_json(channel.name, count, self._session.conn_id, is_refused=is_refused)
        )

    def _announce(self, channel: Channel, key: Hashable, arg: Arg) -> None:
        caller = self._session.caller
        try:
            pending = channel.opened(key, self._session, arg, caller)
        except Exception as error:  # noqa: BLE001  # the request boundary
            self._give_up(error)
            return
        if pending is not None:
            self._switchboard.runner.start(
                pending, lambda _result: None, self._give_up, is_direct=False
            )

    def _give_up(self, error: Exception) -> None:
        # Without its snapshot the subscription is worth nothing, and an error frame would end more
        # than this subscription; after a close every client connects and asks again.
        self._session.close(CLOSE_ABNORMAL, explain(error).message)

    def _close(self, channel: Channel, key: Hashable) -> None:
        arg = self._open.pop((channel.name, key), None)
        if arg is not None:
            self._switchboard.topics.remove(channel.name, key, self._session, arg)
            channel.closed(key, self._session)
            caller = self._session.caller
            if caller is not None and not any(name == channel.name for name, _ in self._open):
                connections = self._switchboard.connections
                connections.leave(caller.account, channel.name, self._session)

    def _acknowledge(self, event: str, sent: dict[str, Any], id_: str | None) -> None:
        self._session.send(event_json(event, self._session.conn_id, id_=id_, arg=sent))

    def _refuse(self, id_: str | None, error: Exception) -> None:
        failure = explain(error)
        self._session.send(
            event_json(
                "error", self._session.conn_id, id_=id_, code=failure.code, msg=failure.message
            )
        )
