"""Every WebSocket operation, one hostile value at a time, and everything around its items."""

import json
import time
from collections.abc import Iterable, Sequence

import pytest
from tests.hostile.items import orders
from tests.hostile.items.item import Item
from tests.hostile.socket import Socket, told
from tests.hostile.trial import fill, written
from tests.hostile.values import NOT_JSON
from tests.hostile.venue import ALICE, READER, Venue

SINGLE = {
    "order": orders.PLACE, "cancel-order": orders.CANCEL, "amend-order": orders.AMEND, "mass-cancel": orders.MASS_CANCEL,
}  # fmt: skip
"""Operations that take one element in args."""
MANY = {
    "batch-orders": (orders.PLACE, "51111"),
    "batch-cancel-orders": (orders.CANCEL, "51406"),
    "batch-amend-orders": (orders.AMEND, "51501"),
}
"""Operations that take up to twenty, and the code for more."""
ILLEGAL, BAD_ARGS = "60012", "60013"
WITH_DEADLINE = ("order", "batch-orders", "amend-order", "batch-amend-orders")
OPS = (*SINGLE, *MANY)
Frames = Iterable[tuple[str, str]]
"""Texts, and the code that each is answered with."""


def tables(op: str) -> tuple[Item, ...]:
    return SINGLE[op] if op in SINGLE else MANY[op][0]


async def refused(
    venue: Venue, frames: Frames, *, name: str = ALICE, path: str = "private"
) -> None:
    """Say texts one after the other; each must be answered as it says, and nothing may change."""
    before = await venue.state_hash()
    wrong: list[str] = []
    async with Socket(venue, path) as socket:
        if name:
            assert (await socket.log_in(venue.keys[name]))["code"] == "0"
        for text, code in frames:
            answer = await socket.ask(text)
            if told(answer) != code:
                wrong.append(f"{text[:200]}: expected {code}, was {str(answer)[:300]}")
        assert await socket.is_alive()
    failures = venue.new_failures()
    assert not wrong, "\n".join(wrong[:40])
    assert await venue.state_hash() == before
    assert not failures, failures[:5]


def test_every_operation_that_is_served_stands_in_a_table(venue: Venue) -> None:
    assert set(OPS) == set(venue.served.operations)


@pytest.mark.parametrize("op", OPS)
async def test_a_hostile_member_is_refused(venue: Venue, op: str) -> None:
    frames = []
    for item in tables(op):
        for member, values in item.fields.items():
            for value, code in values.items():
                body = fill(written(dict(item.right), member, value), venue)
                text = f'{{"id":"1","op":"{op}","args":[{body}]}}'
                frames.append((text, ILLEGAL if code == NOT_JSON else code))
    await refused(venue, frames)


@pytest.mark.parametrize("op", OPS)
async def test_hostile_args_are_refused(venue: Venue, op: str) -> None:
    item = written(dict(tables(op)[0].right), "instId", '"NOPE"')
    args = [
        "null",
        "{}",
        "1",
        "true",
        '"x"',
        "[]",
        item,
        "[1]",
        "[null]",
        '["x"]',
        "[[]]",
        f"[{item},1]",
        f"[[{item}]]",
    ]
    frames = [(f'{{"id":"1","op":"{op}"}}', BAD_ARGS)]
    frames += [(f'{{"id":"1","op":"{op}","args":{text}}}', BAD_ARGS) for text in args]
    many = ",".join([item] * 21)
    frames.append(
        (f'{{"id":"1","op":"{op}","args":[{many}]}}', MANY[op][1] if op in MANY else BAD_ARGS)
    )
    twenty_thousand = ",".join(["{}"] * 20_000)
    frames.append(
        (
            f'{{"id":"1","op":"{op}","args":[{twenty_thousand}]}}',
            MANY[op][1] if op in MANY else BAD_ARGS,
        )
    )
    await refused(venue, frames)


@pytest.mark.parametrize("op", OPS)
async def test_a_hostile_id_is_refused(venue: Venue, op: str) -> None:
    item = fill(written(dict(tables(op)[0].right), "x", '"1"'), venue)
    ids = [
        "null",
        '""',
        "[]",
        "{}",
        "true",
        "1.5",
        '"' + "1" * 33 + '"',
        "1" * 33,
        '"' + "1" * 400 + '"',
        "1e400",
        "-1",
        '"a-b"',
        '" 1"',
        '"\u0661"',
    ]
    frames = [(f'{{"op":"{op}","args":[{item}]}}', BAD_ARGS)]
    frames += [(f'{{"id":{text},"op":"{op}","args":[{item}]}}', BAD_ARGS) for text in ids]
    await refused(venue, frames)


@pytest.mark.parametrize("op", WITH_DEADLINE)
async def test_a_hostile_deadline_is_refused(venue: Venue, op: str) -> None:
    item = fill(written(dict(tables(op)[0].right), "x", '"1"'), venue)
    values = {
        **dict.fromkeys(("[]", "{}", "true", "1.5", "-1", "1e400", '"x"', '"+1"', '" 1"', '"1_0"', '"\\u0661"', "9" * 39, '"' + "9" * 39 + '"'), "51000"),
        **dict.fromkeys(('"1"', "1", '"0"', "0", str(int(time.time() * 1000) - 1_000)), "50036"),
    }  # fmt: skip
    await refused(
        venue,
        (
            (f'{{"id":"1","op":"{op}","expTime":{text},"args":[{item}]}}', code)
            for text, code in values.items()
        ),
    )


@pytest.mark.parametrize("op", OPS)
async def test_who_may_not_is_refused(venue: Venue, op: str) -> None:
    item = fill(written(dict(tables(op)[0].right), "x", '"1"'), venue)
    text = f'{{"id":"1","op":"{op}","args":[{item}]}}'
    await refused(venue, [(text, "60011")], name="")
    await refused(venue, [(text, "60011")], name="", path="business")
    await refused(venue, [(text, "60028")], path="public")
    await refused(venue, [(text, "50120")], name=READER)


def near(op: str) -> Sequence[str]:
    """Names that are nearly that of an operation."""
    return (op.upper(), op + " ", " " + op, op + "\\u0000", op.replace("-", "_") + "_", f"{op}s")


@pytest.mark.parametrize("op", [*OPS, "login", "subscribe", "unsubscribe"])
async def test_an_unknown_operation_is_refused(venue: Venue, op: str) -> None:
    texts = [
        f'{{"id":"1","op":{json.dumps(name)},"args":[{{}}]}}'
        for name in near(op)
        if name not in OPS
    ]
    await refused(venue, [(text, "60019") for text in texts])
