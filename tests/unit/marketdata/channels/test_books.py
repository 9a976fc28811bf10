"""The rules of spec section 15: what a client that keeps a copy of the book relies on."""

from typing import Any

import pytest
from tests.support.checksum import checksum
from tests.support.market_events import Listener, level, live, subscribe, unsubscribe
from tests.support.market_history import btc

from tickyard.base.clock import ManualClock
from tickyard.base.ids import Seq
from tickyard.gateway.channels import Topics
from tickyard.gateway.route import ApiError
from tickyard.marketdata.channels.books import SILENCE_MS, BooksChannel
from tickyard.marketdata.market import Market, Markets


class Copy:
    """A client's copy of the book, kept as ccxt keeps it: it trusts the chain and verifies the checksum."""

    def __init__(self) -> None:
        self.asks: dict[str, str] = {}
        self.bids: dict[str, str] = {}
        self.seq = -1

    def take(self, frame: dict[str, Any]) -> None:
        (row,) = frame["data"]
        if frame["action"] == "snapshot":
            assert row["prevSeqId"] == -1
            self.asks, self.bids = {}, {}
        else:
            assert row["prevSeqId"] == self.seq
        self.seq = row["seqId"]
        for side, levels in ((self.asks, row["asks"]), (self.bids, row["bids"])):
            for price, size, old, count in levels:
                assert old == "0"
                if size == "0":
                    assert count == "0"
                    del side[price]
                else:
                    side[price] = size
        asks = [
            f"{p}:{s}".encode() for p, s in sorted(self.asks.items(), key=lambda x: float(x[0]))
        ]
        bids = [
            f"{p}:{s}".encode() for p, s in sorted(self.bids.items(), key=lambda x: -float(x[0]))
        ]
        assert row["checksum"] == checksum(bids, asks)


class Stream:
    """The books channel of BTC-USDT with a clock that stands still."""

    def __init__(self, markets: Markets, levels: int = 400) -> None:
        self.markets = markets
        self.market: Market = btc(markets)
        self.topics = Topics()
        self.clock = ManualClock(10**18)
        self.channel = BooksChannel(
            "books",
            levels=levels,
            period_ms=100,
            markets=markets,
            topics=self.topics,
            clock=self.clock,
        )
        self.seq = 0

    def change(self, side: str, price: int, size: int) -> None:
        self.seq += 1
        live(self.markets.view, level(self.seq, side, price, size))
        self.channel.cadence.mark(self.market)

    def flush(self) -> None:
        self.channel.cadence.flush()

    async def subscribe(self, listener: Listener) -> None:
        await subscribe(self.topics, self.channel, listener, "BTC-USDT")


@pytest.fixture
def stream(markets: Markets) -> Stream:
    return Stream(markets)


async def test_a_subscriber_gets_a_snapshot_then_chained_updates(stream: Stream) -> None:
    stream.change("bid", 600_000, 5)
    stream.change("ask", 600_010, 7)
    listener, copy = Listener(), Copy()
    await stream.subscribe(listener)
    stream.change("bid", 600_000, 0)
    stream.change("bid", 599_990, 3)
    stream.flush()
    stream.change("ask", 600_010, 6)
    stream.flush()
    frames = listener.take()
    for frame in frames:
        copy.take(frame)
    assert [frame["action"] for frame in frames] == ["snapshot", "update", "update"]
    assert copy.bids == {"59999": "0.00000003"}
    assert copy.asks == {"60001": "0.00000006"}
    assert copy.seq == stream.market.book.seq


async def test_a_frame_has_the_fields_of_okx_and_echoes_its_arg(stream: Stream) -> None:
    listener = Listener()
    await stream.subscribe(listener)
    (frame,) = listener.take()
    assert frame["arg"] == {"channel": "books", "instId": "BTC-USDT"}
    assert set(frame["data"][0]) == {"asks", "bids", "ts", "checksum", "prevSeqId", "seqId"}


async def test_a_late_subscriber_joins_the_chain_of_the_others(stream: Stream) -> None:
    stream.change("bid", 600_000, 5)
    early, late = (Listener(), Copy()), (Listener(), Copy())
    await stream.subscribe(early[0])
    stream.change("bid", 599_990, 1)  # not pushed yet when the other one comes
    await stream.subscribe(late[0])
    stream.flush()
    stream.change("bid", 599_980, 1)
    stream.flush()
    for listener, copy in (early, late):
        for frame in listener.take():
            copy.take(frame)
    assert early[1].bids == late[1].bids
    assert early[1].seq == late[1].seq == stream.seq


