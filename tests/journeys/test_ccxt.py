"""ccxt as it comes from the registry trades spot, and every balance is right to the last digit."""

from decimal import Decimal

import ccxt
import pytest
from tests.support.exchange import Exchange
from tests.support.money import balances, change, fee_rates


def test_place_partly_fill_amend_cancel_and_read_history(exchange: Exchange) -> None:
    alice, bob = exchange.ccxt("alice"), exchange.ccxt("bob")
    markets = alice.load_markets()
    assert markets["BTC/USDT"]["active"]
    assert not any(market["contract"] for market in markets.values())
    alice_before, bob_before = balances(alice), balances(bob)
    alice_fees, bob_fees = fee_rates(alice), fee_rates(bob)

    placed = alice.create_order("BTC/USDT", "limit", "sell", 0.5, 70000)
    assert balances(alice)["BTC"][1] == Decimal("0.5")

    taken = bob.create_order("BTC/USDT", "limit", "buy", 0.2, 70010)
    order = alice.fetch_order(placed["id"], "BTC/USDT")
    assert (order["status"], order["filled"], order["remaining"]) == ("open", 0.2, 0.3)
    assert order["info"]["state"] == "partially_filled"
    assert order["info"]["avgPx"] == "70000"
    assert bob.fetch_order(taken["id"], "BTC/USDT")["status"] == "closed"

    alice.edit_order(placed["id"], "BTC/USDT", "limit", "sell", 0.4, 70100)
    (open_order,) = alice.fetch_open_orders("BTC/USDT")
    assert (open_order["id"], open_order["price"], open_order["amount"]) == (
        placed["id"],
        70100,
        0.4,
    )
    assert balances(alice)["BTC"][1] == Decimal("0.2")

    alice.cancel_order(placed["id"], "BTC/USDT")
    assert alice.fetch_open_orders("BTC/USDT") == []
    canceled = alice.fetch_order(placed["id"], "BTC/USDT")
    assert (canceled["status"], canceled["filled"]) == ("canceled", 0.2)
    assert canceled["info"]["cancelSource"] == "1"
    assert placed["id"] in {row["id"] for row in alice.fetch_canceled_orders("BTC/USDT")}
    assert taken["id"] in {row["id"] for row in bob.fetch_closed_orders("BTC/USDT")}

    value, size = Decimal(14000), Decimal("0.2")
    assert change(alice_before, balances(alice)) == {
        "BTC": -size,
        "USDT": value - value * alice_fees[0],
    }
    assert change(bob_before, balances(bob)) == {"BTC": size - size * bob_fees[1], "USDT": -value}
    assert balances(alice)["BTC"][1] == 0

    (fill,) = alice.fetch_order_trades(placed["id"], "BTC/USDT")
    assert (fill["takerOrMaker"], fill["amount"], fill["price"]) == ("maker", 0.2, 70000)
    assert Decimal(fill["info"]["fee"]) == -value * alice_fees[0]
    assert fill["info"]["feeCcy"] == "USDT"
    (bill, *_) = [row for row in bob.fetch_ledger("BTC") if row["info"]["ordId"] == taken["id"]]
    assert Decimal(bill["info"]["balChg"]) == size - size * bob_fees[1]
    assert Decimal(bill["info"]["bal"]) == balances(bob)["BTC"][0]


def test_market_orders_by_amount_and_by_cost(exchange: Exchange) -> None:
    maker, taker = exchange.ccxt("mm1"), exchange.ccxt("bob")
    maker.load_markets()
    maker.create_order("ETH/USDT", "limit", "sell", 1, 3000)
    maker.create_order("ETH/USDT", "limit", "sell", 1, 3001)
    rate = fee_rates(taker)[1]

    before = balances(taker)
    taker.create_order("ETH/USDT", "market", "buy", 1.5)
    spent, bought = Decimal("4500.5"), Decimal("1.5")
    assert change(before, balances(taker)) == {"ETH": bought - bought * rate, "USDT": -spent}

    before = balances(taker)
    taker.create_market_buy_order_with_cost("ETH/USDT", 300.1)
    moved = change(before, balances(taker))
    assert moved == {"ETH": Decimal("0.1") * (1 - rate), "USDT": Decimal("-300.1")}
    for order in maker.fetch_open_orders("ETH/USDT"):
        maker.cancel_order(order["id"], "ETH/USDT")


