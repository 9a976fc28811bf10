"""What the sender of a trigger order, of its cancellation or of its amendment is told at once.

Source: OKX v5, POST /api/v5/trade/order-algo, cancel-algos and amend-algos, "Response Parameters".
"""

from msgspec import Struct

from tickyard.trading.errors import Rejection
from tickyard.trading.wire.acks import ACCEPTED
from tickyard.trading.wire.requests import Item


class AlgoAck(Struct, rename="camel", gc=False):
    """One item of the answer to a placement or cancellation."""

    algo_id: str
    cl_ord_id: str
    algo_cl_ord_id: str
    tag: str
    s_code: str
    s_msg: str


class AlgoAmendAck(Struct, rename="camel", gc=False):
    """The item of the answer to an amendment."""

    algo_id: str
    algo_cl_ord_id: str
    req_id: str
    s_code: str
    s_msg: str


def placed(item: Item, algo_id: str, client_id: str, why: Rejection = ACCEPTED) -> AlgoAck:
    """Answer a placement or cancellation.

    Args:
        item: as it was asked for.
        algo_id: of the trigger order; of one that was refused what was sent, "" for a placement.
        client_id: of the trigger order; clients know it by two names.
        why: it was refused.
    """
    return AlgoAck(algo_id, client_id, client_id, str(item.get("tag") or ""), why.code, why.message)


def amended(item: Item, algo_id: str, client_id: str, why: Rejection = ACCEPTED) -> AlgoAmendAck:
    """Answer an amendment; see `placed`."""
    request_id = str(item.get("reqId") or "")
    return AlgoAmendAck(algo_id, client_id, request_id, why.code, why.message)


def sent_names(item: Item) -> tuple[str, str]:
    """Return the ids that were sent, by which what cannot be cancelled or amended is found again."""
    client_id = str(item.get("algoClOrdId") or item.get("clOrdId") or "")
    return str(item.get("algoId") or ""), client_id
