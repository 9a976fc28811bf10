"""Questions about the past as a client asks them, with ten million fills stored: pages of orders, fills and bills.

An exchange runs whose tables are filled beforehand instead of by its projector; a client asks its worker over HTTP.
"""

import random  # noqa: TID251  # what is asked, seeded
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import Final
from urllib.parse import urlencode

from tests.support.postgres import postgres_server

from benchmarks.asker import Asker
from benchmarks.past import FILLS_OF_AN_ORDER, PAIRS, Past
from benchmarks.percentiles import latency
from benchmarks.processes import running_exchange
from benchmarks.row import Row, machine
from benchmarks.scope import Measurement, Scope, scratch
from benchmarks.wire import asked
from tickyard.base.ids import InstrumentId
from tickyard.instruments import listing
from tickyard.node import settings
from tickyard.node.home import Home

_TARGET_US: Final = 50_000
_MINUTE_MS: Final = 60_000
_CATALOG: Final = listing.load()


def _rows(
    name: str, kind: str, server: Callable[[], AbstractContextManager[str]], scope: Scope
) -> Iterator[Row]:
    past = Past(scope.pick(10_000_000, 200_000))
    questions, accounts = scope.pick(20_000, 500), scope.pick(2_000, 250)
    with server() as address, scratch() as folder:
        home = Home(folder / "home")
        home.create()
        if address:
            home.settings.write_text(f'read_database = "{address}"\n')
        with running_exchange(home.root, [frozenset()], crowd=accounts) as exchange:
            database = settings.read_database(home)
            past.store(scope, database, [member.account for member in exchange.crowd])
            scope.say(f"{questions:,} questions")
            (worker,) = exchange.workers
            rng = random.Random(6)  # noqa: S311  # the same questions every time
            took_ns: list[int] = []
            lines = 0
            with Asker(worker.port) as asker:
                for _ in range(questions):
                    request = asked(rng.choice(exchange.crowd), _question(rng, past))
                    began = time.perf_counter_ns()
                    answer = asker.ask(request)
                    took_ns.append(time.perf_counter_ns() - began)
                    lines += answer.count(b'"ordId":')
    found = latency(took_ns)
    yield Row(
        name=name,
        value=found.p99,
        unit="us",
        conditions=(
            f"{questions:,} pages of up to 100 orders, fills or bills, {lines / questions:.0f} lines on average, one after the "
            f"other on one connection, of random accounts, from the newest on or from a random id, of all pairs, of one, of one "
            f"side, of one order, of a time: request sent to answer read, from a worker that reads {kind} with {past.fills:,} fills, "
            f"{past.orders:,} orders and {2 * past.fills:,} bills of {accounts:,} accounts, in the page cache; {machine()}"
        ),
        target={"value": ("<=", _TARGET_US)},
        latency=found,
    )


def _question(rng: random.Random, past: Past) -> str:
    """Write what is asked for: a path with its query."""
    fill = rng.randrange(past.fills)
    query = {"instType": "SPOT", "limit": "100"}
    if _one_in(rng, 2):
        pair = _CATALOG.instrument(InstrumentId(1 + rng.randrange(PAIRS)))
        query["instId"] = pair.symbol
    if _one_in(rng, 4):
        query["begin"] = str(rng.randrange(past.begin_ms, past.now_ms - _MINUTE_MS))
    is_later = _one_in(rng, 2)
    kind = rng.choice(("orders", "fills", "bills"))
    if kind == "orders":
        if is_later:
            query["after"] = str(1 + fill // FILLS_OF_AN_ORDER)
        if _one_in(rng, 4):
            query["ordType"] = "limit"
        return _path("trade/orders-history-archive", query)
    if is_later:
        query["after"] = str(past.bill(fill))
    if _one_in(rng, 4):
        query["subType"] = "1"
    if kind == "bills":
        return _path("account/bills-archive", query)
    if _one_in(rng, 10):
        query["ordId"] = str(1 + rng.randrange(past.orders))
    return _path("trade/fills-history", query)


def _path(endpoint: str, query: Mapping[str, str]) -> str:
    return f"/api/v5/{endpoint}?{urlencode(query)}"


def _one_in(rng: random.Random, number: int) -> bool:
    return rng.randrange(number) == 0


@contextmanager
def _postgresql() -> Iterator[str]:
    with postgres_server() as server:
        yield server.address()


_PLACES: Final[Mapping[str, tuple[str, Callable[[], AbstractContextManager[str]]]]] = {
    "history_query_p99": ("SQLite", lambda: nullcontext("")),
    "history_query_postgresql_p99": ("PostgreSQL", _postgresql),
}
MEASUREMENTS: Final = [
    Measurement((name,), partial(_rows, name, kind, server))
    for name, (kind, server) in _PLACES.items()
]
