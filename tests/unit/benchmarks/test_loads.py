"""What the benchmarks send: at twice the promised rate no account comes near its rate limits."""

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

import pytest
from benchmarks.crowd import imagined
from benchmarks.gateway import TARGETS
from benchmarks.wire import LOADS, Load

from tickyard.gateway.route import Limit
from tickyard.trading.limits import BATCH, OF_ACCOUNT, SINGLE

CYCLES = 20
MASK = b"\x01\x02\x03\x04"
LONG = 126
"""A length in two bytes more follows. Source: RFC 6455, section 5.2."""


def asked(load: Load) -> Iterator[tuple[float, str, list[dict[str, str]]]]:
    """Tell when one account asks for what in ms, with its client at twice the promised rate."""
    cycle = load.cycle(imagined(1)[0])
    size = cycle.left
    requests = [cycle.take(1) for _ in range(size)]
    each_ms = 1_000 * load.lanes * load.orders / (2 * TARGETS[load.name])
    for turn in range(CYCLES):
        for number, request in enumerate(requests):
            at_ms = (turn * load.accounts * size + number) * each_ms
            yield at_ms, *operation(request, is_rest=load.is_rest)


def operation(request: bytes, *, is_rest: bool) -> tuple[str, list[dict[str, str]]]:
    if is_rest:
        head, _, body = request.partition(b"\r\n\r\n")
        return head.split()[1].decode(), [json.loads(body)]
    head_bytes = 4 if request[1] & 0x7F == LONG else 2
    payload = request[head_bytes + len(MASK) :]
    text = bytes(byte ^ MASK[at % len(MASK)] for at, byte in enumerate(payload))
    message = json.loads(text)
    return message["op"], message["args"]


def most_at_once(times_ms: list[float], limit: Limit) -> int:
    """Count the most that come within any span of a limit; they come in order."""
    return max(
        bisect_left(times_ms, start + limit.per_ms) - first for first, start in enumerate(times_ms)
    )


@pytest.mark.parametrize("load", LOADS, ids=lambda load: load.name)
def test_at_twice_the_promised_rate_an_account_stays_within_its_limits(load: Load) -> None:
    of_pair: dict[tuple[str, str], list[float]] = defaultdict(list)
    orders: list[float] = []
    for at_ms, op, items in asked(load):
        for item in items:
            of_pair[op, item["instId"]].append(at_ms)
            if "px" in item:
                orders.append(at_ms)
    limit = BATCH if load.orders > 1 else SINGLE
    assert max(most_at_once(times, limit) for times in of_pair.values()) <= limit.count
    assert most_at_once(orders, OF_ACCOUNT) <= OF_ACCOUNT.count
