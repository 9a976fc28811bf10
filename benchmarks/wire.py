"""What clients of a gateway send: limit orders that rest, and their cancels, as ccxt writes them.

Everything is written and signed in advance, so that a client costs little: an account sends a cycle of orders and
cancels again and again, each request for one of ten pairs. A cancel follows its order after twice as many requests as
are in flight.
"""

import base64
import datetime as dt
import hmac
import json
import time
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from benchmarks.crowd import Member
from benchmarks.pairs import PAIRS, Pair
from tickyard.gateway.frames import text_frame

BATCH: Final = 20
_ROOT: Final = "/api/v5/trade"
_BROKER: Final = "e847386590ce4dBC"
_MASK: Final = b"\x01\x02\x03\x04"


class Cycle:
    """Requests that a connection sends again and again."""

    def __init__(self, requests: Sequence[bytes]) -> None:
        self._bytes = b"".join(requests)
        self._offsets = [0, *accumulate(map(len, requests))]
        self._at = 0

    @property
    def left(self) -> int:
        """How many there are until it begins anew."""
        return len(self._offsets) - 1 - self._at

    def take(self, number: int) -> bytes:
        """Return the next requests, end to end; no more than are left."""
        start, end = self._at, self._at + number
        self._at = end % (len(self._offsets) - 1)
        return self._bytes[self._offsets[start] : self._offsets[end]]


class Load(NamedTuple):
    """One way to send orders."""

    name: str
    is_rest: bool
    lanes: int
    """Clients, each of which sends without a pause."""
    accounts: int
    """Of each client: after each cycle it goes on with the next one's connection."""
    in_flight: int
    """Requests of each client."""
    orders: int
    """Orders, or cancels, of one request."""

    @property
    def crowd(self) -> int:
        """How many accounts all have."""
        return self.lanes * self.accounts

    def cycle(self, member: Member) -> Cycle:
        """Write and sign what an account sends."""
        if self.is_rest:
            return Cycle(
                [
                    signed(member, f"{_ROOT}/{op}", _json(items[0]))
                    for op, items in self._requests(member)
                ]
            )
        return Cycle([masked(text) for text in self.texts(member)])

    def texts(self, member: Member) -> Iterator[str]:
        """Write what an account sends over WebSocket, one text a frame."""
        for op, items in self._requests(member):
            name = op
            if self.orders > 1:
                name = "batch-orders" if op == "order" else "batch-cancel-orders"
            yield _json({"id": "1512", "op": name, "args": items})

    def _requests(self, member: Member) -> Iterator[tuple[str, list[dict[str, str]]]]:
        ahead = 2 * self.in_flight if self.in_flight > 1 else 1
        rounds = max(1, len(PAIRS) // ahead)
        for start in range(0, rounds * ahead, ahead):
            for op in ("order", "cancel-order"):
                for turn in range(start, start + ahead):
                    pair = PAIRS[(member.account + turn) % len(PAIRS)]
                    numbers = range(turn * self.orders, (turn + 1) * self.orders)
                    yield op, [_item(op, pair, member.account, number) for number in numbers]


# At twice the promised rate an account stays within four fifths of what the rate limits allow.
LOADS: Final = (
    Load("rest_orders", is_rest=True, lanes=64, accounts=2, in_flight=1, orders=1),
    Load("ws_orders", is_rest=False, lanes=16, accounts=24, in_flight=16, orders=1),
    Load("ws_batch_orders", is_rest=False, lanes=16, accounts=40, in_flight=2, orders=BATCH),
)


def masked(text: str) -> bytes:
    """Write a text frame as a client."""
    payload = text.encode()
    size = len(payload)
    mask = (_MASK * (size // len(_MASK) + 1))[:size]
    body = (int.from_bytes(payload) ^ int.from_bytes(mask)).to_bytes(size)
    head = bytearray(text_frame(payload)[:-size])
    head[1] |= 0x80
    return bytes(head) + _MASK + body


def signed(member: Member, path: str, body: str) -> bytes:
    """Write a POST that is signed now."""
    more = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return _request(member, "POST", path, more, body)


def asked(member: Member, path: str) -> bytes:
    """Write a GET that is signed now."""
    return _request(member, "GET", path)


def _request(member: Member, method: str, path: str, more: str = "", body: str = "") -> bytes:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")  # noqa: TID251  # what a client signs
    now = now.replace("+00:00", "Z")
    signature = _signature(member, f"{now}{method}{path}{body}")
    return (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n"
        f"User-Agent: bench\r\n{more}OK-ACCESS-KEY: {member.api_key}\r\n"
        f"OK-ACCESS-SIGN: {signature}\r\nOK-ACCESS-TIMESTAMP: {now}\r\n"
        f"OK-ACCESS-PASSPHRASE: {member.passphrase}\r\n\r\n{body}"
    ).encode()


def login(member: Member) -> str:
    """Write the text that opens an account's streams."""
    now = str(int(time.time()))  # noqa: TID251  # what a client signs
    argument = {
        "apiKey": member.api_key,
        "passphrase": member.passphrase,
        "timestamp": now,
        "sign": _signature(member, f"{now}GET/users/self/verify"),
    }
    return _json({"op": "login", "args": [argument]})


def order(instrument: str, side: str, price: str, size: str, **more: str) -> dict[str, str]:
    """Make one order."""
    fields = {"instId": instrument, "tdMode": "cash", "side": side, "ordType": "limit"}
    return {**fields, "px": price, "sz": size, **more, "tag": _BROKER}


def _item(op: str, pair: Pair, account: int, number: int) -> dict[str, str]:
    name = f"{_BROKER}{account:08x}{number:08x}"
    if op == "cancel-order":
        return {"instId": pair.name, "clOrdId": name}
    price = pair.resting(account * 31 + number * 7)
    return order(pair.name, "buy", price, pair.size, clOrdId=name)


def _signature(member: Member, text: str) -> str:
    digest = hmac.digest(member.secret_key.encode(), text.encode(), "sha256")
    return base64.b64encode(digest).decode()


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
