from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from tests.support.accounts import (
    CATALOG,
    NOW_MS,
    Desk,
    FixedPrices,
    MemoryCore,
    caller,
)
from tests.support.fields import assert_fields, documented

from tickyard.engine.records import Refusal, Wallet
from tickyard.gateway.route import Access, Request


@pytest.fixture
def core() -> MemoryCore:
    core = MemoryCore(USDT="1000.5", ETH="0")
    core.hold("BTC", "2", hold="0.5", funding="1")
    core.hold("USDC", "0", funding="7")
    return core


@pytest.fixture
def desk(core: MemoryCore) -> Iterator[Desk]:
    opened = Desk(core)
    yield opened
    opened.ledger.close()


async def test_balance_has_every_field_that_okx_documents(desk: Desk) -> None:
    (row,) = await desk.get("account/balance")
    assert_fields(row, documented("account_fields.json", "GET /api/v5/account/balance"))


async def test_balance_tells_what_is_there_free_and_held(desk: Desk) -> None:
    (row,) = await desk.get("account/balance")
    (usdt, btc) = row["details"]
    assert (usdt["ccy"], usdt["cashBal"], usdt["availBal"], usdt["frozenBal"]) == (
        "USDT", "1000.5", "1000.5", "0",
    )  # fmt: skip
    assert (btc["ccy"], btc["eq"], btc["availBal"], btc["ordFrozen"]) == ("BTC", "2", "1.5", "0.5")
    assert {usdt["availEq"], btc["availEq"], row["availEq"]} == {""}
    assert row["uTime"] == btc["uTime"] == str(NOW_MS)


async def test_currencies_with_nothing_in_the_wallet_are_left_out(desk: Desk) -> None:
    (row,) = await desk.get("account/balance")
    assert [detail["ccy"] for detail in row["details"]] == ["USDT", "BTC"]


async def test_worth_is_exact_and_follows_the_last_price(core: MemoryCore) -> None:
    (row,) = await Desk(core, FixedPrices(BTC="64999.999")).get("account/balance")
    assert [detail["eqUsd"] for detail in row["details"]] == ["1000.5", "129999.998"]
    assert row["totalEq"] == row["adjEq"] == "131000.498"
    assert row["details"][1]["coinUsdPrice"] == "64999.999"


async def test_a_wish_for_currencies_leaves_the_totals_alone(desk: Desk) -> None:
    (whole,) = await desk.get("account/balance")
    (row,) = await desk.get("account/balance", ccy="BTC,EOS")
    assert [detail["ccy"] for detail in row["details"]] == ["BTC"]
    assert row["totalEq"] == whole["totalEq"]


async def test_currencies_are_known_and_at_most_twenty(desk: Desk) -> None:
    assert await desk.code("GET", "account/balance", ccy="XYZ") == "51012"
    assert await desk.code("GET", "account/balance", ccy=",".join(["BTC"] * 21)) == "50025"


async def test_config_is_that_of_spot_mode(desk: Desk) -> None:
    (row,) = await desk.get("account/config")
    assert_fields(row, documented("account_fields.json", "GET /api/v5/account/config"))
    assert (row["acctLv"], row["posMode"], row["level"], row["acctStpMode"]) == (
        "1", "net_mode", "Lv1", "cancel_maker",
    )  # fmt: skip
    assert (row["uid"], row["mainUid"], row["label"]) == ("10000000016", "10000000016", "alice")
    assert row["perm"] == "read_only,trade"


async def test_permissions_are_those_of_the_key(desk: Desk) -> None:
    sent = Request(caller=caller(Access.READ), params={}, body=None, received_us=0)
    (row,) = await desk.send("GET", "account/config", sent)
    assert row["perm"] == "read_only"


async def test_fees_are_negative_when_charged(desk: Desk, core: MemoryCore) -> None:
    (row,) = await desk.get("account/trade-fee", instType="SPOT")
    assert_fields(row, documented("account_fields.json", "GET /api/v5/account/trade-fee"))
    assert (row["level"], row["maker"], row["taker"]) == ("Lv1", "-0.0008", "-0.001")
    assert [group["groupId"] for group in row["feeGroup"]] == ["1", "2"]
    core.fee_level = 12
    (row,) = await desk.get("account/trade-fee", instType="SPOT", instId="ETH-BTC")
    assert (row["level"], row["maker"], row["taker"]) == ("VIP8", "0.00005", "-0.0002")
    assert [group["groupId"] for group in row["feeGroup"]] == ["2"]


