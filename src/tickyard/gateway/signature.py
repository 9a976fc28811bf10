"""Who signed this? HMAC-SHA256 over the bytes as they were received, compared in constant time.

Nothing is decoded or encoded again before it is signed over: clients differ in how they write the
same request, and each signs what it writes. Source: OKX v5, "REST authentication", "Login".
"""

import hmac
import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from tickyard.base.clock import Clock
from tickyard.gateway.errors import Refused
from tickyard.gateway.keys import KeyRecord, KeyStore
from tickyard.gateway.route import Caller

SKEW_MS_MAX = 30_000
"""How far a signed timestamp may be from either of our clocks."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_ISO_SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z", re.ASCII)
_KEY_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_SECONDS_SHAPE = re.compile(r"\d{1,12}(?:\.\d{1,6})?", re.ASCII)
_LOGIN_TARGET = b"/users/self/verify"


def sign(secret: bytes, timestamp: bytes, method: bytes, target: bytes, body: bytes) -> bytes:
    """Sign a request.

    Args:
        secret: the secret of the key.
        timestamp: as in the header.
        method: in upper case.
        target: path and query, as on the request line.
        body: as sent; empty for GET.

    Returns:
        The signature in base64.
    """
    return b64encode(hmac.digest(secret, timestamp + method + target + body, "sha256"))


class Signatures:
    """Judges signatures by the keys that a `KeyStore` knows."""

    def __init__(self, keys: KeyStore, *, wall: Clock, exchange: Clock) -> None:
        self._keys = keys
        self._wall = wall
        self._exchange = exchange

    def caller_of_request(
        self, headers: dict[bytes, bytes], method: bytes, target: bytes, body: bytes, peer: str
    ) -> Caller:
        """Return who signed a REST request.

        Args:
            headers: with names in lower case.
            method: in upper case.
            target: path and query, as on the request line.
            body: as received.
            peer: the address of the other end.

        Raises:
            Refused: for the first of the checks that fails.
        """
        if not (key := headers.get(b"ok-access-key")):
            raise Refused("50103")
        if not (passphrase := headers.get(b"ok-access-passphrase")):
            raise Refused("50104")
        if not (signature := headers.get(b"ok-access-sign")):
            raise Refused("50106")
        if not (timestamp := headers.get(b"ok-access-timestamp")):
            raise Refused("50107")
        if not self._is_recent(_iso_ms(timestamp)):
            raise Refused("50102")
        record = self._record(key.decode("latin-1"), malformed="50111", unknown="50119")
        if not _is_address_allowed(record, peer):
            raise Refused("50110")
        if not _is_passphrase(record, passphrase):
            raise Refused("50105")
        signed_body = body if method == b"POST" else b""
        if not hmac.compare_digest(
            sign(record.secret, timestamp, method, target, signed_body), signature
        ):
            raise Refused("50113")
        return _caller(record, peer)

    def caller_of_login(self, login: dict[str, object], peer: str) -> Caller:
        """Return who logs in on a WebSocket.

        Args:
            login: `apiKey`, `passphrase`, `timestamp` in seconds as text or number, `sign`.
            peer: the address of the other end.

        Raises:
            Refused: for the first of the checks that fails.
        """
        key = _text(login.get("apiKey"), "60005")
        passphrase = _text(login.get("passphrase"), "60024")
        signature = _text(login.get("sign"), "60007")
        timestamp = login.get("timestamp")
        text = timestamp if type(timestamp) is str else str(timestamp)
        if _SECONDS_SHAPE.fullmatch(text) is None:
            raise Refused("60004")
        if not self._is_recent(int(text.partition(".")[0]) * 1_000):
            raise Refused("60006")
        record = self._record(key, malformed="60005", unknown="60032")
        if not _is_address_allowed(record, peer):
            raise Refused("50110")
        if not _is_passphrase(record, passphrase.encode()):
            raise Refused("60024")
        expected = sign(record.secret, text.encode(), b"GET", _LOGIN_TARGET, b"")
        if not hmac.compare_digest(expected, signature.encode()):
            raise Refused("60007")
        return _caller(record, peer)

    def _is_recent(self, signed_ms: int) -> bool:
        # Either clock will do: clients may sign with the time that the exchange tells them.
        return (
            abs(signed_ms - self._wall.now_ms()) <= SKEW_MS_MAX
            or abs(signed_ms - self._exchange.now_ms()) <= SKEW_MS_MAX
        )

    def _record(self, key: str, *, malformed: str, unknown: str) -> KeyRecord:
        if _KEY_SHAPE.fullmatch(key) is None:
            raise Refused(malformed)
        record = self._keys.lookup(key)
        if record is None or 0 < record.expires_at_ms <= self._wall.now_ms():
            raise Refused(unknown)
        return record


def _text(value: object, missing: str) -> str:
    if type(value) is not str or not value:
        raise Refused(missing)
    return value


def _iso_ms(timestamp: bytes) -> int:
    text = timestamp.decode("latin-1")
    if _ISO_SHAPE.fullmatch(text) is None:
        raise Refused("50112")
    try:
        return (datetime.fromisoformat(text) - _EPOCH) // _MILLISECOND
    except ValueError:
        raise Refused("50112") from None


def _is_passphrase(record: KeyRecord, passphrase: bytes) -> bool:
    return hmac.compare_digest(sha256(passphrase).digest(), record.passphrase_sha256)


def _is_address_allowed(record: KeyRecord, peer: str) -> bool:
    if not record.ips or peer in record.ips:
        return True
    address = ip_address(peer)
    return any(address in _network(allowed) for allowed in record.ips)


@lru_cache(maxsize=4096)
def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text, strict=False)


def _caller(record: KeyRecord, peer: str) -> Caller:
    if record.is_frozen:
        raise Refused("50100")
    return Caller(
        account=record.account,
        uid=record.uid,
        master=record.master,
        key=record.key,
        permissions=record.permissions,
        label=record.label,
        ip=peer,
    )
