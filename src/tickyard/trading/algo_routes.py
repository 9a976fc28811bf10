"""REST endpoints of trigger orders."""

from collections.abc import Sequence
from typing import Final

from tickyard.gateway.route import Access, Handler, Limit, Route
from tickyard.trading.algo_entry import AlgoEntry
from tickyard.trading.algo_queries import AlgoQueries

_PREFIX: Final = "/api/v5/trade/"


def routes(entry: AlgoEntry, look: AlgoQueries) -> Sequence[Route]:
    """Make the REST endpoints of trigger orders.

    Source: OKX v5, "Algo Trading", "Rate Limit" of each endpoint.
    """
    one = Limit(20, 2_000, "user+instrument")
    by_user = Limit(20, 2_000, "user")

    def post(name: str, handler: Handler, summary: str) -> Route:
        return Route("POST", _PREFIX + name, Access.TRADE, handler, one, summary)

    def get(name: str, handler: Handler, summary: str) -> Route:
        return Route("GET", _PREFIX + name, Access.READ, handler, by_user, summary)

    return (
        post("order-algo", entry.place, "Place a trigger order"),
        post("cancel-algos", entry.cancel, "Cancel up to 10 trigger orders"),
        post("cancel-advance-algos", entry.cancel, "Cancel up to 10 trigger orders, old name"),
        post("amend-algos", entry.amend, "Change a trigger order"),
        get("order-algo", look.show, "Show a trigger order"),
        get("orders-algo-pending", look.pending, "List live trigger orders"),
        get("orders-algo-history", look.history, "List trigger orders that have ended"),
    )