async def test_fees_of_products_that_do_not_exist_are_none(desk: Desk) -> None:
    assert await desk.get("account/trade-fee", instType="SWAP") == []
    assert await desk.code("GET", "account/trade-fee") == "50014"
    assert await desk.code("GET", "account/trade-fee", instType="SPOT", instId="X-Y") == "51001"


async def test_sizes_are_what_free_money_pays_for(desk: Desk) -> None:
    (row,) = await desk.get("account/max-size", instId="BTC-USDT", tdMode="cash", px="50000")
    assert_fields(row, documented("account_fields.json", "GET /api/v5/account/max-size"))
    assert (row["maxBuy"], row["maxSell"]) == ("0.02001", "1.5")
    (row,) = await desk.get("account/max-size", instId="BTC-USDT", tdMode="cash")
    assert Decimal(row["maxBuy"]) * 65_000 <= Decimal("1000.5")
    assert (Decimal(row["maxBuy"]) + Decimal("0.00000001")) * 65_000 > Decimal("1000.5")
    (row,) = await desk.get("account/max-avail-size", instId="BTC-USDT", tdMode="cash")
    assert_fields(row, documented("account_fields.json", "GET /api/v5/account/max-avail-size"))
    assert (row["availBuy"], row["availSell"]) == ("1000.5", "1.5")


async def test_sizes_of_what_was_never_held_are_zero(desk: Desk) -> None:
    rows = await desk.get("account/max-size", instId="EOS-USDT,ETH-BTC", tdMode="cash")
    assert [row["maxSell"] for row in rows] == ["0", "0"]


async def test_sizes_are_asked_in_cash_for_pairs_that_exist(desk: Desk) -> None:
    for path in ("account/max-size", "account/max-avail-size"):
        assert await desk.code("GET", path, tdMode="cash") == "50014"
        assert await desk.code("GET", path, instId="X-Y", tdMode="cash") == "51001"
        assert await desk.code("GET", path, instId="BTC-USDT", tdMode="margin") == "51000"
        assert await desk.code("GET", path, instId="BTC-USDT", tdMode="cross") == "51010"
        many = ",".join(["BTC-USDT"] * 6)
        assert await desk.code("GET", path, instId=many, tdMode="cash") == "50025"
    sent = {"instId": "BTC-USDT", "tdMode": "cash", "px": "1e5"}
    assert await desk.code("GET", "account/max-size", **sent) == "51000"


async def test_what_is_free_may_leave(desk: Desk) -> None:
    rows = await desk.get("account/max-withdrawal")
    for row in rows:
        assert_fields(row, documented("account_fields.json", "GET /api/v5/account/max-withdrawal"))
    assert [(row["ccy"], row["maxWd"]) for row in rows] == [("USDT", "1000.5"), ("BTC", "1.5")]


async def test_positions_put_nothing_at_risk(desk: Desk) -> None:
    (row,) = await desk.get("account/account-position-risk")
    fields = documented("account_fields.json", "GET /api/v5/account/account-position-risk")
    assert_fields(row, fields)
    assert row["posData"] == []


async def test_currencies_are_closed_for_deposits_and_withdrawals(desk: Desk) -> None:
    rows = await desk.get("asset/currencies")
    assert [row["ccy"] for row in rows] == [asset.symbol for asset in CATALOG.assets]
    for row in rows:
        assert_fields(row, documented("account_fields.json", "GET /api/v5/asset/currencies"))
        assert (row["canDep"], row["canWd"], row["canInternal"]) == (False, False, False)
        assert row["chain"].startswith(row["ccy"] + "-")
    (row,) = await desk.get("asset/currencies", ccy="BTC")
    assert row["chain"] == "BTC-Bitcoin"


async def test_the_funding_wallet_is_apart(desk: Desk) -> None:
    rows = await desk.get("asset/balances")
    assert rows == [
        {"ccy": "USDC", "bal": "7", "frozenBal": "0", "availBal": "7"},
        {"ccy": "BTC", "bal": "1", "frozenBal": "0", "availBal": "1"},
    ]
    assert_fields(rows[0], documented("account_fields.json", "GET /api/v5/asset/balances"))
    assert [row["ccy"] for row in await desk.get("asset/balances", ccy="BTC")] == ["BTC"]


