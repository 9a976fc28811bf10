"""A sub-account's whole life by unmodified clients: opened, given a key and money, traded on, and paid back."""

from decimal import Decimal
from typing import Any

import ccxt
import pytest
from okx.Funding import FundingAPI
from okx.SubAccount import SubAccountAPI
from tests.support.exchange import Exchange

# python-okx leaves its HTTP/2 client to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


def balance(client: Any, name: str, currency: str, wallet: str = "trading") -> Decimal:
    path = "Account" if wallet == "trading" else "Asset"
    answer = getattr(client, f"privateGet{path}SubaccountBalances")({"subAcct": name})["data"]
    rows = answer[0]["details"] if wallet == "trading" else answer
    return next((Decimal(row["availBal"]) for row in rows if row["ccy"] == currency), Decimal(0))


def test_a_sub_account_is_opened_funded_traded_on_and_paid_back(exchange: Exchange) -> None:
    alice = exchange.ccxt("alice")
    opened = alice.privatePostUsersSubaccountCreateSubaccount({"subAcct": "grid1", "type": "1"})
    assert opened["data"][0]["subAcct"] == "grid1"
    made = alice.privatePostUsersSubaccountApikey(
        {"subAcct": "grid1", "label": "bot", "passphrase": "open-sesame", "perm": "trade"}
    )["data"][0]
    config = exchange.ccxt_config() | {
        "apiKey": made["apiKey"],
        "secret": made["secretKey"],
        "password": "open-sesame",
    }
    bot = ccxt.okx(config)
    assert bot.privateGetAccountConfig()["data"][0]["mainUid"] != opened["data"][0]["uid"]
    assert bot.privateGetAccountConfig()["data"][0]["uid"] == opened["data"][0]["uid"]

    given = alice.privatePostAssetTransfer(
        {"ccy": "USDT", "amt": "500", "from": "18", "to": "18", "type": "1", "subAcct": "grid1"}
    )["data"][0]
    assert balance(alice, "grid1", "USDT") == 500
    order = bot.create_order("BTC/USDT", "limit", "buy", 0.001, 50_000)
    assert balance(alice, "grid1", "USDT") == 450
    bot.cancel_order(order["id"], "BTC/USDT")

    bot.privatePostAssetTransfer(
        {"ccy": "USDT", "amt": "100", "from": "18", "to": "6", "type": "3", "clientId": "back1"}
    )
    state = bot.privateGetAssetTransferState({"clientId": "back1"})["data"][0]
    assert (state["type"], state["state"], state["amt"]) == ("3", "success", "100")
    (line,) = bot.privateGetAccountBills({"type": "1", "subType": "12"})["data"]
    assert (line["sz"], line["balChg"], line["bal"]) == ("-100", "-100", "400")
    with pytest.raises(ccxt.ExchangeError, match="58116"):
        bot.privatePostAssetTransfer(
            {"ccy": "USDT", "amt": "1000", "from": "18", "to": "6", "type": "3"}
        )

    domain, key = exchange.status()["http"], exchange.key("alice")
    login = (key["apiKey"], key["secretKey"], key["passphrase"])
    owner = SubAccountAPI(*login, flag="0", domain=domain)
    funding = FundingAPI(*login, flag="0", domain=domain)
    listed = owner.get_subaccount_list(subAcct="grid1")["data"]
    assert [row["subAcct"] for row in listed] == ["grid1"]
    found = owner.bills(subAcct="grid1")["data"]
    assert [(row["type"], row["amt"]) for row in found] == [("1", "100"), ("0", "500")]
    assert owner.get_account_balance(subAcct="grid1")["data"][0]["details"][0]["ccy"] == "USDT"
    assert owner.set_permission_transfer_out(subAcct="grid1", canTransOut=False)["code"] == "0"
    state = funding.transfer_state(given["transId"])["data"][0]
    assert (state["type"], state["subAcct"]) == ("1", "grid1")
    with pytest.raises(ccxt.ExchangeError, match="58119"):
        bot.privatePostAssetTransfer(
            {"ccy": "USDT", "amt": "1", "from": "18", "to": "6", "type": "3"}
        )

    changed = owner.reset_subaccount_apikey("grid1", made["apiKey"], "watch", "read_only", "")
    assert changed["data"][0]["perm"] == "read_only"
    with pytest.raises(ccxt.ExchangeError, match="50120"):
        bot.create_order("BTC/USDT", "limit", "buy", 0.001, 50_000)
    alice.privatePostUsersSubaccountDeleteApikey({"subAcct": "grid1", "apiKey": made["apiKey"]})
    with pytest.raises(ccxt.ExchangeError, match="50119"):
        bot.privateGetAccountConfig()
