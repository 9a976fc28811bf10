"""What python-okx offers, method by method: how it is called, what code must come, and what of the answer must be so."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct
from okx.Account import AccountAPI
from okx.Convert import ConvertAPI
from okx.Funding import FundingAPI
from okx.MarketData import MarketAPI
from okx.PublicData import PublicAPI
from okx.Status import StatusAPI
from okx.SubAccount import SubAccountAPI
from okx.Trade import TradeAPI
from okx.TradingData import TradingDataAPI

PAIR: Final = "AVAX-USDT"
PRICE: Final = "28"
SUB: Final = "pyokx"
MODE, DEMO, NO_PAIR, KIND = "51010", "50038", "51001", "51015"
Check = Callable[[list[Any]], Any]

ORDER: Final = {
    "instId": PAIR,
    "tdMode": "cash",
    "side": "buy",
    "ordType": "limit",
    "sz": "1",
    "px": "27",
}


STOP: Final = {
    "instId": PAIR,
    "tdMode": "cash",
    "side": "sell",
    "ordType": "conditional",
    "sz": "1",
    "slTriggerPx": "20",
    "slOrdPx": "-1",
}


class Call(Struct, frozen=True):
    """One method, called."""

    sent: Mapping[str, Any] = {}
    """Arguments; "@name" stands for something that the stage has made."""
    code: str = "0"
    check: Check = bool
    """What must be true of the rows when the code is "0"."""
    is_empty: bool = False
    """Whether there is nothing to list."""


def nothing(**sent: Any) -> Call:
    """Ask for what there is none of."""
    return Call(sent, check=lambda rows: rows == [], is_empty=True)


def refused(code: str, **sent: Any) -> Call:
    """Ask for what is refused."""
    return Call(sent, code)


def _has(name: str, value: str) -> Check:
    return lambda rows: any(row[name] == value for row in rows)


ACCOUNT: Final[Mapping[str, Call]] = {
    "activate_option": refused(MODE),
    "adjustment_margin": refused(MODE, instId=PAIR, posSide="net", type="add", amt="1"),
    "amend_fix_loan_borrowing_order": refused(DEMO),
    "apply_bills": refused(DEMO, year="2025", quarter="Q1"),
    "borrow_repay": refused(MODE),
    "fix_loan_manual_reborrow": refused(DEMO),
    "get_VIP_interest_accrued_data": nothing(),
    "get_VIP_interest_deducted_data": nothing(),
    "get_VIP_loan_order_detail": nothing(),
    "get_VIP_loan_order_list": nothing(),
    "get_account_balance": Call({"ccy": "USDT"}, check=lambda rows: rows[0]["details"][0]["ccy"] == "USDT"),
    "get_account_bills": Call({"ccy": "AVAX"}, check=_has("subType", "1")),
    "get_account_bills_archive": Call({"type": "1"}, check=_has("subType", "12")),
    "get_account_config": Call(check=_has("acctLv", "1")),
    "get_account_position_risk": refused(MODE),
    "get_account_position_tiers": nothing(instType="SWAP"),
    "get_bill_type": Call(check=_has("type", "2")),
    "get_borrow_repay_history": nothing(),
    "get_fee_rates": Call({"instType": "SPOT"}, check=lambda rows: float(rows[0]["taker"]) < 0),
    "get_fix_loan_borrowing_limit": nothing(),
    "get_fix_loan_borrowing_orders_list": nothing(),
    "get_fix_loan_borrowing_quote": nothing(),
    "get_glp_historical_performance": nothing(program="spot"),
    "get_glp_today_performance": nothing(),
    "get_greeks": nothing(),
    "get_instruments": Call({"instType": "SPOT", "instId": PAIR}, check=_has("instId", PAIR)),
    "get_interest_accrued": nothing(),
    "get_interest_limits": nothing(),
    "get_interest_rate": nothing(),
    "get_leverage": refused(MODE, mgnMode="cross", instId=PAIR),
    "get_max_avail_size": Call({"instId": PAIR, "tdMode": "cash"}, check=lambda rows: float(rows[0]["availBuy"]) > 0),
    "get_max_loan": nothing(instId=PAIR, mgnMode="cross"),
    "get_max_order_size": Call({"instId": PAIR, "tdMode": "cash"}, check=lambda rows: float(rows[0]["maxBuy"]) > 0),
    "get_max_withdrawal": Call({"ccy": "USDT"}, check=lambda rows: float(rows[0]["maxWd"]) > 0),
    "get_position_risk": Call(check=lambda rows: rows[0]["posData"] == []),
    "get_positions": nothing(),
    "get_positions_history": nothing(),
    "get_simulated_margin": refused(MODE),
    "place_fix_loan_borrowing_order": refused(DEMO),
    "position_builder": refused(MODE),
    "precheck_set_delta_neutral": refused(MODE, stgyType="1"),
    "repay_fix_loan_borrowing_order": refused(DEMO),
    "set_account_level": Call({"acctLv": "1"}, check=_has("acctLv", "1")),
    "set_auto_earn": refused(MODE, ccy="USDT", action="turn_on"),
    "set_auto_loan": refused(MODE, autoLoan=True),
    "set_auto_repay": refused(MODE, autoRepay=True),
    "set_greeks": refused(MODE, greeksType="PA"),
    "set_isolated_mode": refused(MODE, isoMode="automatic", type="MARGIN"),
    "set_leverage": refused(MODE, lever="5", mgnMode="cross", instId=PAIR),
    "set_position_mode": Call({"posMode": "net_mode"}, check=_has("posMode", "net_mode")),
    "set_risk_offset_typel": refused(MODE, type="1"),
    "set_trading_config": refused(MODE, type="1"),
    "spot_borrow_repay_history": nothing(),
    "spot_manual_borrow_repay": refused(MODE, ccy="USDT", side="borrow", amt="1"),
}  # fmt: skip

TRADE: Final[Mapping[str, Call]] = {
    "amend_algo_order": Call({"instId": PAIR, "algoId": "@stop", "newSlTriggerPx": "21"}, check=_has("sCode", "0")),
    "amend_multiple_orders": Call({"orders_data": [{"instId": PAIR, "ordId": "@resting", "newSz": "2"}]}, check=_has("sCode", "0")),
    "amend_order": Call({"instId": PAIR, "ordId": "@resting", "newSz": "3"}, check=_has("sCode", "0")),
    "cancel_algo_order": Call({"orders_data": [{"instId": PAIR, "algoId": "@other"}]}, check=_has("sCode", "0")),
    "cancel_multiple_orders": Call({"orders_data": [{"instId": PAIR, "ordId": "@second"}]}, check=_has("sCode", "0")),
    "cancel_order": Call({"instId": PAIR, "ordId": "@third"}, check=_has("sCode", "0")),
    "close_positions": refused(MODE, instId=PAIR, mgnMode="cross"),
    "easy_convert": refused(DEMO, fromCcy=["BTC"], toCcy="USDT"),
    "get_algo_order_details": Call({"algoId": "@stop"}, check=_has("slTriggerPx", "21")),
    "get_easy_convert_currency_list": nothing(),
    "get_easy_convert_history": nothing(),
    "get_fills": Call({"instId": PAIR}, check=_has("ordId", "@filled")),
    "get_fills_history": Call({"instType": "SPOT", "instId": PAIR}, check=_has("ordId", "@filled")),
    "get_oneclick_repay_list": nothing(),
    "get_oneclick_repay_list_v2": nothing(),
    "get_order": Call({"instId": PAIR, "ordId": "@filled"}, check=_has("state", "filled")),
    "get_order_list": Call({"instId": PAIR}, check=_has("ordId", "@resting")),
    "get_orders_history": Call({"instType": "SPOT", "instId": PAIR}, check=_has("ordId", "@filled")),
    "get_orders_history_archive": Call({"instType": "SPOT", "instId": PAIR}, check=_has("ordId", "@filled")),
    "oneclick_repay": refused(MODE, debtCcy=["BTC"], repayCcy="USDT"),
    "oneclick_repay_history": nothing(),
    "oneclick_repay_history_v2": nothing(),
    "oneclick_repay_v2": refused(MODE, debtCcy="BTC", repayCcyList=["USDT"]),
    "order_algos_history": Call({"state": "canceled", "ordType": "conditional"}, check=_has("algoId", "@other")),
    "order_algos_list": Call({"ordType": "conditional"}, check=_has("algoId", "@stop")),
    "place_algo_order": Call(STOP, check=_has("sCode", "0")),
    "place_multiple_orders": Call({"orders_data": [ORDER]}, check=_has("sCode", "0")),
    "place_order": Call(ORDER, check=_has("sCode", "0")),
}  # fmt: skip

FUNDING: Final[Mapping[str, Call]] = {
    "cancel_withdrawal": refused("50120", wdId="1"),
    "convert_dust_assets": refused(DEMO, ccy=["BTC"]),
    "funds_transfer": Call({"ccy": "USDT", "amt": "1", "from_": "18", "to": "6"}, check=_has("amt", "1")),
    "get_asset_valuation": Call(check=lambda rows: float(rows[0]["totalBal"]) > 0),
    "get_balances": Call({"ccy": "USDT"}, check=_has("ccy", "USDT")),
    "get_bills": Call({"ccy": "USDT"}, check=_has("type", "130")),
    "get_currencies": Call({"ccy": "BTC"}, check=_has("ccy", "BTC")),
    "get_deposit_address": nothing(ccy="BTC"),
    "get_deposit_history": nothing(),
    "get_deposit_lightning": refused(DEMO, ccy="BTC", amt="1"),
    "get_deposit_withdraw_status": nothing(),
    "get_non_tradable_assets": nothing(),
    "get_withdrawal_history": nothing(),
    "purchase_redempt": refused(DEMO, ccy="BTC", amt="1", side="purchase", rate="0.01"),
    "transfer_state": Call({"transId": "@moved"}, check=_has("state", "success")),
    "withdrawal": refused("50120", ccy="BTC", amt="1", dest="4", toAddr="x"),
    "withdrawal_lightning": refused("50120", ccy="BTC", invoice="x"),
}  # fmt: skip

SUB_ACCOUNT: Final[Mapping[str, Call]] = {
    "bills": Call({"subAcct": SUB}, check=_has("subAcct", SUB)),
    "get_account_balance": Call({"subAcct": SUB}, check=lambda rows: rows[0]["details"][0]["ccy"] == "USDT"),
    "get_entrust_subaccount_list": nothing(),
    "get_funding_balance": Call({"subAcct": SUB}, check=_has("ccy", "USDT")),
    "get_sub_account_borrow_interest_and_limit": nothing(subAcct=SUB),
    "get_subaccount_list": Call({"subAcct": SUB}, check=_has("subAcct", SUB)),
    "reset_subaccount_apikey": Call(
        {"subAcct": SUB, "apiKey": "@key", "label": "renamed", "perm": "read_only", "ip": ""}, check=_has("label", "renamed"),
    ),
    "set_permission_transfer_out": Call({"subAcct": SUB, "canTransOut": True}, check=lambda rows: rows[0]["canTransOut"] is True),
    "set_sub_accounts_VIP_loan": refused(DEMO, enable=True, alloc=[]),
    "subAccount_transfer": Call(
        {"ccy": "USDT", "amt": "1", "froms": "18", "to": "18", "fromSubAccount": SUB, "toSubAccount": SUB + "2"},
        check=lambda rows: int(rows[0]["transId"]) > 0,
    ),
}  # fmt: skip

MARKET: Final[Mapping[str, Call]] = {
    "get_block_ticker": nothing(instId=PAIR),
    "get_block_tickers": nothing(instType="SPOT"),
    "get_block_trades": nothing(instId=PAIR),
    "get_candlesticks": Call({"instId": PAIR}, check=lambda rows: rows[0][4] == PRICE),
    "get_history_candlesticks": Call({"instId": PAIR, "bar": "1m"}, check=lambda rows: isinstance(rows, list)),
    "get_history_trades": Call({"instId": PAIR}, check=_has("px", PRICE)),
    "get_mark_price_candlesticks": nothing(instId=PAIR),
    "get_option_trades": nothing(instFamily="BTC-USD"),
    "get_order_lite_book": nothing(instId=PAIR),
    "get_orderbook": Call({"instId": PAIR, "sz": "5"}, check=lambda rows: rows[0]["bids"]),
    "get_rpi_orderbook": nothing(instId=PAIR),
    "get_ticker": Call({"instId": PAIR}, check=_has("last", PRICE)),
    "get_tickers": Call({"instType": "SPOT"}, check=_has("instId", PAIR)),
    "get_tier": nothing(instType="SWAP", tdMode="cross"),
    "get_trades": Call({"instId": PAIR}, check=_has("px", PRICE)),
    "get_volume": Call(check=lambda rows: float(rows[0]["volUsd"]) > 0),
}  # fmt: skip

PUBLIC: Final[Mapping[str, Call]] = {
    "discount_interest_free_quota": nothing(),
    "funding_rate_history": refused(NO_PAIR, instId="BTC-USDT-SWAP"),
    "get_announcements": nothing(),
    "get_convert_contract_coin": refused(KIND, type="1", instId=PAIR, sz="1", px="1"),
    "get_delivery_exercise_history": nothing(instType="OPTION", instFamily="BTC-USD"),
    "get_estimated_price": refused(NO_PAIR, instId="BTC-USD-261225"),
    "get_funding_rate": refused(NO_PAIR, instId="BTC-USDT-SWAP"),
    "get_instruments": Call({"instType": "SPOT"}, check=_has("instId", PAIR)),
    "get_insurance_fund": nothing(instType="SWAP"),
    "get_interest_rate_loan_quota": nothing(),
    "get_mark_price": nothing(instType="SWAP"),
    "get_market_data_history": nothing(module="1", instType="SPOT", dateAggrType="daily", begin="1", end="2", instIdList=PAIR),
    "get_open_interest": nothing(instType="SWAP"),
    "get_opt_summary": nothing(instFamily="BTC-USD"),
    "get_option_tickBands": nothing(instType="OPTION"),
    "get_option_trades": nothing(instFamily="BTC-USD"),
    "get_position_tiers": nothing(instType="SWAP", tdMode="cross"),
    "get_price_limit": Call({"instId": PAIR}, check=_has("instId", PAIR)),
    "get_system_time": Call(check=lambda rows: int(rows[0]["ts"]) > 0),
    "get_underlying": Call({"instType": "SWAP"}, check=lambda rows: rows == [[]]),
    "get_vip_interest_rate_loan_quota": nothing(),
}  # fmt: skip

CONVERT: Final[Mapping[str, Call]] = {
    "convert_trade": refused(DEMO),
    "estimate_quote": refused(DEMO),
    "get_convert_history": nothing(),
    "get_currencies": nothing(),
    "get_currency_pair": nothing(fromCcy="BTC", toCcy="USDT"),
}

TRADING_DATA: Final[Mapping[str, Call]] = {
    "get_contracts_interest_volume": nothing(ccy="BTC"),
    "get_interest_volume_expiry": nothing(ccy="BTC"),
    "get_interest_volume_strike": nothing(ccy="BTC", expTime="261225"),
    "get_long_short_ratio": nothing(ccy="BTC"),
    "get_margin_lending_ratio": nothing(ccy="BTC"),
    "get_open_interest_history": refused(NO_PAIR, instId="BTC-USDT-SWAP"),
    "get_options_interest_volume": nothing(ccy="BTC"),
    "get_put_call_ratio": nothing(ccy="BTC"),
    "get_support_coin": nothing(),
    "get_taker_block_volume": nothing(ccy="BTC"),
    "get_taker_volume": nothing(ccy="BTC", instType="SPOT"),
}

STATUS: Final[Mapping[str, Call]] = {"status": nothing()}

MODULES: Final[Mapping[type, Mapping[str, Call]]] = {
    AccountAPI: ACCOUNT,
    TradeAPI: TRADE,
    FundingAPI: FUNDING,
    SubAccountAPI: SUB_ACCOUNT,
    MarketAPI: MARKET,
    PublicAPI: PUBLIC,
    ConvertAPI: CONVERT,
    TradingDataAPI: TRADING_DATA,
    StatusAPI: STATUS,
}

ELSEWHERE: Final[Mapping[type, frozenset[str]]] = {
    MarketAPI: frozenset(
        {"get_exchange_rate", "get_index_candlesticks", "get_index_components", "get_index_tickers"}
    ),
}  # fmt: skip
"""Index prices, which have tests of their own."""
PUBLIC_ONLY: Final = frozenset({MarketAPI, PublicAPI, StatusAPI, TradingDataAPI})
"""Modules whose constructors take no key first."""
