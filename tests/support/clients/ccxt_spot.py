"""What ccxt claims for OKX, method by method: a call with its effect, or why there is none in spot."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

import ccxt
import pytest
from msgspec import Struct

SYMBOL: Final = "LINK/USDT"
PRICE: Final = 14.0
"""Where both sides trade; nothing else is in this book."""
Act = Callable[["Stage"], None]


class Stage:
    """Two traders, and an order of each that has met the other's."""

    def __init__(self, alice: Any, bob: Any) -> None:
        self.alice, self.bob = alice, bob
        alice.load_markets()
        bob.load_markets()
        self.sold = alice.create_order(SYMBOL, "limit", "sell", 2, PRICE)
        self.bought = bob.create_order(SYMBOL, "limit", "buy", 1, PRICE)
        self.alice.cancel_order(self.sold["id"], SYMBOL)
        self.moved = alice.transfer("USDT", 3, "trading", "funding")

    def resting(self, **params: Any) -> dict[str, Any]:
        """Place an order that rests."""
        order: dict[str, Any] = self.alice.create_order(SYMBOL, "limit", "buy", 1, 13, params)
        return order

    def state(self, order: Mapping[str, Any]) -> str:
        return str(self.alice.fetch_order(order["id"], SYMBOL)["status"])

    def free(self, who: Any, currency: str) -> Decimal:
        return Decimal(str(who.fetch_balance()[currency]["free"]))


def _cancel_order(on: Stage) -> None:
    order = on.resting()
    on.alice.cancel_order(order["id"], SYMBOL)
    assert on.state(order) == "canceled"


def _cancel_orders(on: Stage) -> None:
    orders = [on.resting() for _ in range(2)]
    on.alice.cancel_orders([order["id"] for order in orders], SYMBOL)
    assert {on.state(order) for order in orders} == {"canceled"}


def _cancel_for_symbols(on: Stage) -> None:
    order = on.resting()
    on.alice.cancel_orders_for_symbols([{"id": order["id"], "symbol": SYMBOL}])
    assert on.state(order) == "canceled"


def _cancel_after(on: Stage) -> None:
    armed = on.alice.cancel_all_orders_after(60_000)
    assert int(armed["data"][0]["triggerTime"]) > 0
    assert on.alice.cancel_all_orders_after(0)["data"][0]["triggerTime"] == "0"


def _create_order(on: Stage) -> None:
    order = on.resting(clientOrderId="surface1")
    found = on.alice.fetch_order(order["id"], SYMBOL)
    assert (found["status"], found["price"], found["amount"]) == ("open", 13, 1)
    assert found["clientOrderId"] == "surface1"
    on.alice.cancel_order(order["id"], SYMBOL)


def _create_limit(on: Stage) -> None:
    order = on.alice.create_limit_order(SYMBOL, "buy", 1, 13)
    assert on.state(order) == "open"
    on.alice.cancel_order(order["id"], SYMBOL)


def _create_orders(on: Stage) -> None:
    wanted = {"symbol": SYMBOL, "type": "limit", "side": "buy", "amount": 1}
    orders = on.alice.create_orders([{**wanted, "price": 13}, {**wanted, "price": 12.9}])
    assert {order["id"] for order in on.alice.fetch_open_orders(SYMBOL)} == {
        o["id"] for o in orders
    }
    on.alice.cancel_orders([order["id"] for order in orders], SYMBOL)


def _post_only(on: Stage) -> None:
    order = on.alice.create_post_only_order(SYMBOL, "limit", "buy", 1, 13)
    assert on.alice.fetch_order(order["id"], SYMBOL)["postOnly"]
    on.alice.cancel_order(order["id"], SYMBOL)


def _market(on: Stage) -> None:
    maker = on.bob.create_order(SYMBOL, "limit", "sell", 1, PRICE)
    taken = on.alice.create_market_order(SYMBOL, "buy", 1)
    assert on.state(taken) == "closed"
    assert on.bob.fetch_order(maker["id"], SYMBOL)["filled"] == 1


def _market_by_cost(on: Stage) -> None:
    on.bob.create_order(SYMBOL, "limit", "sell", 1, PRICE)
    before = on.free(on.alice, "USDT")
    on.alice.create_market_buy_order_with_cost(SYMBOL, PRICE)
    assert before - on.free(on.alice, "USDT") == Decimal(str(PRICE))


def _market_sell_by_cost(on: Stage) -> None:
    maker = on.bob.create_order(SYMBOL, "limit", "buy", 1, PRICE)
    on.alice.create_market_sell_order_with_cost(SYMBOL, PRICE)
    assert on.bob.fetch_order(maker["id"], SYMBOL)["filled"] == 1


def _edit_order(on: Stage) -> None:
    order = on.resting()
    on.alice.edit_order(order["id"], SYMBOL, "limit", "buy", 2, 12.5)
    found = on.alice.fetch_order(order["id"], SYMBOL)
    assert (found["amount"], found["price"]) == (2, 12.5)
    on.alice.cancel_order(order["id"], SYMBOL)


