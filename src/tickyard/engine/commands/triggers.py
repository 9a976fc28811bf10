"""Trigger orders, alone or attached to an order."""

from collections.abc import Sequence
from struct import Struct
from typing import Final

from tickyard.engine.commands.layout import CLIENT_ID_SIZE, HEADER, TAG_SIZE, name
from tickyard.engine.commands.orders import ATTACHED, CANCEL_ON_FAIL, SIZE_IN_QUOTE
from tickyard.engine.records import (
    NO_TRIGGER,
    AccountId,
    CommandKind,
    InstrumentId,
    OrderType,
    PriceType,
    SelfTrade,
    Side,
    TradeMode,
    TriggerId,
    TriggerKind,
)

MARKET: Final = -1
"""As the price of a leg: a market order."""
DROP_LEG: Final = -1
"""As the trigger of a leg in an amendment: take it away."""
MAX_ATTACHMENTS: Final = 11
"""How many trigger orders may be attached to an order."""

_PLACE_TRIGGER = Struct(HEADER + "IBBBB4qqqqq32s16sBBB45x")
_CANCEL_TRIGGER = Struct(HEADER + "I4xQ32s56x")
_AMEND_TRIGGER = Struct(HEADER + "I4xQq4q32s32s48x")
_ATTACHMENT = Struct("<4qq32s16x")
_CHANGE = Struct("<Qq4q")
_INSTRUMENT = Struct("<I")
_INSTRUMENT_AT: Final = 24
_PRICE_AND_SIZE = Struct("<qq")
_PRICE_AT: Final = 32
"""Where the price stands in the record of an order."""

Legs = tuple[int, int, int, int]
"""Trigger and price of the take-profit, then of the stop-loss; zeros for a leg that is not there."""


def place_trigger(
    *,
    account: AccountId,
    instrument: InstrumentId,
    kind: TriggerKind,
    side: Side,
    legs: Legs,
    size: int,
    order_type: OrderType = OrderType.LIMIT,
    trade_mode: TradeMode = TradeMode.CASH,
    callback_ratio_ppb: int = 0,
    callback_spread: int = 0,
    active_price: int = 0,
    client_id: bytes = b"",
    tag: bytes = b"",
    price_types: tuple[PriceType, PriceType] = (PriceType.LAST, PriceType.LAST),
    self_trade: SelfTrade = SelfTrade.ACCOUNT_DEFAULT,
    size_in_quote: bool = False,
) -> bytes:
    """Place a trigger order.

    Args:
        account: whose it is.
        instrument: where.
        kind: what it waits for.
        side: which way its order trades.
        legs: a plain trigger has the first only, a trailing one none.
        size: lots; notional units with `size_in_quote`.
        order_type: how a limit order of it meets the book.
        trade_mode: where the money of its order comes from.
        callback_ratio_ppb: trailing, distance in parts per billion of the best price; 0 when it is given in ticks.
        callback_spread: trailing, distance in ticks; 0 when it is given as a ratio.
        active_price: trailing, it follows from this price on; 0 for at once.
        client_id: the client's name for it, up to 32 ASCII letters and digits.
        tag: the client's or broker's mark, also on its order.
        price_types: which price each leg is compared with.
        self_trade: self-trade prevention of its order.
        size_in_quote: the size of its market order is quote money.
    """
    return _PLACE_TRIGGER.pack(
        CommandKind.PLACE_TRIGGER,
        SIZE_IN_QUOTE if size_in_quote else 0,
        account,
        instrument,
        kind,
        side,
        order_type,
        trade_mode,
        *legs,
        size,
        callback_ratio_ppb,
        callback_spread,
        active_price,
        name(client_id, CLIENT_ID_SIZE),
        name(tag, TAG_SIZE),
        *price_types,
        self_trade,
    )


def cancel_trigger(
    *,
    account: AccountId,
    instrument: InstrumentId,
    trigger_id: TriggerId = NO_TRIGGER,
    client_id: bytes = b"",
) -> bytes:
    """Cancel a trigger order that has not fired, by its id, else by client id."""
    return _CANCEL_TRIGGER.pack(
        CommandKind.CANCEL_TRIGGER,
        0,
        account,
        instrument,
        trigger_id,
        name(client_id, CLIENT_ID_SIZE),
    )


def amend_trigger(
    *,
    account: AccountId,
    instrument: InstrumentId,
    trigger_id: TriggerId = NO_TRIGGER,
    client_id: bytes = b"",
    size: int = 0,
    legs: Legs = (0, 0, 0, 0),
    request_id: bytes = b"",
    cancel_on_fail: bool = False,
) -> bytes:
    """Change a trigger order that has not fired, or one that is still attached to its order.

    Args:
        account: whose it is.
        instrument: where; must be its own.
        trigger_id: which; 0 when named by client id.
        client_id: which, when `trigger_id` is 0.
        size: new size in its own unit; 0 leaves it.
        legs: new prices; 0 leaves them, `DROP_LEG` as a trigger takes the leg away.
        request_id: the client's name for this amendment.
        cancel_on_fail: cancel it when it cannot be amended.
    """
    return _AMEND_TRIGGER.pack(
        CommandKind.AMEND_TRIGGER,
        CANCEL_ON_FAIL if cancel_on_fail else 0,
        account,
        instrument,
        trigger_id,
        size,
        *legs,
        name(client_id, CLIENT_ID_SIZE),
        name(request_id, CLIENT_ID_SIZE),
    )


def price_and_size(order: bytes) -> tuple[int, int]:
    """Read price and size out of a record of `place_order`."""
    price, size = _PRICE_AND_SIZE.unpack_from(order, _PRICE_AT)
    return price, size


def instrument_of(order: bytes) -> InstrumentId:
    """Read the instrument out of a record of `place_order`."""
    (instrument,) = _INSTRUMENT.unpack_from(order, _INSTRUMENT_AT)
    return InstrumentId(instrument)


def attach(order: bytes, attachments: Sequence[tuple[Legs, int, bytes]]) -> bytes:
    """Make an order one with trigger orders that come to life when it is filled.

    Args:
        order: a record of `place_order`.
        attachments: (legs, size in lots or 0 for all of the order, client id) of each.
    """
    record = bytearray(order)
    record[0], record[1] = CommandKind.PLACE_ORDER_ATTACHED, record[1] | ATTACHED
    for legs, size, client_id in attachments:
        record += _ATTACHMENT.pack(*legs, size, name(client_id, CLIENT_ID_SIZE))
    return bytes(record) + bytes(_ATTACHMENT.size * (MAX_ATTACHMENTS - len(attachments)))


def amend_attached(order: bytes, changes: Sequence[tuple[TriggerId, Legs, int]]) -> bytes:
    """Make an amendment of an order one that also changes what is attached to it: all of it, or nothing.

    Args:
        order: a record of `amend_order`; without price and size only what is attached changes.
        changes: (which, new legs as in `amend_trigger`, new size in lots or 0 to leave it) of each.
    """
    record = bytearray(order)
    record[0] = CommandKind.AMEND_ORDER_ATTACHED
    for trigger_id, legs, size in changes:
        record += _CHANGE.pack(trigger_id, size, *legs)
    return bytes(record) + bytes(_CHANGE.size * (MAX_ATTACHMENTS - len(changes)))
