"""Data frames of the channels that are sent in pages. There is never more than one page here."""

from typing import Any

from msgspec import json

from tickyard.gateway.channels import Arg
from tickyard.gateway.envelope import arg_json


def snapshot_frame(arg: Arg, data: list[Any]) -> bytes:
    """Compose a first or regular push."""
    return b'{"arg":%b,"eventType":"snapshot","curPage":1,"lastPage":true,"data":%b}' % (
        arg_json(arg),
        json.encode(data),
    )


def update_frame(arg: Arg, data: list[Any]) -> bytes:
    """Compose the push of an event."""
    return b'{"arg":%b,"eventType":"event_update","data":%b}' % (arg_json(arg), json.encode(data))