def _edit_orders(on: Stage) -> None:
    order = on.resting()
    change = {"id": order["id"], "symbol": SYMBOL, "type": "limit", "side": "buy"}
    on.alice.edit_orders([{**change, "amount": 2, "price": 12.5}])
    found = on.alice.fetch_order(order["id"], SYMBOL)
    assert (found["amount"], found["price"]) == (2, 12.5)
    on.alice.cancel_order(order["id"], SYMBOL)


def _accounts(on: Stage) -> None:
    (account,) = on.alice.fetch_accounts()
    assert account["id"] == on.alice.privateGetAccountConfig()["data"][0]["uid"]


def _balance(on: Stage) -> None:
    trading, funding = on.alice.fetch_balance(), on.alice.fetch_balance({"type": "funding"})
    assert trading["USDT"]["total"] > 0
    assert funding["USDT"]["total"] >= 3


def _open_orders(on: Stage) -> None:
    order = on.resting()
    assert order["id"] in {row["id"] for row in on.alice.fetch_open_orders(SYMBOL)}
    on.alice.cancel_order(order["id"], SYMBOL)
    assert order["id"] not in {row["id"] for row in on.alice.fetch_open_orders(SYMBOL)}


def _in(rows: list[dict[str, Any]], id_: str) -> None:
    assert id_ in {row["id"] for row in rows}


def _ledger(on: Stage) -> None:
    rows = on.bob.fetch_ledger("LINK")
    assert on.bought["id"] in {row["info"]["ordId"] for row in rows}


def _book(on: Stage, fetch: str) -> None:
    order = on.resting()
    assert getattr(on.alice, fetch)(SYMBOL)["bids"][0][:2] == [13, 1]
    on.alice.cancel_order(order["id"], SYMBOL)


def _fee(on: Stage) -> None:
    fee = on.alice.fetch_trading_fee(SYMBOL)
    told = on.alice.privateGetAccountTradeFee({"instType": "SPOT"})["data"][0]
    assert (fee["maker"], fee["taker"]) == (-float(told["maker"]), -float(told["taker"]))


def _transfer(on: Stage) -> None:
    before = on.free(on.alice, "USDT")
    on.alice.transfer("USDT", 1, "funding", "trading")
    assert on.free(on.alice, "USDT") - before == 1


def _fetch_transfer(on: Stage) -> None:
    found = on.alice.fetch_transfer(on.moved["id"], "USDT")
    assert (found["amount"], found["fromAccount"], found["toAccount"]) == (3, "trading", "funding")


def _transfers(on: Stage) -> None:
    assert any(row["amount"] in (3, -3) for row in on.alice.fetch_transfers("USDT"))


def _currencies(on: Stage, fetch: str) -> None:
    if fetch == "fetch_currencies":
        assert {"BTC", "USDT"} <= set(on.alice.fetch_currencies())
    else:
        assert "USDT" in on.alice.fetch_deposit_withdraw_fees()


def _none(method: str, *arguments: Any) -> Act:
    def act(on: Stage) -> None:
        assert not getattr(on.alice, method)(*arguments)

    return act


class Refused(Struct, frozen=True):
    """A call that is refused with a code, and changes nothing."""

    code: str
    method: str
    arguments: tuple[Any, ...]

    def __call__(self, on: Stage) -> None:
        before = on.alice.privateGetAccountBalance()["data"][0]["details"]
        with pytest.raises(ccxt.BaseError, match=self.code):
            getattr(on.alice, self.method)(*self.arguments)
        after = on.alice.privateGetAccountBalance()["data"][0]["details"]
        assert [row["cashBal"] for row in after] == [row["cashBal"] for row in before]


def _refused(code: str, method: str, *arguments: Any) -> Refused:
    return Refused(code, method, arguments)


def _true(check: Callable[[Stage], Any]) -> Act:
    def act(on: Stage) -> None:
        assert check(on)

    return act


