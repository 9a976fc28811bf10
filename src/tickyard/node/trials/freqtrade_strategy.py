"""A strategy that buys at once, leaves a stop-loss and sells after a minute: to see a bot work, not to earn."""

from freqtrade.strategy import IStrategy
from pandas import DataFrame


class BuyAndSellAgain(IStrategy):
    """Enters on every candle; after a minute, in which its stop-loss rests, any result is good enough to leave."""

    INTERFACE_VERSION = 3
    timeframe = "1m"
    minimal_roi = {"0": 10, "1": -1}
    stoploss = -0.02
    startup_candle_count = 1
    process_only_new_candles = False
    order_types = {
        "entry": "market",
        "exit": "market",
        "stoploss": "limit",
        "stoploss_on_exchange": True,
    }

    def populate_indicators(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        return dataframe

    def populate_entry_trend(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        dataframe["enter_long"] = 1
        return dataframe

    def populate_exit_trend(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        return dataframe
