from decimal import Decimal

from tests.support.market_events import traded
from tests.support.market_history import catalog

from tickyard.marketdata.market import Markets
from tickyard.marketdata.prices import Prices
from tickyard.marketdata.tape import Trade


def trade(markets: Markets, symbol: str, price: str) -> None:
    market = markets.by_symbol(symbol)
    assert market is not None
    ticks = market.instrument.price_to_ticks(price)
    market.trade(Trade.of(traded(1, ticks, 1, instrument=market.instrument.instrument)))


def test_before_the_first_trade_the_reference_price_stands(markets: Markets) -> None:
    prices = Prices(catalog(), markets)
    btc = catalog().by_symbol("BTC-USDT")
    assert btc is not None
    assert prices.last_price("BTC-USDT") == btc.reference_price
    assert prices.last_price("NO-SUCH") is None
    assert prices.usd_price("BTC") == btc.base.reference_usd


def test_dollar_values_follow_the_last_trade(markets: Markets) -> None:
    prices = Prices(catalog(), markets)
    trade(markets, "BTC-USDT", "70000.1")
    assert prices.last_price("BTC-USDT") == Decimal("70000.1")
    assert prices.usd_price("BTC") == Decimal("70000.1")


def test_an_asset_is_valued_through_the_coin_it_trades_against(markets: Markets) -> None:
    prices = Prices(catalog(), markets)
    trade(markets, "BTC-USDT", "70000")
    trade(markets, "ETH-BTC", "0.05")
    assert prices.usd_price("ETH") == Decimal(3500)


def test_stablecoins_are_a_dollar_and_unknown_assets_nothing(markets: Markets) -> None:
    prices = Prices(catalog(), markets)
    trade(markets, "USDC-USDT", "0.9")
    assert prices.usd_price("USDT") == prices.usd_price("USDC") == prices.usd_price("USD") == 1
    assert prices.usd_price("NOSUCH") == 0
