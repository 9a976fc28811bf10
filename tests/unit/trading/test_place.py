"""Orders at the edge: what a client may say, what becomes of it, and what never reaches the core."""

from decimal import Decimal
from typing import Any

import pytest
from tests.support.order_desk import ALICE, LIMIT, MARKET, OrderDesk, wire, without
from tests.support.pairs import pair

from tickyard.engine import commands
from tickyard.engine.records import OrderType, SelfTrade, Side

PAIR = pair("BTC-USDT")
BTC_USDT = PAIR.instrument


def limit_order(**facts: Any) -> bytes:
    usual = {
        "account": ALICE,
        "instrument": BTC_USDT,
        "side": Side.BUY,
        "order_type": OrderType.LIMIT,
        "price": PAIR.price_to_ticks("60000.1"),
        "size": PAIR.size_to_lots("0.5"),
    }
    return commands.place_order(**{**usual, **facts})


def market_order(size: int, **facts: Any) -> bytes:
    return limit_order(order_type=OrderType.MARKET, price=0, size=size, **facts)


async def placed(item: dict[str, Any]) -> bytes:
    desk = OrderDesk()
    (ack,) = wire(await desk.post("order", item))
    assert ack["sCode"] == "0", ack
    (record,) = desk.core.records
    return record


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({}, {}),
        ({"side": "sell"}, {"side": Side.SELL}),
        ({"ordType": "post_only"}, {"order_type": OrderType.POST_ONLY}),
        ({"ordType": "fok"}, {"order_type": OrderType.FILL_OR_KILL}),
        ({"ordType": "ioc"}, {"order_type": OrderType.IMMEDIATE_OR_CANCEL}),
        ({"clOrdId": "e847386590ce4dBC" * 2}, {"client_id": b"e847386590ce4dBC" * 2}),
        ({"clOrdId": 17}, {"client_id": b"17"}),
        ({"tag": "e847386590ce4dBC"}, {"tag": b"e847386590ce4dBC"}),
        ({"stpMode": "cancel_taker"}, {"self_trade": SelfTrade.CANCEL_TAKER}),
        ({"stpMode": "cancel_both"}, {"self_trade": SelfTrade.CANCEL_BOTH}),
        ({"pxAmendType": "1"}, {"clamp_price": True}),
        ({"pxAmendType": 1}, {"clamp_price": True}),
        ({"pxAmendType": "0"}, {}),
        # a header of REST and a member of the frame: in an item it is a word like any other
        ({"expTime": "1"}, {}),
        ({"expTime": "soon"}, {}),
        # ccxt says it on every order; it concerns market orders only
        ({"tgtCcy": "base_ccy"}, {}),
        ({"tgtCcy": "quote_ccy"}, {}),
        ({"banAmend": True}, {}),
        # accepted in every spelling that means no
        ({"reduceOnly": False}, {}),
        ({"reduceOnly": "false"}, {}),
        ({"attachAlgoOrds": []}, {}),
        ({"slippagePct": "0"}, {}),
        ({"tradeQuoteCcy": "USDT"}, {}),
        ({"posSide": "net", "ccy": "USDT"}, {}),
        ({"isElpTakerAccess": False, "quickMgnType": "manual"}, {}),
        # JSON numbers where OKX says string
        ({"sz": Decimal("0.5"), "px": Decimal("60000.1")}, {}),
        ({"sz": 1, "px": 60000}, {"size": 10**8, "price": PAIR.price_to_ticks("60000")}),
        ({"sz": Decimal("5E-1")}, {}),
        ({"sz": "0.50000000000"}, {}),
    ],
)
async def test_what_a_client_says_is_what_the_core_hears(
    said: dict[str, Any], meant: dict[str, Any]
) -> None:
    if "size" in meant:
        meant = {**meant, "size": PAIR.size_to_lots("1")}
    assert await placed({**LIMIT, **said}) == limit_order(**meant)


@pytest.mark.parametrize("code", [BTC_USDT, str(BTC_USDT)])
async def test_the_number_of_an_instrument_goes_before_its_name(code: object) -> None:
    assert await placed({**LIMIT, "instId": "NO-SUCH", "instIdCode": code}) == limit_order()
    assert await placed({**without(LIMIT, "instId"), "instIdCode": code}) == limit_order()


