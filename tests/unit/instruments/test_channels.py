import json
from typing import Any

import pytest
from tests.support.fields import assert_fields, documented

from tickyard.base.ids import AssetId, InstrumentId, Seq
from tickyard.engine.events import EventBatch, InstrumentDefined
from tickyard.engine.records import InstrumentState
from tickyard.gateway.channels import Topics
from tickyard.gateway.route import ApiError
from tickyard.instruments import listing
from tickyard.instruments.channels import InstrumentsChannel, StatusChannel


class Listener(Topics):
    """Topics with one subscriber who keeps what is published."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, object, list[dict[str, Any]]]] = []

    def has(self, name: str, key: object) -> bool:
        return True

    def publish(self, name: str, key: object, data: bytes, action: str = "") -> int:
        self.heard.append((name, key, json.loads(data)))
        return 1


def told(instrument: int, state: InstrumentState) -> EventBatch:
    event = InstrumentDefined(
        Seq(9), 0, 0, InstrumentId(instrument), AssetId(3), 1, 1, AssetId(1), state, 1, 1, 1, 1, 1, 1, b"",
    )  # fmt: skip
    return EventBatch(Seq(9), Seq(9), 0, [event])


def test_a_change_of_state_is_told_with_the_whole_row() -> None:
    topics = Listener()
    channel = InstrumentsChannel(listing.load(), topics)
    channel.follow(told(1, InstrumentState.LIVE))
    ((name, key, (row,)),) = topics.heard
    assert (name, key, row["instId"], row["state"]) == ("instruments", "SPOT", "BTC-USDT", "live")
    assert_fields(row, documented("account_fields.json", "GET /api/v5/public/instruments"))
    assert set(row) >= {
        field for field in documented("account_fields.json", "WS instruments") if "[]" not in field
    }


def test_what_did_not_change_is_not_told() -> None:
    topics = Listener()
    channel = InstrumentsChannel(listing.load(), topics)
    channel.follow(told(1, InstrumentState.PREOPEN))
    assert topics.heard == []


def test_streams_are_named_by_type() -> None:
    channel = InstrumentsChannel(listing.load(), Topics())
    assert channel.key({"channel": "instruments", "instType": "SPOT"}, None) == "SPOT"
    assert channel.key({"channel": "instruments", "instType": "SWAP"}, None) == "SWAP"
    for wrong in ({}, {"instType": "spot"}, {"instType": ["SPOT"]}):
        with pytest.raises(ApiError) as refused:
            channel.key(wrong, None)
        assert refused.value.code == "60018"


def test_announcements_have_one_stream() -> None:
    assert StatusChannel().key({"channel": "status"}, None) == ""
