import pytest
from tests.support.market_events import Listener, level, live, subscribe
from tests.support.market_history import btc

from tickyard.gateway.channels import Topics
from tickyard.marketdata.channels.top import TopChannel
from tickyard.marketdata.market import Market, Markets


class Top:
    def __init__(self, markets: Markets, levels: int) -> None:
        self.markets = markets
        self.market: Market = btc(markets)
        self.topics = Topics()
        self.channel = TopChannel(
            "books5", levels=levels, period_ms=100, markets=markets, topics=self.topics
        )
        self.listener = Listener()

    def change(self, seq: int, side: str, price: int, size: int) -> None:
        live(self.markets.view, level(seq, side, price, size, ms=seq))
        self.channel.cadence.mark(self.market)
        self.channel.cadence.flush()


@pytest.mark.parametrize("levels", [1, 5])
async def test_every_frame_is_whole_and_names_its_instrument(markets: Markets, levels: int) -> None:
    top = Top(markets, levels)
    for seq in range(1, 8):
        top.change(seq, "bid", 600_000 - seq, 5)
    await subscribe(top.topics, top.channel, top.listener, "BTC-USDT")
    top.change(8, "ask", 600_100, 5)
    first, second = top.listener.take()
    assert "action" not in first
    assert set(first["data"][0]) == {"asks", "bids", "instId", "ts", "seqId"}
    assert first["data"][0]["instId"] == "BTC-USDT"
    assert len(second["data"][0]["bids"]) == levels
    assert second["data"][0]["asks"] == [["60010", "0.00000005", "0", "1"]]
    assert (second["data"][0]["seqId"], second["data"][0]["ts"]) == (8, "8")


async def test_changes_below_the_top_are_not_sent(markets: Markets) -> None:
    top = Top(markets, 1)
    top.change(1, "bid", 600_000, 5)
    await subscribe(top.topics, top.channel, top.listener, "BTC-USDT")
    top.change(2, "bid", 600_001, 5)
    top.listener.take()
    top.change(3, "bid", 599_000, 5)
    assert top.listener.take() == []
    top.change(4, "bid", 600_001, 4)
    assert [row["seqId"] for row in top.listener.rows()] == [4]
