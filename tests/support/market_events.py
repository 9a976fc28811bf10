"""Events of the market as the core would send them, and a place where pushed frames can be looked at."""

import json
from struct import Struct
from typing import Any

from tickyard.base.ids import AccountId, AssetId, InstrumentId, OrderId, Seq, TradeId
from tickyard.engine import (
    EventBatch,
    LevelChanged,
    LiveBatch,
    MarketView,
    OrderState,
    Side,
    Traded,
)
from tickyard.engine.events import Event
from tickyard.engine.records import EventKind
from tickyard.gateway.channels import Topics

BTC = InstrumentId(1)
_LEVEL = Struct("<BxHIQQqqIIB7x")


def level(
    seq: int,
    side: str,
    price: int,
    size: int,
    *,
    orders: int = 1,
    instrument: int = BTC,
    ms: int = 0,
) -> LevelChanged:
    """A price level is now this; a size of 0 says that it is gone."""
    return LevelChanged(
        Seq(seq),
        0,
        ms * 1_000_000,
        price,
        size,
        InstrumentId(instrument),
        orders if size else 0,
        Side.BUY if side == "bid" else Side.SELL,
    )


def traded(
    trade_id: int,
    price: int,
    size: int,
    *,
    seq: int | None = None,
    ms: int = 0,
    side: str = "buy",
    instrument: int = BTC,
) -> Traded:
    """Two orders met; only what the public sees is filled in."""
    return Traded(
        seq=Seq(trade_id if seq is None else seq),
        index=0,
        time_ns=ms * 1_000_000,
        trade_id=TradeId(trade_id),
        price=price,
        size=size,
        instrument=InstrumentId(instrument),
        taker_side=Side[side.upper()],
        taker_state=OrderState.FILLED,
        maker_state=OrderState.FILLED,
        taker_order=OrderId(2),
        maker_order=OrderId(1),
        taker_account=AccountId(17),
        maker_account=AccountId(16),
        taker_filled=size,
        maker_filled=size,
        taker_fee_asset=AssetId(1),
        maker_fee_asset=AssetId(1),
        taker_rate_ppb=0,
        maker_rate_ppb=0,
        taker_cost=price * size,
        maker_cost=price * size,
        taker_fee=0,
        maker_fee=0,
        taker_fee_total=0,
        maker_fee_total=0,
        maker_rebate_total=0,
        index_price=0,
    )


def batch(*events: Event) -> EventBatch:
    """Events that were published together."""
    return EventBatch(events[0].seq, events[-1].seq, events[-1].time_ns, list(events))


def live(view: MarketView, *events: Event) -> LiveBatch:
    """The same as a feed gives them: the view has taken the changes of levels."""
    levels = b"".join(level_bytes(event) for event in events if isinstance(event, LevelChanged))
    books, _ = view.apply(levels)
    rest: list[Event] = [event for event in events if not isinstance(event, LevelChanged)]
    return LiveBatch(events[0].seq, events[-1].seq, events[-1].time_ns, rest, books)


def level_bytes(event: LevelChanged) -> bytes:
    """Write an event as `crates/types/src/event/market.rs` lays it out."""
    return _LEVEL.pack(
        EventKind.LEVEL_CHANGED,
        _LEVEL.size,
        event.index,
        event.seq,
        event.time_ns,
        event.price,
        event.size,
        event.instrument,
        event.orders,
        event.side,
    )


class Listener:
    """A WebSocket session that keeps what it was sent."""

    conn_id = "listener"
    caller = None

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []

    def send(self, payload: bytes) -> None:
        self.frames.append(json.loads(payload))

    def send_frame(self, frame: bytes) -> None:
        self.frames.append(json.loads(frame[frame.index(b"{") :]))

    def take(self) -> list[dict[str, Any]]:
        frames, self.frames = self.frames, []
        return frames

    def rows(self) -> list[Any]:
        """What was sent since the last look, without the frames around it."""
        return [row for frame in self.take() for row in frame["data"]]


async def subscribe(topics: Topics, channel: Any, listener: Listener, inst_id: str) -> None:
    """Subscribe as a session does: first known to the topics, then opened."""
    arg = {"channel": channel.name, "instId": inst_id}
    key = channel.key(arg, None)
    topics.add(channel.name, key, listener, arg)
    opened = channel.opened(key, listener, arg, None)
    if opened is not None:
        await opened


def unsubscribe(topics: Topics, channel: Any, listener: Listener, inst_id: str) -> None:
    arg = {"channel": channel.name, "instId": inst_id}
    key = channel.key(arg, None)
    topics.remove(channel.name, key, listener, arg)
    channel.closed(key, listener)
