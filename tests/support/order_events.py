"""Events of orders as the core would send them: alice sells BTC to bob, one trade per command."""

from collections.abc import Sequence
from typing import Any

from tests.support.pairs import pair

from tickyard.base.ids import AccountId, AssetId, InstrumentId, OrderId, Seq, TradeId
from tickyard.engine.events import (
    Event,
    EventBatch,
    OrderAccepted,
    OrderAmended,
    OrderClosed,
    Posted,
    Traded,
)
from tickyard.engine.records import (
    AmendResult,
    CancelSource,
    OrderState,
    OrderType,
    PostingReason,
    SelfTrade,
    Side,
    TradeMode,
    Wallet,
)
from tickyard.instruments import listing

CATALOG = listing.load()
_PAIR = pair("BTC-USDT")
PAIR = _PAIR
ALICE = AccountId(16)
BOB = AccountId(17)
MAKER = OrderId(1 << 24)
TAKER = OrderId(2 << 24)
START_MS = 1_790_000_000_000
FEE_PPB = 1_000_000
INDEX_PRICE = 599_990


def ns(seq: int) -> int:
    """Each command is one second after the one before."""
    return (START_MS + seq * 1_000) * 1_000_000


def batch(*events: Event, last: int | None = None) -> EventBatch:
    """All events as one batch."""
    seqs = [event.seq for event in events] or [Seq(last or 1)]
    end = Seq(last or max(seqs))
    return EventBatch(min(seqs), end, ns(end), list(events))


def accepted(
    seq: int, order_id: OrderId, account: AccountId, side: Side, **facts: Any
) -> OrderAccepted:
    usual: dict[str, Any] = {
        "price": 600_000,
        "size": 5,
        "order_type": OrderType.LIMIT,
        "flags": 0,
        "client_id": b"",
        "tag": b"",
        "instrument": PAIR.instrument,
        **facts,
    }
    return OrderAccepted(
        seq=Seq(seq),
        index=0,
        time_ns=ns(seq),
        order_id=order_id,
        account=account,
        side=side,
        trade_mode=TradeMode.CASH,
        self_trade=SelfTrade.CANCEL_MAKER,
        **usual,
    )


def closed(seq: int, order_id: OrderId, account: AccountId, **facts: Any) -> OrderClosed:
    usual: dict[str, Any] = {
        "filled": 0,
        "size": 5,
        "state": OrderState.CANCELED,
        "source": CancelSource.USER,
        "instrument": PAIR.instrument,
        **facts,
    }
    return OrderClosed(
        seq=Seq(seq), index=9, time_ns=ns(seq), order_id=order_id, account=account, **usual
    )


def amended(seq: int, order_id: OrderId, account: AccountId, **facts: Any) -> OrderAmended:
    usual: dict[str, Any] = {
        "price": 600_000,
        "size": 5,
        "filled": 0,
        "state": OrderState.LIVE,
        "result": AmendResult.AMENDED,
        "request_id": b"",
        **facts,
    }
    return OrderAmended(
        seq=Seq(seq),
        index=1,
        time_ns=ns(seq),
        order_id=order_id,
        account=account,
        instrument=PAIR.instrument,
        **usual,
    )


def trade(
    seq: int,
    size: int,
    *,
    number: int = 1,
    maker_filled: int | None = None,
    taker_filled: int | None = None,
    maker_state: OrderState = OrderState.PARTIALLY_FILLED,
    taker_state: OrderState = OrderState.FILLED,
    price: int = 600_000,
    taker: OrderId = TAKER,
    maker: OrderId = MAKER,
    index: int = 1,
    taker_cost: int | None = None,
) -> list[Event]:
    """Bob takes `size` lots of alice's resting sell order: the trade and both legs of both accounts."""
    maker_filled, taker_filled = maker_filled or size, taker_filled or size
    quote, base = PAIR.quote.asset, PAIR.base.asset
    event = Traded(
        seq=Seq(seq),
        index=index,
        time_ns=ns(seq),
        trade_id=TradeId(number),
        price=price,
        size=size,
        instrument=PAIR.instrument,
        taker_side=Side.BUY,
        taker_state=taker_state,
        maker_state=maker_state,
        taker_order=taker,
        maker_order=maker,
        taker_account=BOB,
        maker_account=ALICE,
        taker_filled=taker_filled,
        maker_filled=maker_filled,
        taker_fee_asset=base,
        maker_fee_asset=quote,
        taker_rate_ppb=FEE_PPB,
        taker_cost=taker_cost or price * taker_filled,
        maker_cost=price * maker_filled,
        taker_fee=-7 * size,
        maker_fee=-3 * size,
        taker_fee_total=-7 * taker_filled,
        maker_fee_total=-3 * maker_filled,
        maker_rebate_total=0,
        maker_rate_ppb=FEE_PPB,
        index_price=INDEX_PRICE,
    )
    legs = ((BOB, base, 100), (BOB, quote, -100), (ALICE, base, -100), (ALICE, quote, 100))
    return [event, *(_leg(event, index + 1 + at, *leg) for at, leg in enumerate(legs))]


def _leg(event: Traded, index: int, account: AccountId, asset: AssetId, amount: int) -> Posted:
    is_taker = account == BOB
    return Posted(
        seq=event.seq,
        index=index,
        time_ns=event.time_ns,
        account=account,
        asset=asset,
        amount=amount,
        balance=0,
        fee=0,
        size=event.size,
        price=event.price,
        order_id=event.taker_order if is_taker else event.maker_order,
        trade_id=event.trade_id,
        instrument=InstrumentId(event.instrument),
        wallet=Wallet.TRADING,
        reason=PostingReason.TRADE,
        side=Side.BUY if is_taker else Side.SELL,
        is_taker=is_taker,
        counter_wallet=None,
        counter_account=AccountId(0),
        key=bytes(16),
    )


def story() -> Sequence[Event]:
    """Alice sells 5, bob buys 2 at once, alice cancels the rest."""
    return [
        accepted(1, MAKER, ALICE, Side.SELL, client_id=b"mine", tag=b"bot1"),
        accepted(
            2, TAKER, BOB, Side.BUY, size=2, price=600_010, order_type=OrderType.IMMEDIATE_OR_CANCEL
        ),
        *trade(2, 2),
        closed(3, MAKER, ALICE, filled=2),
    ]
