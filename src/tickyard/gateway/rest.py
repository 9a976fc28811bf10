"""REST: from a request to the handler of its route, and back to an envelope.

The table of routes is exact paths; there are no path parameters. The request boundary is here: what
a handler raises, refusal or bug, becomes an envelope and goes no further.
"""

from collections.abc import Callable, Iterable, Mapping

from tickyard.base.clock import Clock
from tickyard.gateway import body as json_body
from tickyard.gateway.deadline import parse_deadline
from tickyard.gateway.envelope import answer_json, timed_answer_json
from tickyard.gateway.errors import Failure, Refused, explain
from tickyard.gateway.exchange import JSON, Incoming, Response
from tickyard.gateway.limits import Check, Limits
from tickyard.gateway.permissions import require
from tickyard.gateway.query import parse_query
from tickyard.gateway.route import Access, Answer, Caller, Request, Route
from tickyard.gateway.runner import Runner
from tickyard.gateway.shares import Share, Shares, commands_of
from tickyard.gateway.signature import Signatures
from tickyard.gateway.site_proxy import SiteProxy
from tickyard.gateway.vitals import Vitals

_RETRY_STATUSES = frozenset({429, 503})
_RETRY_AFTER = b"Retry-After: 1\r\n"
_CONTAINERS = frozenset({dict, list})


class Rest:
    """The routes of all slices."""

    def __init__(
        self,
        routes: Iterable[Route],
        *,
        pages: Mapping[bytes, Callable[[], Response]],
        site: SiteProxy | None,
        signatures: Signatures,
        shares: Shares,
        limits: Limits,
        wall: Clock,
        exchange: Clock,
        runner: Runner,
    ) -> None:
        self._site = site
        self._methods: dict[bytes, dict[bytes, tuple[Route, Check | None]]] = {}
        for route in routes:
            methods = self._methods.setdefault(route.path.encode(), {})
            assert route.method.encode() not in methods, f"Invariant: one route for {route.path}"
            methods[route.method.encode()] = (route, limits.of(route))
        self._pages = pages
        self.shares = shares
        self._signatures = signatures
        self._wall = wall
        self._exchange = exchange
        self._runner = runner
        self.vitals = Vitals()
        """Where answers of routes are counted."""

    def respond(self, incoming: Incoming, done: Callable[[Response], None]) -> Share | None:
        """Answer a request, now or later.

        Args:
            incoming: a complete request.
            done: called once.

        Returns:
            The share of the account that has signed it; None when nobody has.
        """
        path, _, query = incoming.target.partition(b"?")
        methods = self._methods.get(path)
        if methods is None:
            self._respond_outside(path, incoming, done)
            return None
        found = methods.get(incoming.method)
        if found is None:
            done(_not_allowed(methods))
            return None
        route, limit = found
        asked = _Asked(self._wall, incoming.received_us, done, self.vitals)
        try:
            request = self._request(route, incoming, query)
            if limit is not None:
                limit.admit(request)
            if request.caller is not None:
                asked.enter(self.shares.of(request.caller.account), request.body)
            work = route.handler(request)
        except Exception as error:  # noqa: BLE001  # the request boundary
            asked.failed(error)
            return asked.share
        self._runner.start(work, asked.answered, asked.failed, is_direct=route.is_direct)
        return asked.share

    def _request(self, route: Route, incoming: Incoming, query: bytes) -> Request:
        caller: Caller | None = None
        expires_at_ms = 0
        if route.access is not Access.PUBLIC:
            caller = self._signatures.caller_of_request(
                incoming.headers, incoming.method, incoming.target, incoming.body, incoming.peer
            )
            require(caller, route.access)
            deadline = incoming.headers.get(b"exptime") if route.has_deadline else None
            if deadline is not None:
                expires_at_ms = parse_deadline(deadline.decode("latin-1"), self._exchange)
        return Request(
            caller=caller,
            params=parse_query(query) if incoming.method == b"GET" else {},
            body=_body(route, incoming) if incoming.method == b"POST" else None,
            received_us=incoming.received_us,
            expires_at_ms=expires_at_ms,
            peer=incoming.peer,
        )

    def _respond_outside(
        self, path: bytes, incoming: Incoming, done: Callable[[Response], None]
    ) -> None:
        if self._site is None or not self._site.serves(incoming.method, path):
            done(self._page(path, incoming.method))
            return
        work = self._site.ask(incoming, is_secure=incoming.is_secure)
        self._runner.start(work, done, lambda error: done(_failed(explain(error))), is_direct=False)

    def _page(self, path: bytes, method: bytes) -> Response:
        page = self._pages.get(path)
        if page is None:
            return _failed(explain(Refused("50005")))
        if method not in {b"GET", b"HEAD"}:
            return _not_allowed((b"GET",))
        return page()


class _Asked:
    """A request that is being answered."""

    __slots__ = ("_commands", "_done", "_received_us", "_vitals", "_wall", "share")

    def __init__(
        self,
        wall: Clock,
        received_us: int,
        done: Callable[[Response], None],
        vitals: Vitals,
    ) -> None:
        self._vitals = vitals
        self._wall = wall
        self._received_us = received_us
        self._done = done
        self._commands = 0
        self.share: Share | None = None
        """Whose request it is, once that is known."""

    def enter(self, share: Share, body: object) -> None:
        """Count the request among those of its account.

        Raises:
            Refused: it has too many in flight.
        """
        self.share = share
        self._commands = commands_of(body)
        if not share.enter(self._commands):
            raise Refused("50013")

    def answered(self, answer: Answer) -> None:
        if answer.timed:
            body = timed_answer_json(
                answer.code, answer.msg, answer.data, self._received_us, self._wall.now_us()
            )
        else:
            body = answer_json(answer.code, answer.msg, answer.data)
        self._respond(Response(200, body))

    def failed(self, error: Exception) -> None:
        self._respond(_failed(explain(error)))

    def _respond(self, response: Response) -> None:
        self._vitals.answered(response.status)
        if self.share is not None:
            self.share.leave(self._commands)
        self._done(response)


def _body(route: Route, incoming: Incoming) -> object:
    if not incoming.headers.get(b"content-type", b"").lower().startswith(JSON):
        raise Refused("50006")
    if not incoming.body:
        raise Refused("50000")
    if route.plain is not None and (items := route.plain(incoming.body)) is not None:
        return items
    try:
        value = json_body.decode(incoming.body)
    except json_body.NotJson:
        raise Refused("50002") from None
    if type(value) not in _CONTAINERS:
        raise Refused("50002")
    return json_body.without_blanks(value, incoming.body)


def _failed(failure: Failure) -> Response:
    return Response(
        failure.status,
        answer_json(failure.code, failure.message, failure.data),
        extra=_RETRY_AFTER if failure.status in _RETRY_STATUSES else b"",
    )


def _not_allowed(methods: Iterable[bytes]) -> Response:
    response = _failed(explain(Refused("50115")))
    response.extra = b"Allow: %b\r\n" % b", ".join(sorted(methods))
    return response
