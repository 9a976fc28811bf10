"""Acknowledgements: what the sender of an order, amendment or cancellation is told at once.

An acknowledgement says that the core has journalled and applied the request. What the book made of
the order follows on the `orders` channel. Source: OKX v5, response parameters of each endpoint.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct, json

from tickyard.base.clock import NS_PER_MS
from tickyard.engine import Acknowledgement
from tickyard.engine.records import Refusal
from tickyard.engine.replies import Reply
from tickyard.gateway.route import Answer
from tickyard.trading.errors import AMEND, CANCEL, PLACE, Rejection
from tickyard.trading.model import Outcome
from tickyard.trading.wire.requests import Item, Items

ACCEPTED: Final = "0"
_SOME_FAILED: Final = "2"
_ALL_FAILED: Final = "1"


class PlaceAck(Struct, rename="camel", gc=False):
    """One item of the answer to a placement."""

    ord_id: str
    cl_ord_id: str
    tag: str
    ts: str
    s_code: str = ACCEPTED
    s_msg: str = ""
    sub_code: str = ""


class CancelAck(Struct, rename="camel", gc=False):
    """One item of the answer to a cancellation."""

    ord_id: str
    cl_ord_id: str
    ts: str
    s_code: str = ACCEPTED
    s_msg: str = ""


class AmendAck(Struct, rename="camel", gc=False):
    """One item of the answer to an amendment."""

    ord_id: str
    cl_ord_id: str
    ts: str
    req_id: str
    s_code: str = ACCEPTED
    s_msg: str = ""
    sub_code: str = ""


class TimerAck(Struct, rename="camel", gc=False):
    """The answer to cancel-all-after."""

    trigger_time: str
    tag: str
    ts: str


class MassCancelAck(Struct, gc=False):
    """The answer to mass-cancel; a JSON boolean."""

    result: bool


def placed(items: Items, outcomes: Sequence[Outcome], now_ms: int) -> Answer:
    """Answer placements, in request order.

    Args:
        items: as they were asked for.
        outcomes: one for each item.
        now_ms: stands in what the core never saw.
    """
    acks: list[PlaceAck] = []
    failed = 0
    for item, outcome in zip(items, outcomes, strict=True):
        client_id, tag = item.get("clOrdId", ""), item.get("tag", "")
        if type(outcome) is Reply and outcome.refusal is None:
            ts = str(outcome.time_ns // NS_PER_MS)
            acks.append(PlaceAck(str(outcome.order_id), _echo(client_id), _echo(tag), ts))
            continue
        failed += 1
        why, ts = _why(outcome, PLACE), _time(outcome, now_ms)
        acks.append(
            PlaceAck("", _echo(client_id), _echo(tag), ts, why.code, why.message, why.sub_code)
        )
    return _answer(acks, failed)


def canceled(items: Items, outcomes: Sequence[Outcome], now_ms: int) -> Answer:
    """Answer cancellations; see `placed`."""
    acks: list[CancelAck] = []
    failed = 0
    for item, outcome in zip(items, outcomes, strict=True):
        if type(outcome) is Reply and outcome.refusal is None:
            ts = str(outcome.time_ns // NS_PER_MS)
            acks.append(CancelAck(str(outcome.order_id), outcome.client_id.decode(), ts))
            continue
        failed += 1
        why, ts = _why(outcome, CANCEL), _time(outcome, now_ms)
        order_id, client_id = _named(item)
        acks.append(CancelAck(order_id, client_id, ts, why.code, why.message))
    return _answer(acks, failed)


def amended(items: Items, outcomes: Sequence[Outcome], now_ms: int) -> Answer:
    """Answer amendments; see `placed`."""
    acks: list[AmendAck] = []
    failed = 0
    for item, outcome in zip(items, outcomes, strict=True):
        request = _echo(item.get("reqId", ""))
        if type(outcome) is Reply and outcome.refusal is None:
            ts = str(outcome.time_ns // NS_PER_MS)
            acks.append(AmendAck(str(outcome.order_id), outcome.client_id.decode(), ts, request))
            continue
        failed += 1
        why, ts = _why(outcome, AMEND), _time(outcome, now_ms)
        order_id, client_id = _named(item)
        acks.append(AmendAck(order_id, client_id, ts, request, why.code, why.message, why.sub_code))
    return _answer(acks, failed)


def timer_armed(reply: Reply, tag: str) -> Answer:
    """Answer cancel-all-after: when it will fire, in milliseconds; "0" when it is off."""
    return Answer([TimerAck(str(reply.value), tag, str(reply.time_ns // NS_PER_MS))])


def all_canceled() -> Answer:
    """Answer mass-cancel."""
    return Answer([MassCancelAck(result=True)], timed=True)


def _answer(acks: Sequence[Any], failed: int) -> Answer:
    if not failed:
        return Answer(list(acks), timed=True)
    if failed == len(acks):
        return Answer(list(acks), _ALL_FAILED, "All operations failed", timed=True)
    return Answer(list(acks), _SOME_FAILED, "Bulk operation partially succeeded", timed=True)


def _why(outcome: Outcome, refusals: Mapping[Refusal, Rejection]) -> Rejection:
    if isinstance(outcome, Rejection):
        return outcome
    assert outcome.refusal is not None, "Invariant: only what was refused has a reason"
    return refusals[outcome.refusal]


def _time(outcome: Outcome, now_ms: int) -> str:
    """When it was refused: the core's time, when it came as far."""
    if isinstance(outcome, Reply) and outcome.time_ns:
        return str(outcome.time_ns // NS_PER_MS)
    return str(now_ms)


def _named(item: Item) -> tuple[str, str]:
    """Tell which order was meant, by the ids that were sent: clients find failed items of batches by them."""
    return _echo(item.get("ordId", "")), _echo(item.get("clOrdId", ""))


def _echo(value: object) -> str:
    return value if type(value) is str else str(value)


class Words(Struct, frozen=True):
    """How requests of one kind are answered."""

    accepted: Acknowledgement
    """Writes the items when all were accepted."""
    tell: Callable[[Items, Sequence[Outcome], int], Answer]
    """Answers when not all were."""


def _text(ack: Struct) -> Acknowledgement:
    return Acknowledgement(json.encode(ack).decode())


PLACED: Final = Words(
    _text(PlaceAck("<order_id>", "<placed_client_id>", "<placed_tag>", "<time_ms>")), placed
)
CANCELED: Final = Words(_text(CancelAck("<order_id>", "<client_id>", "<time_ms>")), canceled)
AMENDED: Final = Words(
    _text(AmendAck("<order_id>", "<client_id>", "<time_ms>", "<request_id>")), amended
)
