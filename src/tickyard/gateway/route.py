"""What a slice contributes to the REST and WebSocket surface, and what its handlers see.

A slice returns a list of `Route` and `Operation`; the gateway has authenticated the caller, checked
the permission and decoded the body before a handler runs.
"""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Raw, Struct

from tickyard.base.errors import TickyardError
from tickyard.base.ids import AccountId
from tickyard.engine import Items


class Access(StrEnum):
    """Who may call: the permission a key must have, in OKX's words."""

    PUBLIC = "public"
    READ = "read_only"
    TRADE = "trade"
    WITHDRAW = "withdraw"


class Caller(Struct, frozen=True):
    """Who signed the request, or logged in on the socket."""

    account: AccountId
    """The account the key belongs to."""
    uid: str
    """The account's public number, as in `uid` on the wire."""
    master: AccountId
    """The master account; the same as `account` when this is not a sub-account."""
    key: str
    """The API key, not its secret."""
    permissions: frozenset[Access]
    """What the key may do. Reading is part of every key."""
    label: str = ""
    """The key's name, as its owner wrote it."""
    ip: str = ""
    """Where the request came from."""


class Request(Struct):
    """One call, authenticated and decoded, for a REST route or a WebSocket operation alike."""

    caller: Caller | None
    """Who calls; none on public routes. Private handlers take `signer` instead."""
    params: Mapping[str, str]
    """The query of a GET, percent-decoded. Empty values are dropped: they mean absent."""
    body: Any
    """The JSON body of a POST, or the `args` list of an operation.

    Fractions are `Decimal`. Members that are "" or null are dropped at every depth: they mean absent.
    """
    received_us: int
    """Wall time at which it arrived, in microseconds."""
    expires_at_ms: int = 0
    """The caller's `expTime`, in exchange milliseconds, to be handed on to the core; 0 for none.

    Only routes and operations that have a deadline are given it.
    """
    peer: str = ""
    """The address of the other end."""

    @property
    def signer(self) -> Caller:
        """The caller of a private route."""
        assert self.caller is not None, "Invariant: private routes have a caller"
        return self.caller

    @property
    def account(self) -> AccountId:
        """The account of the caller of a private route."""
        return self.signer.account


class Answer(Struct):
    """What a handler returns. The gateway puts the envelope around it."""

    data: list[Any] | Raw
    """Always a list on the wire; structs, dicts, or JSON that is encoded already."""
    code: str = "0"
    """"0", or "1" when every item failed and "2" when some did."""
    msg: str = ""
    """E.g. "All operations failed"; left out on the WebSocket, where clients look at `sMsg`."""
    timed: bool = False
    """Whether `inTime` and `outTime` are added. Operations always have them."""


Handler = Callable[[Request], Awaitable[Answer]]
"""A coroutine function. It raises `ApiError`, or another `TickyardError`, to refuse."""


class Limit(Struct, frozen=True):
    """How often one route may be called. Source: OKX v5, "Rate Limit" of each endpoint."""

    count: int
    """Calls, or orders, in one window."""
    per_ms: int
    """Length of the window, in milliseconds."""
    scope: str
    """What is counted: "ip", "user", "user+instrument", "user+currency", "ip+instrument", ..."""
    shared_as: str = ""
    """Those of the same name count together; by itself each route and operation counts alone."""
    is_per_item: bool = False
    """Whether the slice counts each item of a request, where it reads them, and not the gateway the request."""


class Route(Struct, frozen=True):
    """One REST endpoint."""

    method: str
    """"GET" (parameters in the query) or "POST" (parameters in a JSON body)."""
    path: str
    """The exact path, e.g. "/api/v5/trade/order". There are no path parameters."""
    access: Access
    handler: Handler
    limit: Limit | None = None
    summary: str = ""
    """One line for the reference."""
    is_direct: bool = False
    """Run the handler without a task of its own, which is faster.

    Only for handlers that await nothing but futures, other such coroutines and the core client: they
    may not use `asyncio.timeout`, `wait_for`, task groups or anything else that asks for the task.
    """
    has_deadline: bool = False
    """Whether `expTime` counts: a request that comes too late is not carried out."""
    plain: Callable[[bytes], Items | None] | None = None
    """What reads a body of the usual shape, for a handler that takes `engine.Items` too; what it leaves is decoded."""


class Operation(Struct, frozen=True):
    """One WebSocket operation, e.g. "order" or "batch-orders". Its `args` list is `request.body`."""

    op: str
    access: Access
    handler: Handler
    limit: Limit | None = None
    summary: str = ""
    is_direct: bool = False
    """As of `Route`. Operations of which the order matters are either all direct or none."""
    has_deadline: bool = False
    """As of `Route`."""
    reads_items: bool = False
    """Whether the handler takes `engine.Items` too, which nobody has decoded: `len`, index and iteration, no more."""


class ApiError(TickyardError):
    """A refusal in the words of the wire. The root of each slice's `errors.py`.

    Args:
        code: OKX code, e.g. "51000".
        message: what a person needs to know, e.g. "Parameter px error".
        status: HTTP status; by default the one that OKX documents for the code.
        data: items to send along, mostly none.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int | None = None,
        data: list[Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.data: list[Any] = data if data is not None else []