@pytest.mark.parametrize(
    ("said", "in_quote"),
    [
        ({"side": "buy"}, True),
        ({"side": "buy", "tgtCcy": "quote_ccy"}, True),
        ({"side": "buy", "tgtCcy": "base_ccy"}, False),
        ({"side": "sell"}, False),
        ({"side": "sell", "tgtCcy": "quote_ccy"}, True),
    ],
)
async def test_the_size_of_a_market_order_is_quote_money_for_buyers_unless_they_say_otherwise(
    said: dict[str, Any],
    in_quote: bool,  # noqa: FBT001
) -> None:
    record = await placed({**MARKET, **said})
    size = PAIR.quote_to_notional("100") if in_quote else PAIR.size_to_lots("100")
    side = Side.BUY if said["side"] == "buy" else Side.SELL
    assert record == market_order(size, side=side, size_in_quote=in_quote)


async def test_a_market_order_may_ban_that_it_shrinks_and_has_no_price() -> None:
    record = await placed({**MARKET, "banAmend": "true", "px": "nonsense", "pxAmendType": "1"})
    size = PAIR.quote_to_notional("100")
    assert record == market_order(size, size_in_quote=True, ban_amend=True)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("0", 0), ("0.05", 50_000_000), ("0.050", 50_000_000), (Decimal("0.0125"), 12_500_000)],
)
async def test_a_market_order_may_say_how_far_from_the_best_price_it_goes(
    said: object, meant: int
) -> None:
    record = await placed({**MARKET, "slippagePct": said})
    size = PAIR.quote_to_notional("100")
    assert record == market_order(size, size_in_quote=True, slippage_ppb=meant)


