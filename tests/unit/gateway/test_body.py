import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickyard.gateway.body import DEPTH_MAX, NotJson, decode, without_blanks

names = st.text(max_size=4)
trees = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=12,
)


def test_fractions_are_exact() -> None:
    assert decode(b"[0.1, 1.50, 1e-7, 3]") == [Decimal("0.1"), Decimal("1.50"), Decimal("1e-7"), 3]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"{}x", b"[NaN]", b"[Infinity]", b"{'a':1}", b"\xff", b'{"a":"\xff"}',
        b'{"\xff":1}', b"[" * 100_000, b'{"a":' * 100_000, b"[" * 900 + b'{"a":1,"a":1}',
        b"[" + b"9" * 60_000 + b"]", b"[1e999999999999999999999]", b"[01]", b"[+1]", b"[1_0]", b"[0x10]", b'{"a":1,}',
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(NotJson):
        decode(raw)


@pytest.mark.parametrize(("opens", "closes"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_depth_has_a_limit_of_its_own(opens: bytes, closes: bytes) -> None:
    deepest = opens * DEPTH_MAX + b"null" + closes * DEPTH_MAX
    without_blanks(decode(deepest), deepest)
    with pytest.raises(NotJson):
        decode(opens + deepest + closes)
    wide = b"[" + b"[],{}," * 1_000 + b"[]]"
    assert len(decode(wide)) == 2_001


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":1}',
        b'{"a" : 1, "a" : 2}',
        b'{"a":{"b":1,"b":2}}',
        b'[{"a":1},{"a":1,"a":2}]',
        b'{"id":"1","op":"order","args":[{"px":"1","px":"2"}]}',
        b'{"id":"1","op":"order","id":"2","args":[{"px":"1"}]}',
        b'{"a":":","a":"::"}',
        b'{"a":":","b":{"c":[{"d":1,"d":":"}]}}',
        b'{"\\u0061":1,"a":2}',
    ],
)
def test_a_member_named_twice_is_refused(raw: bytes) -> None:
    with pytest.raises(NotJson):
        decode(raw)


@pytest.mark.parametrize(
    "raw",
    [b'{"a":":"}', b'{"a":{"b":[1,{"c":":::"}]}}', b'{"a:b":"\\":\\""}', b'[":",":"]', b'":"'],
)
def test_colons_in_text_are_no_members(raw: bytes) -> None:
    assert decode(raw) == json.loads(raw)


@given(tree=trees, is_spaced=st.booleans())
def test_whatever_has_no_member_twice_is_decoded(*, tree: Any, is_spaced: bool) -> None:
    raw = json.dumps(tree, separators=None if is_spaced else (",", ":")).encode()
    if b"\\ud" not in raw:
        assert decode(raw) == tree


@given(st.lists(st.tuples(names, trees), max_size=5))
def test_duplicates_are_found_by_name_alone(pairs: list[tuple[str, Any]]) -> None:
    text = ",".join(f"{json.dumps(name)}:{json.dumps(value)}" for name, value in pairs)
    raw = b"{%b}" % text.encode()
    if b"\\ud" in raw:
        return
    if len({name for name, _ in pairs}) == len(pairs):
        assert decode(raw) == dict(pairs)
    else:
        with pytest.raises(NotJson):
            decode(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'{"instId":"BTC-USDT","px":"","tag":null}', {"instId": "BTC-USDT"}),
        (b'[{"px":""},{"px":"1"}]', [{}, {"px": "1"}]),
        (b'{"a":{"b":"","c":[{"d":null,"e":0}]}}', {"a": {"c": [{"e": 0}]}}),
        (b'{"a":false,"b":0,"c":[],"d":" "}', {"a": False, "b": 0, "c": [], "d": " "}),
        (b'["",null]', ["", None]),
    ],
)
def test_blank_members_mean_absent(raw: bytes, expected: Any) -> None:
    assert without_blanks(decode(raw), raw) == expected


@given(trees)
def test_without_blanks_leaves_the_rest_alone(tree: Any) -> None:
    raw = json.dumps(tree).encode()
    once = without_blanks(tree, raw)
    assert without_blanks(once, raw) == once
    if b'""' not in raw and b"null" not in raw:
        assert once == tree
