"""Who signed this? HMAC-SHA256 over the bytes as they were received, compared in constant time.

Nothing is decoded or encoded again before it is signed over: clients differ in how they write the
same request, and each signs what it writes. Source: OKX v5, "REST authentication", "Login".
"""

import re
from binascii import b2a_base64
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from hmac import compare_digest
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from tickyard.base.clock import NS_PER_MS, Clock
from tickyard.gateway.errors import Refused
from tickyard.gateway.keys import KeyRecord, KeyStore
from tickyard.gateway.route import Caller

SKEW_MS_MAX = 30_000
"""How far a signed timestamp may be from either of our clocks."""
_SKEW_NS_MAX = SKEW_MS_MAX * NS_PER_MS
KNOWN_MAX = 10_000
"""Keys of which the prepared state is kept; it is made anew when it is needed again."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_SECOND_SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.ASCII)
_SECOND_LENGTH = 19
_FRACTION_SHAPE = re.compile(r"(?:\.(\d{1,6}))?Z", re.ASCII)
_KEY_SHAPE = re.compile(rb"[A-Za-z0-9_-]{1,64}")
_SECONDS_SHAPE = re.compile(r"\d{1,12}(?:\.\d{1,9})?", re.ASCII)
_LOGIN_TARGET = b"/users/self/verify"
_PEERS_MAX = 64
_BLOCK_BYTES = 64
_INNER_PAD, _OUTER_PAD = 0x36, 0x5C


class Signer:
    """HMAC-SHA256 with one secret, in base64.

    The two hashes that depend on the secret alone are begun once and copied for each message, which
    takes less than half the time of `hmac.digest`. Source: RFC 2104, section 4.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, secret: bytes) -> None:
        key = sha256(secret).digest() if len(secret) > _BLOCK_BYTES else secret
        key = key.ljust(_BLOCK_BYTES, b"\0")
        self._inner = sha256(bytes(byte ^ _INNER_PAD for byte in key))
        self._outer = sha256(bytes(byte ^ _OUTER_PAD for byte in key))

    def sign(self, message: bytes) -> bytes:
        """Sign the timestamp, method in upper case, path with query, and body, joined.

        Args:
            message: each part as it was sent; the body is empty for GET.

        Returns:
            The signature in base64.
        """
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return b2a_base64(outer.digest(), newline=False)


class _Known:
    """A key that was used before: what need not be made again."""

    __slots__ = ("_passphrase", "callers", "record", "signer")

    def __init__(self, record: KeyRecord) -> None:
        self.record = record
        self.signer = Signer(record.secret)
        self.callers: dict[str, Caller] = {}
        self._passphrase = b""

    def is_passphrase(self, given: bytes) -> bool:
        """Compare the passphrase; one that was right before needs no hash."""
        if self._passphrase and compare_digest(given, self._passphrase):
            return True
        if not compare_digest(sha256(given).digest(), self.record.passphrase_sha256):
            return False
        self._passphrase = given
        return True


class Signatures:
    """Judges signatures by the keys that a `KeyStore` knows."""

    def __init__(self, keys: KeyStore, *, wall: Clock, exchange: Clock) -> None:
        self._keys = keys
        self._wall = wall
        self._exchange = exchange
        self._known: dict[bytes, _Known] = {}

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
        known = self._key(key, malformed="50111", unknown="50119")
        record = known.record
        if record.ips and not _is_address_allowed(record, peer):
            raise Refused("50110")
        if not known.is_passphrase(passphrase):
            raise Refused("50105")
        message = timestamp + method + target + (body if method == b"POST" else b"")
        if not compare_digest(known.signer.sign(message), signature):
            raise Refused("50113")
        return _caller(known, peer)

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
        known = self._key(key.encode(), malformed="60005", unknown="60032")
        record = known.record
        if record.ips and not _is_address_allowed(record, peer):
            raise Refused("50110")
        if not known.is_passphrase(passphrase.encode()):
            raise Refused("60024")
        message = text.encode() + b"GET" + _LOGIN_TARGET
        if not compare_digest(known.signer.sign(message), signature.encode()):
            raise Refused("60007")
        return _caller(known, peer)

    def holds(self, caller: Caller) -> bool:
        """Tell whether whoever has logged in would get in again, as the same.

        Args:
            caller: of a login of some time ago.
        """
        record = self._keys.lookup(caller.key)
        return (
            record is not None
            and not record.is_frozen
            and not 0 < record.expires_at_ms <= self._wall.now_ms()
            and (record.permissions, record.label) == (caller.permissions, caller.label)
            and (not record.ips or _is_address_allowed(record, caller.ip))
        )

    def _is_recent(self, signed_ms: int) -> bool:
        # Either clock will do: clients may sign with the time that the exchange tells them.
        signed_ns = signed_ms * NS_PER_MS
        return (
            abs(signed_ns - self._wall.now_ns()) <= _SKEW_NS_MAX
            or abs(signed_ns - self._exchange.now_ns()) <= _SKEW_NS_MAX
        )

    def _key(self, key: bytes, *, malformed: str, unknown: str) -> _Known:
        known = self._known.get(key)
        if known is None and _KEY_SHAPE.fullmatch(key) is None:
            raise Refused(malformed)
        record = self._keys.lookup(key.decode())
        if record is None or 0 < record.expires_at_ms <= self._wall.now_ms():
            raise Refused(unknown)
        # Another record means that the key was changed: nothing of the old one may be used.
        if known is None or known.record is not record:
            if len(self._known) >= KNOWN_MAX:
                self._known.clear()
            known = self._known[key] = _Known(record)
        return known


def _text(value: object, missing: str) -> str:
    if type(value) is not str or not value:
        raise Refused(missing)
    return value


def _iso_ms(timestamp: bytes) -> int:
    # Two caches, because the seconds are few and the fractions are a thousand.
    return _second_ms(timestamp[:_SECOND_LENGTH]) + _fraction_ms(timestamp[_SECOND_LENGTH:])


@lru_cache(maxsize=256)
def _second_ms(text: bytes) -> int:
    second = text.decode("latin-1")
    if _SECOND_SHAPE.fullmatch(second) is None:
        raise Refused("50112")
    try:
        moment = datetime.fromisoformat(second).replace(tzinfo=UTC)
    except ValueError:
        raise Refused("50112") from None
    return (moment - _EPOCH) // _MILLISECOND


@lru_cache(maxsize=4096)
def _fraction_ms(text: bytes) -> int:
    found = _FRACTION_SHAPE.fullmatch(text.decode("latin-1"))
    if found is None:
        raise Refused("50112")
    return int((found[1] or "0").ljust(3, "0")[:3])


def _is_address_allowed(record: KeyRecord, peer: str) -> bool:
    if peer in record.ips:
        return True
    address = ip_address(peer)
    return any(address in _network(allowed) for allowed in record.ips)


@lru_cache(maxsize=4096)
def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text, strict=False)


def _caller(known: _Known, peer: str) -> Caller:
    record = known.record
    if record.is_frozen:
        raise Refused("50100")
    caller = known.callers.get(peer)
    if caller is None:
        if len(known.callers) >= _PEERS_MAX:
            known.callers.clear()
        caller = known.callers[peer] = Caller(
            account=record.account,
            uid=record.uid,
            master=record.master,
            key=record.key,
            permissions=record.permissions,
            label=record.label,
            ip=peer,
        )
    return caller
