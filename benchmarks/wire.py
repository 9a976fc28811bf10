"""What clients of a gateway send: limit orders that rest, and their cancels, as ccxt writes them.

Everything is written and signed in advance, so that a client costs little: a connection sends a cycle of orders and
cancels again and again. A cancel follows its order after twice as many requests as are in flight.
"""

import base64
import datetime as dt
import hmac
import json
import time
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from tickyard.gateway.frames import text_frame
from tickyard.gateway.route import Access
from tickyard.users import DemoKey, demo_keys

BATCH: Final = 20
SIGNED_FOR_S: Final = 25
"""A signed request is good for thirty seconds."""
_ROOT: Final = "/api/v5/trade"
_BROKER: Final = "e847386590ce4dBC"
_MASK: Final = b"\x01\x02\x03\x04"

KEYS: Final[Sequence[DemoKey]] = [
    key
    for key in demo_keys()
    if Access.TRADE in key.permissions and not key.name.startswith("quoter")
]
"""The demo's traders."""


class Cycle:
    """Requests that a connection sends again and again."""

    def __init__(self, requests: Sequence[bytes], at_once: int) -> None:
        again = [requests[n % len(requests)] for n in range(len(requests) + at_once)]
        self._bytes = b"".join(again)
        self._offsets = [0, *accumulate(map(len, again))]
        self._count = len(requests)
        self._at = 0

    def take(self, number: int) -> bytes:
        """Return the next requests, end to end."""
        start = self._at
        self._at = (start + number) % self._count
        return self._bytes[self._offsets[start] : self._offsets[start + number]]


class Load(NamedTuple):
    """One way to send orders."""

    name: str
    is_rest: bool
    connections: int
    in_flight: int
    """Requests on each connection."""
    orders: int
    """Orders, or cancels, of one request."""

    @property
    def mark(self) -> bytes:
        """What each answer holds once."""
        return b"HTTP/1.1 200" if self.is_rest else b'"outTime"'

    def key(self, connection: int) -> DemoKey:
        """Whose connection it is."""
        return KEYS[connection % len(KEYS)]

    def cycle(self, connection: int) -> Cycle:
        """Write and sign what a connection sends."""
        ahead = 2 * self.in_flight if self.in_flight > 1 else 1
        requests = []
        for op in ("order", "cancel-order"):
            for turn in range(ahead):
                numbers = range(turn * self.orders, (turn + 1) * self.orders)
                items = [_item(op, connection, number) for number in numbers]
                requests.append(self._request(op, items, self.key(connection)))
        return Cycle(requests, self.in_flight)

    def _request(self, op: str, items: list[dict[str, str]], key: DemoKey) -> bytes:
        if self.is_rest:
            return signed(key, f"{_ROOT}/{op}", _json(items[0]))
        if self.orders > 1:
            op = "batch-orders" if op == "order" else "batch-cancel-orders"
        return masked(_json({"id": "1512", "op": op, "args": items}))


LOADS: Final = (
    Load("rest_orders", is_rest=True, connections=64, in_flight=1, orders=1),
    Load("ws_orders", is_rest=False, connections=16, in_flight=16, orders=1),
    Load("ws_batch_orders", is_rest=False, connections=16, in_flight=2, orders=BATCH),
)


def masked(text: str) -> bytes:
    """Write a text frame as a client."""
    payload = text.encode()
    body = bytes(byte ^ _MASK[index & 3] for index, byte in enumerate(payload))
    head = bytearray(text_frame(payload)[: -len(payload)])
    head[1] |= 0x80
    return bytes(head) + _MASK + body


def signed(key: DemoKey, path: str, body: str) -> bytes:
    """Write a POST that is signed now."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")  # noqa: TID251  # what a client signs
    now = now.replace("+00:00", "Z")
    signature = _signature(key, f"{now}POST{path}{body}")
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n"
        f"User-Agent: bench\r\nContent-Type: application/json\r\nOK-ACCESS-KEY: {key.api_key}\r\n"
        f"OK-ACCESS-SIGN: {signature}\r\nOK-ACCESS-TIMESTAMP: {now}\r\n"
        f"OK-ACCESS-PASSPHRASE: {key.passphrase}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def login(key: DemoKey) -> bytes:
    """Write the frame that opens an account's streams."""
    now = str(int(time.time()))  # noqa: TID251  # what a client signs
    argument = {
        "apiKey": key.api_key,
        "passphrase": key.passphrase,
        "timestamp": now,
        "sign": _signature(key, f"{now}GET/users/self/verify"),
    }
    return masked(_json({"op": "login", "args": [argument]}))


def order(instrument: str, side: str, price: str, size: str, **more: str) -> dict[str, str]:
    """Make one order."""
    fields = {"instId": instrument, "tdMode": "cash", "side": side, "ordType": "limit"}
    return {**fields, "px": price, "sz": size, **more, "tag": _BROKER}


def _item(op: str, connection: int, number: int) -> dict[str, str]:
    name = f"{_BROKER}{connection:08x}{number:08x}"
    if op == "cancel-order":
        return {"instId": "BTC-USDT", "clOrdId": name}
    price = f"{20_000 + (connection * 31 + number * 7) % 500}.1"
    return order("BTC-USDT", "buy", price, "0.00012", clOrdId=name)


def _signature(key: DemoKey, text: str) -> str:
    digest = hmac.digest(key.secret_key.encode(), text.encode(), "sha256")
    return base64.b64encode(digest).decode()


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
