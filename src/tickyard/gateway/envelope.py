"""How answers are written: the REST envelope, operation replies, events and data frames.

Source: OKX v5, "Overview", and the response examples of each WebSocket channel.
"""

from typing import Any

from msgspec import UNSET, Raw, Struct, UnsetType, json

# Numbers of an echoed arg are written as they came, not as text.
_ENCODER = json.Encoder(decimal_format="number")

_PER_ITEM = frozenset({"1", "2"})


class _Envelope(Struct, gc=False):
    code: str
    msg: str
    data: list[Any] | Raw


class _TimedEnvelope(_Envelope, rename="camel", gc=False):
    in_time: str
    out_time: str


class _Reply(Struct, rename="camel", gc=False):
    id: str | UnsetType
    op: str
    code: str
    msg: str
    data: list[Any] | Raw
    in_time: str
    out_time: str


class _Event(Struct, rename="camel", gc=False):
    id: str | UnsetType
    event: str
    arg: Any
    code: str | UnsetType
    msg: str | UnsetType
    conn_id: str


def answer_json(code: str, msg: str, data: list[Any] | Raw) -> bytes:
    """Write the body of a REST answer."""
    return _ENCODER.encode(_Envelope(code, msg, data))


def timed_answer_json(code: str, msg: str, data: list[Any] | Raw, in_us: int, out_us: int) -> bytes:
    """Write the body of a REST answer that says when it came and when it left, in microseconds."""
    return _ENCODER.encode(_TimedEnvelope(code, msg, data, str(in_us), str(out_us)))


def reply_json(
    id_: str | None,
    op: str,
    code: str,
    msg: str,
    data: list[Any] | Raw,
    in_us: int,
    out_us: int,
) -> bytes:
    """Write the reply to a WebSocket operation.

    With code "1" or "2" the reasons stand in the items; clients look at them only when `msg` is
    empty, so it is.
    """
    shown = "" if code in _PER_ITEM else msg
    return _ENCODER.encode(
        _Reply(UNSET if id_ is None else id_, op, code, shown, data, str(in_us), str(out_us))
    )


class _ConnectionCount(Struct, rename="camel", gc=False):
    event: str
    channel: str
    conn_count: str
    conn_id: str


def event_json(
    event: str,
    conn_id: str,
    *,
    id_: str | None = None,
    arg: object = UNSET,
    code: str | None = None,
    msg: str | None = None,
) -> bytes:
    """Write an acknowledgement ("login", "subscribe", ...) or an "error"."""
    return _ENCODER.encode(
        _Event(
            id=UNSET if id_ is None else id_,
            event=event,
            arg=arg,
            code=UNSET if code is None else code,
            msg=UNSET if msg is None else msg,
            conn_id=conn_id,
        )
    )


def connection_count_json(channel: str, count: int, conn_id: str, *, is_refused: bool) -> bytes:
    """Write how many connections of an account listen to a channel, or that there are too many already."""
    event = "channel-conn-count-error" if is_refused else "channel-conn-count"
    return _ENCODER.encode(_ConnectionCount(event, channel, str(count), conn_id))


def arg_json(arg: object) -> bytes:
    """Encode the arg of a subscription."""
    return _ENCODER.encode(arg)


def push_payload(arg: bytes, data: bytes, action: str = "") -> bytes:
    """Compose the text of a data frame from its encoded arg and its encoded array of data."""
    if action:
        return b'{"arg":%b,"action":"%b","data":%b}' % (arg, action.encode(), data)
    return b'{"arg":%b,"data":%b}' % (arg, data)
