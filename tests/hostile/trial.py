"""Sends hostile cases and judges the answers: the documented code, and nothing changed."""

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tests.conformance.test_wire_statuses import DOCUMENTED, OURS
from tests.hostile.venue import Answer, Line, Venue

LINES = 3
"""Connections that send at the same time."""
_PER_ITEM = frozenset({"1", "2"})


class Case(NamedTuple):
    """One hostile request."""

    name: str
    raw: Callable[[], bytes]
    """Made when it is sent, because it is signed with the time."""
    code: str
    status: int | None = None
    """The HTTP status; by default the one that is documented for the code."""


async def refused(venue: Venue, cases: Iterable[Case]) -> None:
    """Send cases; each must be answered as it says, and all together must change nothing."""
    cases = list(cases)
    before = await venue.state_hash()
    wrong = await _send(venue, cases)
    failures = venue.new_failures()
    if await venue.state_hash() != before:
        wrong += await _guilty(venue, cases)
    assert not wrong, "\n".join(wrong[:40])
    assert not failures, failures[:5]


async def _send(venue: Venue, cases: Sequence[Case]) -> list[str]:
    async def some(start: int) -> list[str]:
        async with Line(venue) as line:
            return [
                f"{case.name}: {verdict}"
                for case in cases[start::LINES]
                if (verdict := judged(case, await line.ask(case.raw())))
            ]

    return [each for found in await asyncio.gather(*map(some, range(LINES))) for each in found]


async def _guilty(venue: Venue, cases: Sequence[Case]) -> list[str]:
    """Find out which case changes the state, sending each once more."""
    found = ["the state has changed"]
    async with Line(venue) as line:
        for case in cases:
            before = await venue.state_hash()
            answer = await line.ask(case.raw())
            if await venue.state_hash() != before:
                found.append(f"{case.name}: changed the state, and was answered {answer}")
    return found


def judged(case: Case, answer: Answer) -> str:
    """Say what is wrong with an answer, if anything."""
    status = case.status
    if status is None:
        code = answer.code if answer.code in _PER_ITEM else case.code
        status = OURS.get(code, documented(code))
    if answer.told == case.code and answer.status == status:
        return ""
    return f"expected {status} {case.code}, was {answer}"


def documented(code: str) -> int:
    """The HTTP status of a code."""
    # Of an unknown key the table says 200, which no other failure of a signature has.
    return 401 if code == "50119" else DOCUMENTED.get(code, 200)


def fill(text: str, venue: Venue) -> str:
    """Put the ids of orders where they are named."""
    for name, order in venue.orders.items():
        text = text.replace(f"<{name}>", order)
    return text


def written(right: dict[str, str], member: str, value: str | None) -> str:
    """Write an object with one member changed, or left out."""
    members = {**right, member: value}
    inner = ",".join(
        f"{json.dumps(name)}:{text}" for name, text in members.items() if text is not None
    )
    return f"{{{inner}}}"