async def test_who_subscribes_again_gets_a_snapshot_of_now(stream: Stream) -> None:
    listener = Listener()
    await stream.subscribe(listener)
    unsubscribe(stream.topics, stream.channel, listener, "BTC-USDT")
    stream.change("bid", 600_000, 5)
    stream.flush()
    await stream.subscribe(listener)
    frames = listener.take()
    assert [frame["action"] for frame in frames] == ["snapshot", "snapshot"]
    assert frames[1]["data"][0]["bids"] == [["60000", "0.00000005", "0", "1"]]


@pytest.mark.parametrize("others", [0, 1])
async def test_who_subscribes_twice_joins_the_chain_again(stream: Stream, others: int) -> None:
    stream.change("bid", 600_000, 5)
    listener, copy = Listener(), Copy()
    for _ in range(others):
        await stream.subscribe(Listener())
    await stream.subscribe(listener)
    stream.change("bid", 599_990, 1)  # not pushed yet
    await stream.subscribe(listener)
    stream.flush()
    stream.change("bid", 599_980, 1)
    stream.flush()
    frames = listener.take()
    assert [frame["action"] for frame in frames[:2]] == ["snapshot", "snapshot"]
    for frame in frames[1:]:
        copy.take(frame)
    assert sorted(copy.bids) == ["59998", "59999", "60000"]
    assert copy.seq == stream.seq


async def test_levels_beyond_the_window_leave_and_enter_the_copy(markets: Markets) -> None:
    stream = Stream(markets, levels=2)
    for price in (100, 110, 120):
        stream.change("bid", price, 1)
    listener, copy = Listener(), Copy()
    await stream.subscribe(listener)
    stream.change("bid", 130, 1)
    stream.flush()
    stream.change("bid", 130, 0)
    stream.change("bid", 120, 0)
    stream.flush()
    for frame in listener.take():
        copy.take(frame)
    assert list(copy.bids) == ["11", "10"]


async def test_nothing_is_sent_of_a_change_that_was_taken_back_or_lies_beyond_the_levels(
    markets: Markets,
) -> None:
    stream = Stream(markets, levels=1)
    stream.change("bid", 600_000, 5)
    listener, copy = Listener(), Copy()
    await stream.subscribe(listener)
    sent = stream.seq
    stream.change("bid", 600_001, 5)
    stream.change("bid", 600_001, 0)
    stream.change("bid", 599_000, 7)
    stream.flush()
    newcomer = Listener()
    await stream.subscribe(newcomer)
    assert newcomer.take()[0]["data"][0]["seqId"] == sent
    stream.change("bid", 600_002, 1)
    stream.flush()
    frames = listener.take()
    for frame in frames:
        copy.take(frame)
    assert [frame["data"][0]["seqId"] for frame in frames] == [sent, stream.seq]
    assert newcomer.take() == frames[1:]


async def test_after_a_minute_of_silence_an_empty_update_is_sent(stream: Stream) -> None:
    stream.change("bid", 600_000, 5)
    listener, copy = Listener(), Copy()
    await stream.subscribe(listener)
    copy.take(listener.take()[0])
    stream.clock.advance_ms(SILENCE_MS - 1)
    stream.channel.beat()
    assert listener.take() == []
    stream.clock.advance_ms(1)
    stream.channel.beat()
    stream.channel.beat()
    (frame,) = listener.take()
    copy.take(frame)
    row = frame["data"][0]
    assert (row["asks"], row["bids"], row["prevSeqId"]) == ([], [], row["seqId"])


async def test_a_book_that_was_loaded_again_begins_a_new_chain(stream: Stream) -> None:
    stream.change("bid", 600_000, 5)
    listener, copy = Listener(), Copy()
    await stream.subscribe(listener)
    stream.market.book.load(
        read_at=Seq(3), changed_at=Seq(3), time_ms=1, bids=[(599_000, 1, 1)], asks=[]
    )
    stream.channel.restart(stream.market)
    frames = listener.take()
    for frame in frames:
        copy.take(frame)
    assert frames[1]["action"] == "snapshot"
    assert copy.bids == {"59900": "0.00000001"}


async def test_nothing_is_encoded_for_nobody(stream: Stream) -> None:
    listener = Listener()
    await stream.subscribe(listener)
    unsubscribe(stream.topics, stream.channel, listener, "BTC-USDT")
    listener.take()
    stream.change("bid", 600_000, 5)
    stream.flush()
    assert listener.take() == []


@pytest.mark.parametrize("arg", [{}, {"instId": "NO-SUCH"}, {"instId": 7}, {"instId": "btc-usdt"}])
def test_an_unknown_instrument_is_refused(stream: Stream, arg: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as refused:
        stream.channel.key(arg, None)
    assert refused.value.code == "60018"
