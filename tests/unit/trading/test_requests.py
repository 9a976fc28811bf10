"""Items are read in Rust: what it says to any JSON, and that both sides use the same words."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.support.order_desk import ALICE, CATALOG, LIMIT
from tests.support.pairs import pair

from tickyard._core import REJECTIONS
from tickyard.base.amounts import NotAnAmount, amount_text
from tickyard.engine.protocol import RECORD
from tickyard.instruments.grid import OffGrid
from tickyard.trading.errors import EDGE, rejection
from tickyard.trading.wire.requests import ItemReader
from tickyard.trading.wire.words import ORDER_TYPES, SELF_TRADES, SIDES

READER = ItemReader(CATALOG, None)
PAIR = pair("BTC-USDT")
SIDE_AT, ORDER_TYPE_AT, SELF_TRADE_AT, PRICE_AT = 28, 29, 31, 32

numbers = st.from_regex(r"[0-9]{1,14}(\.[0-9]{1,12})?", fullmatch=True)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals()
    | st.text(max_size=40)
    | numbers
    | st.sampled_from([*SIDES, *ORDER_TYPES, *SELF_TRADES, "cash", "BTC-USDT", "true", "SPOT"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=3,
)
members = st.sampled_from(
    [
        "instId", "instIdCode", "tdMode", "side", "ordType", "px", "sz", "clOrdId", "tag", "tgtCcy", "ordId",
        "newPx", "newSz", "reqId", "cxlOnFail", "reduceOnly", "stpMode", "banAmend", "pxAmendType", "expTime",
        "tradeQuoteCcy", "slippagePct", "attachAlgoOrds", "pxUsd", "newPxVol", "tpOrdPx", "newSlOrdPx", "timeOut",
        "instType", "instFamily", "lockInterval", "anything",
    ]
)  # fmt: skip
items = st.dictionaries(members, values, max_size=4).map(lambda said: {**LIMIT, **said})


def test_every_word_of_a_rejection_has_a_code() -> None:
    assert set(EDGE) == set(REJECTIONS)


@given(st.lists(items, max_size=4))
def test_each_item_becomes_a_command_or_a_rejection_and_keeps_its_place(
    said: list[dict[str, Any]],
) -> None:
    alone = [READER.place([item], ALICE, 0, 0) for item in said]
    together = READER.place(said, ALICE, 0, 0)
    assert together.records == b"".join(draft.records for draft in alone)
    assert len(together.records) == RECORD * (len(said) - len(together.rejected))
    assert together.rejected == {
        at: draft.rejected[0] for at, draft in enumerate(alone) if draft.rejected
    }


@given(items)
def test_no_json_breaks_a_reader(item: dict[str, Any]) -> None:
    for draft in (READER.cancel([item], ALICE, 0), READER.amend([item], ALICE, 0, 0)):
        assert bool(draft.records) != bool(draft.rejected)


@given(numbers | st.text(max_size=34) | st.integers() | st.decimals())
def test_a_price_is_read_as_the_listing_reads_it(price: object) -> None:
    draft = READER.place([{**LIMIT, "px": price}], ALICE, 0, 0)
    try:
        ticks = PAIR.price_to_ticks(amount_text(price))
    except (NotAnAmount, OffGrid):
        ticks = 0
    if draft.records:
        assert int.from_bytes(draft.records[PRICE_AT : PRICE_AT + 8], "little") == ticks > 0
    else:
        is_wrong = draft.rejected[0] == rejection("invalid", "px")
        assert is_wrong == (ticks <= 0 and not _is_too_long(price))


def _is_too_long(price: object) -> bool:
    if isinstance(price, Decimal) and not price.is_finite():
        return False
    try:
        return len(amount_text(price)) > 32
    except NotAnAmount:
        return False


def test_both_sides_use_the_same_words() -> None:
    said = [
        *({"side": word} for word in SIDES),
        *({"ordType": word, "tgtCcy": "base_ccy"} for word in ORDER_TYPES),
        *({"stpMode": word} for word in SELF_TRADES),
    ]
    draft = READER.place([{**LIMIT, **item} for item in said], ALICE, 0, 0)
    assert not draft.rejected
    records = [draft.records[at : at + RECORD] for at in range(0, len(draft.records), RECORD)]
    heard = [
        *(record[SIDE_AT] for record in records[:2]),
        *(record[ORDER_TYPE_AT] for record in records[2:7]),
        *(record[SELF_TRADE_AT] for record in records[7:]),
    ]
    assert heard == [*SIDES.values(), *ORDER_TYPES.values(), *SELF_TRADES.values()]
