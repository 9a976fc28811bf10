"""Verbs: hand orders, amendments and cancellations to the core, and say what became of each.

The core judges; here is only what concerns several items at once.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

from tickyard.engine.replies import Reply, decode_replies
from tickyard.trading.errors import HOST, TWICE_IN_BATCH, Rejection
from tickyard.trading.model import Draft, Outcome

T = TypeVar("T")


def without_twins(
    read: Callable[[list[T]], Draft], items: list[T], names: Sequence[Hashable]
) -> Draft:
    """Read items, but reject all that name the same order as another: which of them was meant nobody knows.

    Source: OKX v5, error code 51512.

    Args:
        read: reads the items that are left.
        items: what was asked for.
        names: which order each item names; None when it names none.
    """
    if len(set(names)) == len(names):
        return read(items)
    lone = [at for at, name in enumerate(names) if name is None or names.count(name) == 1]
    draft = read([items[at] for at in lone])
    rejected = dict.fromkeys(set(range(len(items))).difference(lone), TWICE_IN_BATCH)
    rejected.update((lone[at], why) for at, why in draft.rejected.items())
    return Draft(draft.records, rejected)


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
