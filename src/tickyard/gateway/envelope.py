"""How answers are written: the REST envelope, operation replies, events and data frames.

Source: OKX v5, "Overview", and the response examples of each WebSocket channel.
"""

from msgspec import json

_ENCODER = json.Encoder(decimal_format="number")


def arg_json(arg: object) -> bytes:
    """Encode the arg of a subscription."""
    return _ENCODER.encode(arg)


def push_payload(arg: bytes, data: bytes, action: str = "") -> bytes:
    """Compose the text of a data frame from its encoded arg and its encoded array of data."""
    if action:
        return b'{"arg":%b,"action":"%b","data":%b}' % (arg, action.encode(), data)
    return b'{"arg":%b,"data":%b}' % (arg, data)