def test_post_only_fok_and_ioc_end_as_on_okx(exchange: Exchange) -> None:
    maker, taker = exchange.ccxt("mm1"), exchange.ccxt("alice")
    resting = maker.create_order("STX/USDT", "limit", "sell", 100, 2)

    crossing = taker.create_order("STX/USDT", "limit", "buy", 10, 2.1, {"postOnly": True})
    killed = taker.create_order("STX/USDT", "limit", "buy", 200, 2.1, {"timeInForce": "FOK"})
    partly = taker.create_order("STX/USDT", "limit", "buy", 150, 2, {"timeInForce": "IOC"})

    ends = [
        taker.fetch_order(order["id"], "STX/USDT")["info"] for order in (crossing, killed, partly)
    ]
    assert [(end["state"], end["cancelSource"], end["accFillSz"]) for end in ends] == [
        ("canceled", "31", "0"),
        ("canceled", "13", "0"),
        ("canceled", "14", "100"),
    ]
    assert maker.fetch_order(resting["id"], "STX/USDT")["status"] == "closed"


def test_refusals_are_ccxts_own_exceptions_and_change_nothing(exchange: Exchange) -> None:
    alice = exchange.ccxt("alice")
    alice.load_markets()
    before = exchange.status()["stateHash"]
    with pytest.raises(ccxt.InsufficientFunds):
        alice.create_order("BTC/USDT", "limit", "sell", 1_000, 70000)
    with pytest.raises(ccxt.OrderNotFound):
        alice.cancel_order("123456789", "BTC/USDT")
    with pytest.raises(ccxt.InvalidOrder):
        alice.create_order("BTC/USDT", "limit", "buy", 0.00000001, 70000)
    with pytest.raises(ccxt.ExchangeError, match="50120"):  # ccxt has no class of its own for it
        exchange.ccxt("alice-readonly").create_order("BTC/USDT", "limit", "buy", 0.1, 50000)
    assert exchange.status()["stateHash"] == before


def test_batches_and_cancel_all_after(exchange: Exchange) -> None:
    alice = exchange.ccxt("alice")
    alice.load_markets()
    orders = alice.create_orders(
        [
            {"symbol": "EOS/USDT", "type": "limit", "side": "buy", "amount": 10, "price": price}
            for price in (0.5, 0.51, 0.52)
        ]
    )
    ids = [order["id"] for order in orders]
    assert {row["id"] for row in alice.fetch_open_orders("EOS/USDT")} == set(ids)
    alice.cancel_orders(ids[:2], "EOS/USDT")
    assert [row["id"] for row in alice.fetch_open_orders("EOS/USDT")] == ids[2:]
    armed = alice.cancel_all_orders_after(60_000)
    assert armed
    alice.cancel_all_orders_after(0)
    alice.cancel_order(ids[2], "EOS/USDT")


def test_public_data_follows_the_trades(exchange: Exchange) -> None:
    maker, taker, public = exchange.ccxt("mm1"), exchange.ccxt("bob"), exchange.ccxt()
    public.load_markets()
    maker.create_order("ALGO/USDT", "limit", "buy", 50, 0.2)
    maker.create_order("ALGO/USDT", "limit", "sell", 50, 0.21)
    taker.create_order("ALGO/USDT", "market", "buy", 20)

    book = public.fetch_order_book("ALGO/USDT")
    assert book["bids"][0][:2] == [0.2, 50]
    assert book["asks"][0][:2] == [0.21, 30]
    ticker = public.fetch_ticker("ALGO/USDT")
    assert (ticker["last"], ticker["bid"], ticker["ask"]) == (0.21, 0.2, 0.21)
    (trade, *_) = reversed(public.fetch_trades("ALGO/USDT"))
    assert (trade["price"], trade["amount"], trade["side"]) == (0.21, 20, "buy")
    assert public.fetch_ohlcv("ALGO/USDT", "1m")[-1][4] == 0.21
    assert set(public.fetch_tickers()) == set(public.symbols)
    for order in maker.fetch_open_orders("ALGO/USDT"):
        maker.cancel_order(order["id"], "ALGO/USDT")


async def test_the_async_client_trades(exchange: Exchange) -> None:
    client = exchange.ccxt_async("alice")
    try:
        await client.load_markets()
        order = await client.create_order("CHZ/USDT", "limit", "buy", 100, 0.05)
        (found,) = await client.fetch_open_orders("CHZ/USDT")
        assert found["id"] == order["id"]
        await client.cancel_order(order["id"], "CHZ/USDT")
        assert (await client.fetch_order(order["id"], "CHZ/USDT"))["status"] == "canceled"
    finally:
        await client.close()
