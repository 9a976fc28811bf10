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

ACCEPTED: Final = Rejection("0", "")
"""What stands where the reason of a refusal would."""
_SOME_FAILED: Final = "2"
_ALL_FAILED: Final = "1"


class PlaceAck(Struct, rename="camel", gc=False):
    """One item of the answer to a placement."""

    ord_id: str
    cl_ord_id: str
    tag: str
    ts: str
    s_code: str = ACCEPTED.code
    s_msg: str = ""
    sub_code: str = ""


class CancelAck(Struct, rename="camel", gc=False):
    """One item of the answer to a cancellation."""

    ord_id: str
    cl_ord_id: str
    ts: str
    s_code: str = ACCEPTED.code
    s_msg: str = ""


class AmendAck(Struct, rename="camel", gc=False):
    """One item of the answer to an amendment."""

    ord_id: str
    cl_ord_id: str
    ts: str
    req_id: str
    s_code: str = ACCEPTED.code
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
    return _answer(items, outcomes, now_ms, PLACE, _place_ack)


def canceled(items: Items, outcomes: Sequence[Outcome], now_ms: int) -> Answer:
    """Answer cancellations; see `placed`."""
    return _answer(items, outcomes, now_ms, CANCEL, _cancel_ack)


def amended(items: Items, outcomes: Sequence[Outcome], now_ms: int) -> Answer:
    """Answer amendments; see `placed`."""
    return _answer(items, outcomes, now_ms, AMEND, _amend_ack)


def timer_armed(reply: Reply, tag: str) -> Answer:
    """Answer cancel-all-after: when it will fire, in milliseconds; "0" when it is off."""
    return Answer([TimerAck(str(reply.value), tag, str(reply.time_ns // NS_PER_MS))])


def all_canceled() -> Answer:
    """Answer mass-cancel."""
    return Answer([MassCancelAck(result=True)], timed=True)


def batch_answer(acks: list[Any], failed: int, *, timed: bool) -> Answer:
    """Answer a request with an acknowledgement of each item, of which so many failed."""
    if not failed:
        return Answer(acks, timed=timed)
    if failed == len(acks):
        return Answer(acks, _ALL_FAILED, "All operations failed", timed=timed)
    return Answer(acks, _SOME_FAILED, "Bulk operation partially succeeded", timed=timed)


def _answer(
    items: Items,
    outcomes: Sequence[Outcome],
    now_ms: int,
    refusals: Mapping[Refusal, Rejection],
    write: Callable[[Item, Reply | None, str, Rejection], Struct],
) -> Answer:
    acks: list[Struct] = []
    failed = 0
    for item, outcome in zip(items, outcomes, strict=True):
        if isinstance(outcome, Rejection):
            acks.append(write(item, None, str(now_ms), outcome))
            failed += 1
            continue
        # What the host turned away never reached the core, whose time it would be.
        ts = str(outcome.time_ns // NS_PER_MS or now_ms)
        if outcome.refusal is None:
            acks.append(write(item, outcome, ts, ACCEPTED))
        else:
            acks.append(write(item, None, ts, refusals[outcome.refusal]))
            failed += 1
    return batch_answer(acks, failed, timed=True)


def _place_ack(item: Item, reply: Reply | None, ts: str, why: Rejection) -> PlaceAck:
    order_id = "" if reply is None else str(reply.order_id)
    client_id, tag = str(item.get("clOrdId", "")), str(item.get("tag", ""))
    return PlaceAck(order_id, client_id, tag, ts, why.code, why.message, why.sub_code)


def _cancel_ack(item: Item, reply: Reply | None, ts: str, why: Rejection) -> CancelAck:
    return CancelAck(*_which(item, reply), ts, why.code, why.message)


def _amend_ack(item: Item, reply: Reply | None, ts: str, why: Rejection) -> AmendAck:
    request_id = str(item.get("reqId", ""))
    return AmendAck(*_which(item, reply), ts, request_id, why.code, why.message, why.sub_code)


def _which(item: Item, reply: Reply | None) -> tuple[str, str]:
    """Tell which order it is; of what failed by the ids that were sent: clients find items of batches by them."""
    if reply is not None:
        return str(reply.order_id), reply.client_id.decode()
    return str(item.get("ordId", "")), str(item.get("clOrdId", ""))


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
