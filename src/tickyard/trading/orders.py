"""Verbs: hand orders, amendments and cancellations to the core, and say what became of each.

The core judges; here is only what concerns several items at once.
"""

from collections.abc import Hashable, Mapping, Sequence

from tickyard.engine.protocol import RECORD
from tickyard.engine.replies import Reply, decode_replies
from tickyard.trading.errors import HOST, LIMITED, TWICE_IN_BATCH, Rejection, TooOften
from tickyard.trading.model import Draft, Outcome


def twins(names: Sequence[Hashable]) -> Mapping[int, Rejection]:
    """Reject all items that name the same order as another one: which of them was meant nobody knows.

    Source: OKX v5, error code 51512.

    Args:
        names: which order each item names; None when it names none.

    Returns:
        The rejections, by the places of their items.
    """
    if len(set(names)) == len(names):
        return {}
    return {
        at: TWICE_IN_BATCH
        for at, name in enumerate(names)
        if name is not None and names.count(name) > 1
    }


def spread(draft: Draft, rejected: Mapping[int, Rejection]) -> Draft:
    """Put back between the items that were read those that had been rejected before.

    Args:
        draft: of the items that were left.
        rejected: the others, by their places in the request.
    """
    count = len(draft.rejected) + len(draft.records) // RECORD + len(rejected)
    left = [at for at in range(count) if at not in rejected]
    return Draft(
        draft.records, {**rejected, **{left[at]: why for at, why in draft.rejected.items()}}
    )


def outcomes(replies: bytes, rejected: Mapping[int, Rejection]) -> Sequence[Outcome]:
    """Say what became of each item, where not all went well.

    Args:
        replies: of the core, end to end, to the items that were sent.
        rejected: what was not sent, by the places of the items.

    Raises:
        Busy: the host turned every command away, as do `Unavailable` and `OutcomeUnknown`.
    """
    answered = list(decode_replies(replies))
    _raise_when_turned_away(answered)
    if not rejected:
        return answered
    waiting = iter(answered)
    places = range(len(answered) + len(rejected))
    return [rejected[at] if at in rejected else next(waiting) for at in places]


def raise_when_limited(rejected: Mapping[int, Rejection]) -> None:
    """Refuse a request of which no item was within the limits.

    Args:
        rejected: every item of the request.

    Raises:
        TooOften: with the code of the first.
    """
    if all(why in LIMITED for why in rejected.values()):
        for why in rejected.values():
            raise TooOften(why)


def _raise_when_turned_away(replies: Sequence[Reply]) -> None:
    """A frame that the host turned away whole is no matter of single items: clients may try again."""
    refusal = replies[0].refusal if replies else None
    if refusal is None or refusal not in HOST:
        return
    if all(reply.refusal is refusal for reply in replies):
        raise HOST[refusal](f"the core's host answered {refusal.name}")
