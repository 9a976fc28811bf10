"""Verbs: hand orders, amendments and cancellations to the core, and say what became of each.

The core judges; here is only what concerns several items at once.
"""

from collections.abc import Callable, Hashable, Sequence

from tickyard.engine.replies import Reply
from tickyard.trading.errors import HOST, TWICE_IN_BATCH, Rejected, Rejection
from tickyard.trading.model import Core, Draft, Outcome


def draft(make: Callable[..., bytes], items: Sequence[object], *context: object) -> list[Draft]:
    """Make the command of each item, or keep the reason why there is none.

    Args:
        make: makes the command of one item; raises `Rejected`.
        items: what was asked for.
        context: what `make` needs beside an item.
    """
    drafts: list[Draft] = []
    for item in items:
        try:
            drafts.append(make(item, *context))
        except Rejected as refused:  # costs nothing while nothing is raised
            drafts.append(refused.rejection)
    return drafts


def reject_twins(drafts: list[Draft], names: Sequence[Hashable]) -> None:
    """Reject all items that name the same order as another one: which of them was meant nobody knows.

    Source: OKX v5, error code 51512.

    Args:
        drafts: changed in place.
        names: which order each item names; None when it names none.
    """
    if len(set(names)) == len(names):
        return
    for at, name in enumerate(names):
        if name is not None and names.count(name) > 1:
            drafts[at] = TWICE_IN_BATCH


async def submit(core: Core, drafts: Sequence[Draft]) -> Sequence[Outcome]:
    """Send the commands to the core as one frame, in request order; what was rejected stays at home.

    Returns:
        One outcome for each draft.

    Raises:
        Busy: the host turned every command away, as do `Unavailable` and `OutcomeUnknown`.
        OutcomeUnknown: the core did not answer in time.
    """
    records = [each for each in drafts if type(each) is bytes]
    if not records:
        return [each for each in drafts if isinstance(each, Rejection)]
    replies = await core.submit_many(records)
    _raise_when_turned_away(replies)
    if len(records) < len(drafts):
        answered = iter(replies)
        return [each if isinstance(each, Rejection) else next(answered) for each in drafts]
    return replies


def _raise_when_turned_away(replies: Sequence[Reply]) -> None:
    """A frame that the host turned away whole is no matter of single items: clients may try again."""
    refusal = replies[0].refusal
    if refusal is None or refusal not in HOST:
        return
    if all(reply.refusal is refusal for reply in replies):
        raise HOST[refusal](f"the core's host answered {refusal.name}")
