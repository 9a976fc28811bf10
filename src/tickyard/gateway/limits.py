"""How often what is asked may be asked: the limits of routes and operations, counted over all workers.

The counters lie in memory that all processes of an exchange share, so it does not matter which of them serves a client.
Limits of items of orders are counted where the items are read. Source: OKX v5, "Rate Limits".
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final
from zlib import crc32

from tickyard.engine import LIMITS_FROM, Counters
from tickyard.gateway.errors import Refused
from tickyard.gateway.route import Limit, Operation, Request, Route

CONNECTIONS: Final = Limit(3, 1_000, "ip")
"""New WebSocket connections. Source: OKX v5, "WebSocket", "Connect"."""
WAITING: Final = Limit(9, 3_000, "ip")
"""New WebSocket connections beyond `CONNECTIONS` that wait for their turn instead of being refused.

Clients open theirs all at once (NautilusTrader four), and what spreads them over a second elsewhere, the way to the
exchange, is missing here.
"""
WAITING_MS_MAX: Final = 4_000
"""How long one waits; whoever waits with it has had its turn by then."""
_OPENINGS: Final = "websocket"
_QUEUE: Final = "websocket queue"
_DETAILS: Final = {
    "instrument": "instId",
    "family": "instFamily",
    "type": "instType",
    "currency": "ccy",
    "tag": "tag",
    "code": "instIdCode",
}
"""The parameter that is counted apart for each of its values, by its word in `Limit.scope`."""


class Check:
    """One limit at work."""

    __slots__ = ("_count", "_counters", "_is_ip", "_number", "_param", "_per_ms")

    def __init__(self, counters: Counters, number: int, limit: Limit) -> None:
        self._counters = counters
        self._number = number
        self._count = limit.count
        self._per_ms = limit.per_ms
        subject, _, detail = limit.scope.partition("+")
        assert subject in {"ip", "user"}, f"Invariant: {limit.scope} names who is counted"
        self._is_ip = subject == "ip"
        self._param = _DETAILS[detail] if detail else ""

    def admit(self, request: Request) -> None:
        """Count a request; of one that is a list, each item, where items say for what they are counted.

        Raises:
            Refused: 50011 when it is one too many.
        """
        subject = address_number(request.peer) if self._is_ip else request.account
        now_ms, body = request.received_us // 1_000, request.body
        if not self._param:
            details = [0]
        elif type(body) is list and body:
            # More of them than the limit are too many, whatever they say.
            details = [_detail(item, self._param) for item in body[: self._count + 1]]
        else:
            details = [_detail(request.params if body is None else body, self._param)]
        for detail in details:
            if not self.count(subject, detail, now_ms):
                raise Refused("50011")

    def count(self, subject: int, detail: int, now_ms: int) -> bool:
        """Count something else; tell whether there was room for it."""
        return bool(
            self._counters.take(self._number, subject, detail, self._count, self._per_ms, now_ms)
        )


class Limits:
    """The limits of one gateway."""

    def __init__(
        self,
        counters: Counters | None,
        routes: Iterable[Route] = (),
        operations: Iterable[Operation] = (),
    ) -> None:
        """Number the limits; every worker that has the same ones does it alike.

        Args:
            counters: where all workers count; None when nothing is limited.
            routes: of all slices.
            operations: of all slices.
        """
        named = {
            _OPENINGS: CONNECTIONS,
            _QUEUE: WAITING,
            **{_name(route): route.limit for route in routes if route.limit is not None},
            **{_name(op): op.limit for op in operations if op.limit is not None},
        }
        self._checks: Mapping[str, Check] = {}
        if counters is not None:
            self._checks = {
                name: Check(counters, number, named[name])
                for number, name in enumerate(sorted(named), LIMITS_FROM)
                if not named[name].is_per_item
            }

    def of(self, what: Route | Operation) -> Check | None:
        """Return the limit of a route or operation; None when nothing is counted here."""
        return self._checks.get(_name(what))

    def admits_connection(self, peer: str, now_ms: int) -> bool:
        """Count a new WebSocket connection; tell whether it may be served now."""
        return self._has_room(_OPENINGS, peer, now_ms)

    def lets_wait(self, peer: str, now_ms: int) -> bool:
        """Count one that may not be served now; tell whether it may wait until it may."""
        return self._has_room(_QUEUE, peer, now_ms)

    def _has_room(self, name: str, peer: str, now_ms: int) -> bool:
        check = self._checks.get(name)
        return check is None or check.count(address_number(peer), 0, now_ms)


@lru_cache(maxsize=4_096)
def address_number(peer: str) -> int:
    """Return 32 bits that stand for an address; of IPv6 the network counts, for a host has all of it."""
    if not peer:
        return 0
    address = ip_address(peer)
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return crc32(address.packed[:8])
        address = address.ipv4_mapped
    return int(address)


def _detail(given: object, param: str) -> int:
    value = given.get(param, "") if isinstance(given, Mapping) else ""
    return crc32(value.encode("utf-8", "surrogatepass")) if type(value) is str else 0


def _name(what: Route | Operation) -> str:
    if what.limit is not None and what.limit.shared_as:
        return what.limit.shared_as
    return f"{what.method} {what.path}" if isinstance(what, Route) else f"ws {what.op}"
