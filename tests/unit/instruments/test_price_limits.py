from typing import Any

import msgspec
import pytest

from tickyard.base.clock import ManualClock
from tickyard.base.ids import InstrumentId, Seq
from tickyard.engine import EventBatch, IndexPriceSet
from tickyard.gateway.channels import Topics
from tickyard.gateway.route import ApiError
from tickyard.instruments import listing
from tickyard.instruments.price_limits import PriceLimitChannel

BTC = InstrumentId(1)
ARG = {"channel": "price-limit", "instId": "BTC-USDT"}


class Session:
    def __init__(self) -> None:
        self.frames: list[Any] = []

    def send(self, frame: bytes) -> None:
        self.frames.append(msgspec.json.decode(frame))


def said(price: int, highest_buy: int, lowest_sell: int) -> EventBatch:
    event = IndexPriceSet(Seq(1), 0, 0, BTC, price, highest_buy, lowest_sell)
    return EventBatch(Seq(1), Seq(1), 0, [event])


def shown(channel: PriceLimitChannel) -> tuple[str, str]:
    session = Session()
    channel.opened(channel.key(ARG, None), session, ARG, None)  # type: ignore[arg-type]
    (row,) = session.frames[0]["data"]
    return row["buyLmt"], row["sellLmt"]


def test_bounds_are_those_of_the_index_and_without_one_those_of_the_listing() -> None:
    channel = PriceLimitChannel(listing.load(), Topics(), ManualClock(0))
    assert shown(channel) == ("1000000", "100")
    channel.follow(said(650_000, 682_500, 617_500))
    assert shown(channel) == ("68250", "61750")
    channel.follow(said(650_000, 0, 0))
    assert shown(channel) == ("1000000", "100")


def test_an_unknown_instrument_has_no_stream() -> None:
    channel = PriceLimitChannel(listing.load(), Topics(), ManualClock(0))
    with pytest.raises(ApiError, match="doesn't exist"):
        channel.key({"instId": "XYZ-USDT"}, None)
