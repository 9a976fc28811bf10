"""Frames and bodies that are read without a decoder mean what the decoder says, or are left to it."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tickyard._core import read_array, read_frame, read_object
from tickyard.gateway.body import NotJson, decode, without_blanks

names = st.text("abxy", min_size=1, max_size=2) | st.sampled_from(["instId", "px", "é", "a\\", ""])
plain = st.text("ab1 .:{}[],", max_size=4) | st.integers(0, 10**16)
values = plain | st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.lists(plain)
args = st.lists(st.dictionaries(names, plain | values, max_size=3), max_size=3)
frames = st.fixed_dictionaries(
    {"id": plain | values, "op": st.sampled_from(["order", ""]), "args": args}
)


def understood(text: bytes) -> tuple[str, str, list[Any]] | None:
    """What an operation is told of a frame that is decoded; None for everything else."""
    try:
        frame = decode(text)
    except NotJson:
        return None
    if type(frame) is not dict or frame.keys() != {"id", "op", "args"}:
        return None
    return frame["op"], frame["id"], without_blanks(frame["args"], text)


def assert_is_understood_alike(text: bytes) -> None:
    read = read_frame(text)
    if read is not None:
        op, id_, items = read
        assert (op, id_, list(items)) == understood(text)
        assert [items[at] for at in range(len(items))] == list(items)
        assert [[*item] for item in items] == [[*item] for item in decode(text)["args"]]


@given(frame=frames, is_spaced=st.booleans())
def test_what_is_plain_is_understood_alike(*, frame: dict[str, Any], is_spaced: bool) -> None:
    assert_is_understood_alike(
        json.dumps(frame, separators=(" , ", " : ") if is_spaced else (",", ":")).encode()
    )


@given(frame=frames, at=st.integers(0, 200), byte=st.binary(max_size=2))
@example({"id": "1", "op": "order", "args": [{"a": "1"}]}, 35, b"e1")
def test_what_is_broken_is_left_to_the_decoder(frame: dict[str, Any], at: int, byte: bytes) -> None:
    text = json.dumps(frame, ensure_ascii=False).encode()
    assert_is_understood_alike(text[:at] + byte + text[at + 1 :])
    assert_is_understood_alike(text[:at] + byte + text[at:])


def assert_body_is_understood_alike(text: bytes) -> None:
    for read, kind in ((read_object, dict), (read_array, list)):
        items = read(text)
        if items is not None:
            decoded = decode(text)
            assert type(decoded) is kind
            body = without_blanks(decoded, text)
            assert list(items) == (body if kind is list else [body])


@given(body=args | st.dictionaries(names, plain | values, max_size=3), is_spaced=st.booleans())
def test_a_plain_body_is_understood_alike(*, body: object, is_spaced: bool) -> None:
    assert_body_is_understood_alike(
        json.dumps(body, separators=(" , ", " : ") if is_spaced else (",", ":")).encode()
    )


@given(
    body=args | st.dictionaries(names, plain | values, max_size=3),
    at=st.integers(0, 100),
    byte=st.binary(max_size=2),
)
def test_a_broken_body_is_left_to_the_decoder(body: object, at: int, byte: bytes) -> None:
    text = json.dumps(body, ensure_ascii=False).encode()
    assert_body_is_understood_alike(text[:at] + byte + text[at + 1 :])
    assert_body_is_understood_alike(text[:at] + byte + text[at:])


def test_plain_bodies_are_read() -> None:
    item = {"px": "1.5", "n": 12}
    one, many = read_object(json.dumps(item).encode()), read_array(json.dumps([item] * 2).encode())
    assert one is not None
    assert many is not None
    assert (list(one), list(many)) == ([item], [item, item])


@pytest.mark.parametrize("members", [{"px": "1.5", "n": 12}, {"a": "x", "b": 0}])
def test_a_plain_frame_is_read(members: dict[str, Any]) -> None:
    read = read_frame(json.dumps({"id": "7", "op": "order", "args": [members] * 2}).encode())
    assert read is not None
    assert (read[0], read[1], len(read[2])) == ("order", "7", 2)
    assert list(read[2]) == [members, members]
    with pytest.raises(IndexError):
        read[2][2]