async def test_worth_of_both_wallets_in_any_currency(desk: Desk) -> None:
    (row,) = await desk.get("asset/asset-valuation", ccy="USD")
    assert_fields(row, documented("account_fields.json", "GET /api/v5/asset/asset-valuation"))
    assert row["details"] | {"total": row["totalBal"]} == {
        "funding": "65007", "trading": "131000.5", "classic": "0", "earn": "0", "total": "196007.5",
    }  # fmt: skip
    (row,) = await desk.get("asset/asset-valuation")
    assert row["totalBal"] == "3.0155"


async def test_other_account_modes_are_refused(desk: Desk) -> None:
    assert await desk.code("POST", "account/set-account-level", acctLv="3") == "51010"
    assert await desk.code("POST", "account/set-account-level", acctLv="9") == "51000"
    assert (
        await desk.code("POST", "account/set-position-mode", posMode="long_short_mode") == "51010"
    )


async def test_setting_what_is_set_is_no_change(desk: Desk) -> None:
    assert await desk.post("account/set-account-level", acctLv="1") == [{"acctLv": "1"}]
    assert await desk.post("account/set-position-mode", posMode="net_mode") == [
        {"posMode": "net_mode"}
    ]


def test_every_route_has_a_limit_and_reading_needs_no_more(desk: Desk) -> None:
    for (method, _), route in desk.table.items():
        assert route.limit
        assert route.summary
        if method == "GET":
            assert route.access in (Access.READ, Access.PUBLIC)
        else:
            assert route.access in (Access.TRADE, Access.WITHDRAW)


async def test_a_transfer_moves_money_between_the_wallets(desk: Desk, core: MemoryCore) -> None:
    wish = {"ccy": "USDT", "amt": "1.5", "from": "6", "to": "18", "type": "0", "clientId": "c1"}
    (row,) = await desk.post("asset/transfer", **wish)
    assert_fields(row, documented("account_fields.json", "POST /api/v5/asset/transfer"))
    assert row == {
        "transId": "41", "clientId": "c1", "ccy": "USDT", "from": "6", "amt": "1.5", "to": "18",
    }  # fmt: skip
    (record,) = core.submitted
    assert int.from_bytes(record[32:48], "little") == 15 * 10**17
    assert list(record[52:54]) == [Wallet.FUNDING, Wallet.TRADING]


async def test_the_key_of_a_transfer_is_its_clients_name(desk: Desk, core: MemoryCore) -> None:
    wish = {"ccy": "USDT", "amt": 1, "from": "6", "to": "18"}
    for name in ("c1", "c1", "c2", "", ""):
        await desk.post("asset/transfer", **wish, **({"clientId": name} if name else {}))
    keys = [record[56:72] for record in core.submitted]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 4
    assert all(any(key) for key in keys)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ccy": None}, "50014"),
        ({"amt": None}, "50014"),
        ({"ccy": "XYZ"}, "51012"),
        ({"amt": "0"}, "58114"),
        ({"amt": "-1"}, "58114"),
        ({"amt": "1e3"}, "51000"),
        ({"amt": "0.0000000000000000001"}, "51000"),
        ({"from": "7"}, "51000"),
        ({"to": "6"}, "58123"),
        ({"type": "1", "subAcct": "x"}, "58115"),
        ({"type": "9"}, "51000"),
        ({"clientId": "no spaces"}, "51000"),
    ],
)
async def test_a_transfer_is_well_formed(desk: Desk, change: dict[str, Any], code: str) -> None:
    wish = {"ccy": "USDT", "amt": "1", "from": "6", "to": "18"} | change
    sent = {name: value for name, value in wish.items() if value is not None}
    assert await desk.code("POST", "asset/transfer", **sent) == code
    assert desk.core.submitted == []


async def test_a_transfer_is_covered(desk: Desk, core: MemoryCore) -> None:
    core.refusal = Refusal.INSUFFICIENT_BALANCE
    assert (
        await desk.code("POST", "asset/transfer", ccy="BTC", amt="9", **{"from": "6", "to": "18"})
        == "58350"
    )
    assert (
        await desk.code("POST", "asset/transfer", ccy="BTC", amt="9", **{"from": "18", "to": "6"})
        == "58116"
    )
    core.refusal = Refusal.KEY_REUSED
    assert (
        await desk.code("POST", "asset/transfer", ccy="BTC", amt="9", **{"from": "6", "to": "18"})
        == "51000"
    )
