"""Verbs: hand orders, amendments and cancellations to the core, and say what became of each.

The core judges; here is only what concerns several items at once.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence

from tickyard.engine.replies import Reply, decode_replies
from tickyard.trading.errors import HOST, TWICE_IN_BATCH, Rejected, Rejection
from tickyard.trading.model import Draft, Outcome

_NONE: Mapping[int, Rejection] = {}


def draft(
    make: Callable[..., bytes],
    items: Sequence[object],
    *context: object,
    without: Mapping[int, Rejection] = _NONE,
) -> Draft:
    """Make the command of each item, or keep the reason why there is none.

    Args:
        make: makes the command of one item; raises `Rejected`.
        items: what was asked for.
        context: what `make` needs beside an item.
        without: items that are rejected already, by their places.
    """
    records: list[bytes] = []
    rejected = dict(without)
    for at, item in enumerate(items):
        if at in rejected:
            continue
        try:
            records.append(make(item, *context))
        except Rejected as refused:  # costs nothing while nothing is raised
            rejected[at] = refused.rejection
    return Draft(b"".join(records), rejected)


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


def _raise_when_turned_away(replies: Sequence[Reply]) -> None:
    """A frame that the host turned away whole is no matter of single items: clients may try again."""
    refusal = replies[0].refusal if replies else None
    if refusal is None or refusal not in HOST:
        return
    if all(reply.refusal is refusal for reply in replies):
        raise HOST[refusal](f"the core's host answered {refusal.name}")
