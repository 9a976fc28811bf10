"""What a slice contributes to the WebSocket channels, and how it publishes to subscribers.

A *channel* names a kind of stream ("tickers"); a *key* names one stream of it (the instrument).
Subscriptions with equal keys get the same data, whatever else their `arg` says.
"""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Any, Protocol, runtime_checkable

from tickyard.gateway.envelope import arg_json, push_payload
from tickyard.gateway.frames import text_frame
from tickyard.gateway.route import ApiError, Caller

Arg = Mapping[str, Any]
"""One element of `args` of a subscription; members that are "" or null are left out."""


class NoSuchStream(ApiError):
    """A subscription names a stream that there is not."""

    def __init__(self, channel: object, **named: object) -> None:
        """Say which.

        Args:
            channel: as in `arg.channel`.
            named: the members of `arg` that tell what was asked for.
        """
        what = ",".join(f"{name}:{_said(value)}" for name, value in named.items())
        channel = _said(channel)
        super().__init__("60018", f"Wrong URL or channel:{channel},{what} doesn't exist.")


def _said(value: object) -> str:
    """Write what was sent: a text bare, anything else as the JSON that it was."""
    return value if isinstance(value, str) else arg_json(value).decode()


class Session(Protocol):
    """One WebSocket connection, as a channel sees it. Compared and hashed by identity."""

    @property
    def conn_id(self) -> str:
        """The connection's name, unique among the workers."""
        ...

    @property
    def caller(self) -> Caller | None:
        """Who has logged in, if anybody."""
        ...

    def send(self, payload: bytes) -> None:
        """Queue one text; all frames of one turn of the loop leave together."""
        ...

    def send_frame(self, frame: bytes, /) -> None:
        """Queue one text that has its frame header already, as `Topics` sends to many."""
        ...


class Channel(Protocol):
    """One channel. Its methods are called on the loop of the worker."""

    @property
    def name(self) -> str:
        """As in `arg.channel`, e.g. "books5"."""
        ...

    @property
    def is_private(self) -> bool:
        """Whether a login is needed. Data frames of private channels carry `uid` in their arg."""
        ...

    def key(self, arg: Arg, caller: Caller | None) -> Hashable:
        """Check `arg` and name the stream it asks for.

        The key of a private channel contains the account.

        Raises:
            NoSuchStream: there is none.
        """
        ...

    def opened(
        self,
        key: Any,  # noqa: ANN401  # what `key` returned; each channel knows its own type
        session: Session,
        arg: Arg,
        caller: Caller | None,
    ) -> Awaitable[None] | None:
        """Send the snapshot, if this channel has one, with `session.send(push(arg, data))`.

        Called once per new subscription, after its acknowledgement was queued and after `Topics` knows it; on public
        channels again when the same is subscribed to again. A plain function runs before anything else is published, so
        that no update is missed and none comes first; a coroutine runs beside the publishing.

        Args:
            key: what `key` returned.
            session: where to send it.
            arg: as it goes into the data frames, with `uid` on private channels.
            caller: who is logged in.
        """
        ...

    def closed(self, key: Any, session: Session) -> None:  # noqa: ANN401
        """Forget what `opened` began: the subscription ended or the connection is gone."""
        ...


@runtime_checkable
class PreparedChannel(Channel, Protocol):
    """A channel without a snapshot, for which a subscriber must not miss what follows at once."""

    def prepare(self, key: Any) -> Awaitable[None] | None:  # noqa: ANN401  # its own keys
        """Get ready to publish a stream; the subscription is acknowledged when that is done.

        Returns:
            None when it is ready already. What the coroutine raises refuses the subscription.
        """
        ...


def push(arg: Arg, data: bytes, action: str = "") -> bytes:
    """Compose the text of a data frame.

    Args:
        arg: the subscription, as given to `Channel.opened`.
        data: the encoded JSON array.
        action: "snapshot" or "update" on incremental books, else empty.
    """
    return push_payload(arg_json(arg), data, action)


def _nothing() -> None:
    pass


class Topics:
    """Who has subscribed to what on this worker, and the way to reach them.

    A frame is composed once per spelling of `arg`, not once per subscriber: a stream may have many
    subscribers and hardly ever has more than one spelling.
    """

    def __init__(self) -> None:
        self._streams: dict[tuple[str, Hashable], dict[bytes, dict[Session, Arg]]] = {}
        self.on_published: Callable[[], None] = _nothing
        """Called after frames were queued, by which whoever sends them knows of it."""

    def has(self, name: str, key: Hashable) -> bool:
        """Tell whether anybody listens, so that nothing is encoded for nobody."""
        return (name, key) in self._streams

    def keys(self, name: str) -> list[Any]:
        """Return the streams of a channel that somebody listens to."""
        return [key for channel, key in self._streams if channel == name]

    def subscribers(self, name: str, key: Hashable) -> list[tuple[Session, Arg]]:
        """Return who listens to a stream, each with its arg for `push`."""
        spellings = self._streams.get((name, key), {})
        return [pair for sessions in spellings.values() for pair in sessions.items()]

    def publish(self, name: str, key: Hashable, data: bytes, action: str = "") -> int:
        """Send `data`, an encoded JSON array, to everybody who listens to a stream.

        Args:
            name: the channel.
            key: the stream, as `Channel.key` names it.
            data: e.g. b'[{"instId":"BTC-USDT","last":"64000.1"}]'.
            action: "snapshot" or "update" on incremental books, else empty.

        Returns:
            The number of connections it was queued for.
        """
        spellings = self._streams.get((name, key))
        if spellings is None:
            return 0
        count = 0
        for arg, sessions in spellings.items():
            frame = text_frame(push_payload(arg, data, action))
            # A list, because a connection that is too slow is closed, and so removed, on the way.
            for session in list(sessions):
                session.send_frame(frame)
            count += len(sessions)
        self.on_published()
        return count

    def add(self, name: str, key: Hashable, session: Session, arg: Arg) -> None:
        """Add a subscription; only sessions call this."""
        self._streams.setdefault((name, key), {}).setdefault(arg_json(arg), {})[session] = arg

    def remove(self, name: str, key: Hashable, session: Session, arg: Arg) -> None:
        """Remove a subscription that was added with the same words."""
        spellings = self._streams.get((name, key))
        if spellings is None:
            return
        text = arg_json(arg)
        sessions = spellings.get(text, {})
        sessions.pop(session, None)
        if not sessions:
            spellings.pop(text, None)
        if not spellings:
            del self._streams[name, key]
