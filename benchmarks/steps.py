"""What single steps of a gateway take for one order, without sockets: where its time goes.

The least of many rounds: what a step takes when nobody disturbs it.
"""

import time
from asyncio import Future, new_event_loop
from collections.abc import Callable, Iterator
from itertools import count
from typing import Final

import msgspec
from msgspec import Raw

from benchmarks.crowd import imagined
from benchmarks.row import Row, machine
from benchmarks.scope import Measurement, Scope
from benchmarks.wire import order
from tickyard._core import InFlight  # noqa: TID251  # a step by itself
from tickyard.base.ids import AccountId
from tickyard.engine import Counters, read_frame
from tickyard.engine.replies import REPLY
from tickyard.gateway import body
from tickyard.gateway.envelope import reply_json
from tickyard.gateway.signature import Signer
from tickyard.instruments import listing
from tickyard.trading.wire import acks, requests

_ROUNDS: Final = 50
_CALLS: Final = 1_000
_LATER_MS: Final = 1_790_000_000_000


def _least_ns(step: Callable[[], object]) -> int:
    least = None
    for _ in range(_ROUNDS):
        before = time.thread_time_ns()
        for _ in range(_CALLS):
            step()
        took = time.thread_time_ns() - before
        least = took if least is None else min(least, took)
    assert least is not None
    return least // _CALLS


def _steps() -> dict[str, Callable[[], object]]:
    """Make the steps of one order.

    A WebSocket frame is read and its items become commands; a REST body is signed over and decoded first. Then the
    command is in flight until it is answered, and acknowledged.
    """
    catalog = listing.load()
    account = AccountId(16)
    item = order("BTC-USDT", "buy", "20000.1", "0.00012", clOrdId="e847386590ce4dBC" * 2)
    frame = msgspec.json.encode({"id": "1512", "op": "order", "args": [item]})
    signer = Signer(imagined(1)[0].secret_key.encode())
    message = b"2026-11-24T22:00:00.000ZPOST/api/v5/trade/order" + msgspec.json.encode(item)
    replied = REPLY.pack(1, 2, 1_700_000_000_000_000_000, 3, 0, 0, item["clOrdId"].encode())
    reader = requests.ItemReader(catalog, Counters())
    items = [item]
    record = reader.place(items, account, 0, 0).records
    # As fast as the limit of single orders allows, so that all are counted and none is refused.
    clock_ms = count(_LATER_MS, 2_000 // 60 + 1)
    in_flight = InFlight(1)
    waiter: Future[bytes] = Future(loop=new_event_loop())
    counts = count(1)

    def read() -> None:
        found = read_frame(frame)
        assert found is not None, "Invariant: the frame holds an order"
        reader.place(found[2], account, 0, next(clock_ms))

    def settle() -> None:
        in_flight.add(record, 0, waiter)
        in_flight.settle(REPLY.pack(next(counts), 2, 3, 4, 0, 0, b""))

    return {
        "step_frame": read,
        "step_decode": lambda: body.without_blanks(body.decode(frame), frame),
        "step_sign": lambda: signer.sign(message),
        "step_command": lambda: reader.place(items, account, 0, next(clock_ms)),
        "step_reply": settle,
        "step_ack": lambda: reply_json(
            "1512", "order", "0", "", Raw(acks.PLACED.accepted.write(record, replied) or b""), 1, 2
        ),
    }


def _rows(scope: Scope) -> Iterator[Row]:
    scope.say("steps of an order in a gateway")
    for name, step in _STEPS.items():
        yield Row(
            name=name,
            value=_least_ns(step),
            unit="ns",
            conditions=f"CPU of one order, least of {_ROUNDS} rounds of {_CALLS:,}; {machine()}",
        )


_STEPS: Final = _steps()

MEASUREMENTS: Final = [Measurement(tuple(_STEPS), _rows)]