WORKS: Final[Mapping[str, Act]] = {
    "cancelAllOrdersAfter": _cancel_after,
    "cancelOrder": _cancel_order,
    "cancelOrders": _cancel_orders,
    "cancelOrdersForSymbols": _cancel_for_symbols,
    "createLimitOrder": _create_limit,
    "createMarketBuyOrderWithCost": _market_by_cost,
    "createMarketOrder": _market,
    "createMarketSellOrderWithCost": _market_sell_by_cost,
    "createOrder": _create_order,
    "createOrders": _create_orders,
    "createPostOnlyOrder": _post_only,
    "editOrder": _edit_order,
    "editOrders": _edit_orders,
    "fetchAccounts": _accounts,
    "fetchBalance": _balance,
    "fetchCanceledOrders": lambda on: _in(on.alice.fetch_canceled_orders(SYMBOL), on.sold["id"]),
    "fetchClosedOrders": lambda on: _in(on.bob.fetch_closed_orders(SYMBOL), on.bought["id"]),
    "fetchCurrencies": lambda on: _currencies(on, "fetch_currencies"),
    "fetchDepositWithdrawFee": _true(lambda on: on.alice.fetch_deposit_withdraw_fee("USDT")),
    "fetchDepositWithdrawFees": lambda on: _currencies(on, "fetch_deposit_withdraw_fees"),
    "fetchL2OrderBook": lambda on: _book(on, "fetch_l2_order_book"),
    "fetchLedger": _ledger,
    "fetchMarkets": _true(lambda on: len(on.alice.fetch_markets()) >= 20),
    "fetchMyTrades": _true(
        lambda on: on.bought["id"] in {row["order"] for row in on.bob.fetch_my_trades(SYMBOL)}
    ),
    "fetchOHLCV": _true(lambda on: on.alice.fetch_ohlcv(SYMBOL, "1m")[-1][4] == PRICE),
    "fetchOpenOrders": _open_orders,
    "fetchOrder": _true(lambda on: on.state(on.sold) == "canceled"),
    "fetchOrderBook": lambda on: _book(on, "fetch_order_book"),
    "fetchOrderTrades": _true(
        lambda on: [t["amount"] for t in on.bob.fetch_order_trades(on.bought["id"], SYMBOL)] == [1]
    ),
    "fetchStatus": _true(lambda on: on.alice.fetch_status()["status"] == "ok"),
    "fetchTicker": _true(lambda on: on.alice.fetch_ticker(SYMBOL)["last"] == PRICE),
    "fetchTickers": _true(lambda on: SYMBOL in on.alice.fetch_tickers()),
    "fetchTime": _true(lambda on: on.alice.fetch_time() > 0),
    "fetchTrades": _true(lambda on: on.alice.fetch_trades(SYMBOL)[-1]["price"] == PRICE),
    "fetchTradingFee": _fee,
    "fetchTransfer": _fetch_transfer,
    "fetchTransfers": _transfers,
    "transfer": _transfer,
}
"""Methods that do what they say."""

EMPTY: Final[Mapping[str, Act]] = {
    "fetchBorrowInterest": _none("fetch_borrow_interest", "USDT"),
    "fetchConvertCurrencies": _none("fetch_convert_currencies"),
    "fetchConvertTradeHistory": _none("fetch_convert_trade_history", "USDT"),
    "fetchDeposits": _none("fetch_deposits", "USDT"),
    "fetchPositions": _none("fetch_positions"),
    "fetchPositionsHistory": _none("fetch_positions_history"),
    "fetchWithdrawals": _none("fetch_withdrawals", "USDT"),
    "fetchMarginAdjustmentHistory": _none("fetch_margin_adjustment_history", None, "add"),
}
"""Methods that list what there is none of."""

REFUSED: Final[Mapping[str, Refused]] = {
    "borrowCrossMargin": _refused("51010", "borrow_cross_margin", "USDT", 1),
    "closePosition": _refused("51010", "close_position", SYMBOL),
    "createConvertTrade": _refused("50038", "create_convert_trade", "1", "USDT", "BTC", 1),
    "fetchConvertQuote": _refused("50038", "fetch_convert_quote", "USDT", "BTC", 1),
    "fetchLeverage": _refused("51010", "fetch_leverage", SYMBOL, {"marginMode": "cross"}),
    "repayCrossMargin": _refused("51010", "repay_cross_margin", "USDT", 1, {"id": "1"}),
    "setLeverage": _refused("51010", "set_leverage", 5, SYMBOL, {"mgnMode": "cross"}),
    "setMarginMode": _refused("51010", "set_margin_mode", "cross", SYMBOL, {"lever": 5}),
    "setPositionMode": _refused("51010", "set_position_mode", True),  # noqa: FBT003  # as ccxt takes it
    "withdraw": _refused(
        "50120", "withdraw", "USDT", 1, "T123", {"chain": "USDT-TRC20", "fee": "1"}
    ),
}
"""Methods that are refused as OKX refuses them in spot mode, or in demo trading, and change nothing."""

NOT_SPOT: Final = frozenset(
    {
        "addMargin", "createReduceOnlyOrder", "fetchAllGreeks", "fetchBorrowRateHistories",
        "fetchBorrowRateHistory", "fetchConvertTrade", "fetchCrossBorrowRate", "fetchCrossBorrowRates",
        "fetchDeposit", "fetchDepositAddress", "fetchDepositAddressesByNetwork", "fetchFundingHistory",
        "fetchFundingInterval", "fetchFundingRate", "fetchFundingRateHistory", "fetchFundingRates",
        "fetchGreeks", "fetchLongShortRatioHistory", "fetchMarkOHLCV", "fetchMarkPrice", "fetchMarkPrices",
        "fetchMarketLeverageTiers", "fetchMySettlementHistory", "fetchOpenInterest", "fetchOpenInterestHistory",
        "fetchOpenInterests", "fetchOption", "fetchOptionChain", "fetchPosition", "fetchPositionHistory",
        "fetchPositionMode", "fetchPositionsForSymbol", "fetchSettlementHistory", "fetchUnderlyingAssets",
        "fetchWithdrawal", "reduceMargin", "fetchCurrenciesWs",
    }
)  # fmt: skip
"""Methods for products or rails that there are not: their arguments name nothing that exists here."""

ELSEWHERE: Final = frozenset({"fetchIndexOHLCV"})
"""Index candles, which have tests of their own."""
