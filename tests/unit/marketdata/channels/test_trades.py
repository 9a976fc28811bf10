from tests.support.market_events import Listener, subscribe, traded
from tests.support.market_history import btc

from tickyard.gateway.channels import Topics
from tickyard.marketdata.channels.trades import AllTradesChannel, TradesChannel
from tickyard.marketdata.market import Markets
from tickyard.marketdata.tape import Trade

FILLS = [
    Trade.of(traded(1, 600_000, 2, seq=9, ms=5, side="sell")),
    Trade.of(traded(2, 600_000, 3, seq=9, ms=5, side="sell")),
    Trade.of(traded(3, 599_990, 1, seq=9, ms=5, side="sell")),
]


async def test_trades_of_one_taker_at_one_price_are_one_row(markets: Markets) -> None:
    topics, listener = Topics(), Listener()
    channel = TradesChannel("trades", markets, topics)
    await subscribe(topics, channel, listener, "BTC-USDT")
    assert listener.take() == []
    channel.traded(btc(markets), FILLS)
    assert listener.rows() == [
        {
            "instId": "BTC-USDT",
            "tradeId": "2",
            "px": "60000",
            "sz": "0.00000005",
            "side": "sell",
            "ts": "5",
            "count": "2",
            "source": "0",
            "seqId": 9,
        },
        {
            "instId": "BTC-USDT",
            "tradeId": "3",
            "px": "59999",
            "sz": "0.00000001",
            "side": "sell",
            "ts": "5",
            "count": "1",
            "source": "0",
            "seqId": 9,
        },
    ]


async def test_all_trades_come_one_by_one(markets: Markets) -> None:
    topics, listener = Topics(), Listener()
    channel = AllTradesChannel("trades-all", markets, topics)
    await subscribe(topics, channel, listener, "BTC-USDT")
    channel.traded(btc(markets), FILLS)
    rows = listener.rows()
    assert [row["tradeId"] for row in rows] == ["1", "2", "3"]
    assert list(rows[0]) == ["instId", "tradeId", "px", "sz", "side", "source", "ts"]