@pytest.mark.parametrize(
    "number",
    [
        "NaN", "Infinity", "1e400", "1e2", "+1", "-1", "1_0", " 1", "1 ", "1.", ".5", "0x10", "1,5",
        "\u0663", "\uff11", "", "0", "0.0",
        Decimal("1E+400"), Decimal("-1"), Decimal("1E+999999999"), Decimal("1E-999999999"),
        -1, 0, 10**40, True, ["1"], {"a": 1},
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["px", "sz"])
async def test_what_is_no_positive_number_never_reaches_the_core(name: str, number: object) -> None:
    desk = OrderDesk()
    assert await desk.code_of({**LIMIT, name: number}) == "51000"
    assert desk.core.frames == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"instId": "NO-SUCH"}, "51001"),
        ({"instId": 5}, "51001"),
        ({"instId": ["BTC-USDT"]}, "51001"),
        ({"instIdCode": 9999}, "51001"),
        ({"instIdCode": -1}, "51001"),
        ({"instIdCode": "1x"}, "51001"),
        ({"instIdCode": True}, "51001"),
        ({"side": "hold"}, "51000"),
        ({"side": ["buy"]}, "51000"),
        ({"side": 1}, "51000"),
        ({"ordType": "stop"}, "51000"),
        ({"ordType": "optimal_limit_ioc"}, "51000"),
        ({"ordType": {"x": 1}}, "51000"),
        ({"ordType": "mmp"}, "51036"),
        ({"ordType": "mmp_and_post_only"}, "51036"),
        ({"tdMode": "cross"}, "51010"),
        ({"tdMode": "isolated"}, "51010"),
        ({"tdMode": "spot_isolated"}, "51010"),
        ({"tdMode": "Cash"}, "51000"),
        ({"tdMode": ["cash"]}, "51000"),
        ({"px": "60000.15"}, "51000"),
        ({"px": "60000." + "0" * 27}, "51514"),
        ({"sz": "9" * 39}, "51000"),
        ({"sz": "0." + "0" * 38 + "1"}, "51000"),
        ({"px": "99999999999999999999999999999999"}, "51006"),
        ({"sz": "99999999999999999999999999999999"}, "51005"),
        ({"sz": "0.500000001"}, "51121"),
        ({"sz": "0.000000001"}, "51020"),
        ({"clOrdId": "a" * 33}, "51000"),
        ({"clOrdId": "with-dash"}, "51000"),
        ({"clOrdId": "ünicode"}, "51000"),
        ({"clOrdId": "\uff11\uff12"}, "51000"),
        ({"clOrdId": ["x"]}, "51000"),
        ({"clOrdId": True}, "51000"),
        ({"tag": "b" * 17}, "51000"),
        ({"tag": "a b"}, "51000"),
        ({"reduceOnly": True}, "51139"),
        ({"reduceOnly": "true"}, "51139"),
        ({"reduceOnly": "perhaps"}, "51000"),
        ({"reduceOnly": 1}, "51000"),
        ({"tpTriggerPx": "70000"}, "54070"),
        ({"slOrdPx": "-1"}, "54070"),
        ({"attachAlgoOrds": [{"slTriggerPx": "1"}]}, "50014"),
        ({"attachAlgoOrds": [{"attachAlgoClOrdId": "x"}]}, "51178"),
        ({"attachAlgoOrds": [{"tpTriggerPx": "1", "tpOrdPx": "-1"}]}, "51046"),
        ({"attachAlgoOrds": [{"slTriggerPx": "900000", "slOrdPx": "-1"}]}, "51047"),
        ({"attachAlgoOrds": ["x"]}, "51000"),
        ({"pxUsd": "1"}, "51179"),
        ({"pxVol": "1"}, "51179"),
        ({"slippagePct": "0.01"}, "54085"),
        ({"slippagePct": "0.06"}, "54084"),
        ({"slippagePct": True}, "51000"),
        ({"tradeQuoteCcy": "USDC"}, "51000"),
        ({"stpMode": "cancel_none"}, "51000"),
        ({"stpMode": ["cancel_maker"]}, "51000"),
        ({"ordType": "fok", "stpMode": "cancel_both"}, "54036"),
        ({"pxAmendType": "2"}, "51000"),
        ({"pxAmendType": "x"}, "51000"),
    ],
)
async def test_what_is_wrong_is_refused_with_okxs_code_and_never_reaches_the_core(
    said: dict[str, Any], code: str
) -> None:
    desk = OrderDesk()
    assert await desk.code_of({**LIMIT, **said}) == code
    assert desk.core.frames == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"tgtCcy": "USDT"}, "51000"),
        ({"sz": "0.0000000000001"}, "51020"),
        ({"sz": "0.000"}, "51000"),
        ({"sz": "99999999999999999999"}, "51201"),
        ({"sz": "99999999999999999999", "side": "sell"}, "51202"),
        ({"sz": "1.000000001", "side": "sell"}, "51121"),
        ({"slippagePct": "0.050000001"}, "54084"),
        ({"slippagePct": "0.0000000001"}, "54084"),
        ({"slippagePct": "-0.01"}, "54084"),
        ({"slippagePct": "1e-2"}, "54084"),
        ({"slippagePct": "5"}, "54084"),
        ({"slippagePct": ["0.01"]}, "51000"),
    ],
)
async def test_a_market_order_has_bounds_of_its_own(said: dict[str, Any], code: str) -> None:
    desk = OrderDesk()
    assert await desk.code_of({**MARKET, **said}) == code
    assert desk.core.frames == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("instId", "50014"),
        ("tdMode", "50014"),
        ("side", "50014"),
        ("ordType", "50014"),
        ("sz", "50014"),
        ("px", "51204"),
    ],
)
async def test_a_missing_parameter_is_named(name: str, code: str) -> None:
    desk = OrderDesk()
    (ack,) = wire(await desk.post("order", without(LIMIT, name)))
    assert ack["sCode"] == code
    assert name in ack["sMsg"] or code == "51204"
    assert desk.core.frames == []


async def test_a_bad_price_is_named_as_okx_names_it() -> None:
    (ack,) = wire(await OrderDesk().post("order", {**LIMIT, "px": "1.23"}))
    assert ack["sMsg"] == "Parameter px error"


async def test_the_expiry_of_the_request_goes_along() -> None:
    desk = OrderDesk()
    await desk.post("order", dict(LIMIT), expires_at_ms=1790000000999)
    assert desk.core.records == [limit_order(expires_at_ms=1790000000999)]
