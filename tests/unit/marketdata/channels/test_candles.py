import pytest
from tests.support.market_events import Listener, subscribe, traded, unsubscribe
from tests.support.market_history import MarketDatabase, btc

from tickyard.base.clock import DAY_MS, MINUTE_MS, ManualClock
from tickyard.gateway.channels import Topics
from tickyard.marketdata import wire
from tickyard.marketdata.channels.candles import CandleChannel
from tickyard.marketdata.market import Markets
from tickyard.marketdata.tape import Trade

START_MS = 20_000 * DAY_MS


class Candles:
    """The one-minute candles of BTC-USDT, a minute of which begins now."""

    def __init__(self, markets: Markets, database: MarketDatabase) -> None:
        self.market = btc(markets)
        self.topics = Topics()
        self.clock = ManualClock(START_MS * 1_000_000)
        self.store = database.reader()
        self.channel = CandleChannel(
            "candle1m",
            wire.BARS["1m"],
            markets=markets,
            topics=self.topics,
            history=self.store,
            clock=self.clock,
        )
        self.listener = Listener()
        self.count = 0

    def trade(self, price: int, size: int = 1) -> None:
        self.count += 1
        trade = Trade.of(traded(self.count, price, size, ms=self.clock.now_ms()))
        self.market.trade(trade)
        self.channel.traded(self.market, [trade])

    async def subscribe(self, listener: Listener | None = None) -> None:
        await subscribe(self.topics, self.channel, listener or self.listener, "BTC-USDT")

    async def push(self) -> list[tuple[int, str, str, str]]:
        """Minute, close, volume in lots, confirm."""
        await self.channel.push()
        return self.rows()

    def rows(self) -> list[tuple[int, str, str, str]]:
        return [
            ((int(row[0]) - START_MS) // MINUTE_MS, row[4], row[5][-1], row[8])
            for row in self.listener.rows()
        ]


@pytest.fixture
def candles(markets: Markets, database: MarketDatabase) -> Candles:
    return Candles(markets, database)


async def test_the_current_candle_comes_at_once(candles: Candles) -> None:
    candles.trade(600_000, 3)
    await candles.subscribe()
    (frame,) = candles.listener.take()
    assert frame["arg"]["channel"] == "candle1m"
    amount = "0.0018"
    assert frame["data"] == [
        [str(START_MS), "60000", "60000", "60000", "60000", "0.00000003", amount, amount, "0"]
    ]


async def test_it_is_sent_when_it_has_changed_and_once_more_when_it_is_final(
    candles: Candles,
) -> None:
    candles.trade(600_000, 3)
    await candles.subscribe()
    candles.rows()
    assert await candles.push() == []
    candles.trade(600_010, 1)
    candles.trade(600_020, 1)
    assert await candles.push() == [(0, "60002", "5", "0")]
    candles.clock.advance_ms(MINUTE_MS + 500)
    assert await candles.push() == [(0, "60002", "5", "1"), (1, "60002", "0", "0")]
    assert await candles.push() == []


async def test_a_trade_of_the_next_minute_closes_the_one_before(candles: Candles) -> None:
    candles.trade(600_000, 3)
    await candles.subscribe()
    candles.rows()
    candles.clock.advance_ms(MINUTE_MS)
    candles.trade(600_010, 1)
    assert await candles.push() == [(0, "60000", "3", "1"), (1, "60001", "1", "0")]


async def test_minutes_without_trades_are_closed_too(candles: Candles) -> None:
    candles.trade(600_000, 3)
    await candles.subscribe()
    candles.rows()
    candles.clock.advance_ms(3 * MINUTE_MS + 500)
    closed = [(minute, confirm) for minute, _, _, confirm in await candles.push()]
    assert closed == [(0, "1"), (1, "1"), (2, "1"), (3, "0")]


async def test_before_the_first_trade_nothing_is_sent(candles: Candles) -> None:
    await candles.subscribe()
    candles.clock.advance_ms(2 * MINUTE_MS)
    assert await candles.push() == []
    candles.trade(600_000, 3)
    assert await candles.push() == [(2, "60000", "3", "0")]


async def test_after_everybody_left_the_candle_is_looked_up_again(candles: Candles) -> None:
    candles.trade(600_000, 3)
    await candles.subscribe()
    unsubscribe(candles.topics, candles.channel, candles.listener, "BTC-USDT")
    await candles.push()
    candles.trade(600_010, 1)
    candles.listener.take()
    await candles.subscribe()
    assert candles.rows() == [(0, "60001", "4", "0")]


async def test_the_candle_is_looked_up_again_when_trades_were_loaded_again(
    candles: Candles,
) -> None:
    await candles.subscribe()
    candles.market.trade(Trade.of(traded(1, 600_000, 3, ms=START_MS)))
    candles.channel.restart(candles.market)
    await candles.push()
    candles.count = 1
    candles.trade(600_010, 1)
    assert await candles.push() == [(0, "60001", "4", "0")]
