"""What the channels `orders` and `fills` push: one event of one order.

Source: OKX v5, WebSocket, "Order channel" and "Fills channel", "Push data parameters".
"""

from decimal import Decimal
from typing import Final

from msgspec import Struct, json

from tickyard.base.amounts import format_amount, scaled_text
from tickyard.engine.commands import SIZE_IN_QUOTE
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.grid import EXACT
from tickyard.instruments.model import Instrument
from tickyard.trading.model import Order, OrderUpdate
from tickyard.trading.needs import Prices
from tickyard.trading.wire.rows import (
    OrderMembers,
    attached_rows,
    running_members,
    static_members,
)
from tickyard.trading.wire.words import SIDE_WORDS

_ENCODER: Final = json.Encoder()
_USD_DIGITS: Final = 8
_BY_USER: Final = "1"


class OrderPush(OrderMembers, rename="camel", kw_only=True, gc=False):
    """An event of an order: its fill members tell of this event alone."""

    notional_usd: str
    fill_pnl: str = "0"
    fill_fee: str = "0"
    fill_fee_ccy: str = ""
    fill_px_vol: str = ""
    fill_px_usd: str = ""
    fill_mark_vol: str = ""
    fill_fwd_px: str = ""
    fill_mark_px: str = ""
    fill_idx_px: str = ""
    exec_type: str = ""
    fill_notional_usd: str = ""
    amend_source: str = ""
    req_id: str = ""
    amend_result: str = ""
    last_px: str
    code: str = "0"
    msg: str = ""


class FillPush(Struct, rename="camel", kw_only=True, gc=False):
    """A fill as the `fills` channel pushes it."""

    inst_id: str
    fill_sz: str
    fill_px: str
    side: str
    ts: str
    ord_id: str
    cl_ord_id: str
    trade_id: str
    exec_type: str
    count: str = "1"


def order_push(update: OrderUpdate, catalog: Catalog, prices: Prices) -> bytes:
    """Write the data of one push of the `orders` channel."""
    order, fill, amendment = update.order, update.fill, update.amendment
    pair = catalog.instrument(order.instrument)
    quote_usd = prices.usd_price(pair.quote.symbol)
    last = prices.last_price(pair.symbol) or pair.reference_price
    push = OrderPush(
        **static_members(order, pair),
        **running_members(order, pair),
        pos_side="",
        avg_px=pair.average_price_text(order.cost, order.filled) if order.filled else "0",
        fill_px="",
        fill_sz="0",
        trade_id="",
        fill_time="",
        notional_usd=usd_text(EXACT.multiply(_value(order, pair, last), quote_usd)),
        last_px=format_amount(last),
        attach_algo_ords=attached_rows(update.attached.values(), pair),
    )
    if fill is not None:
        fee_asset = catalog.asset(fill.fee_asset)
        value = pair.notional_grid.value(fill.price * fill.size)
        push.fill_px = pair.ticks_to_text(fill.price)
        push.fill_sz = pair.lots_to_text(fill.size)
        push.trade_id = str(fill.trade)
        push.fill_time = str(order.updated_ms)
        push.fill_fee = fee_asset.amount_text(fill.fee)
        push.fill_fee_ccy = fee_asset.symbol
        push.fill_idx_px = pair.ticks_to_text(fill.index_price) if fill.index_price else ""
        push.exec_type = "T" if fill.is_taker else "M"
        push.fill_notional_usd = usd_text(EXACT.multiply(value, quote_usd))
    if amendment is not None:
        push.amend_source = _BY_USER
        push.amend_result = str(amendment.result.value)
        push.req_id = amendment.request_id
    return _ENCODER.encode([push])


def fill_push(update: OrderUpdate, catalog: Catalog) -> bytes:
    """Write the data of one push of the `fills` channel, of an update that is a fill."""
    order, fill = update.order, update.fill
    assert fill is not None, "Invariant: only fills are pushed as fills"
    pair = catalog.instrument(order.instrument)
    push = FillPush(
        inst_id=pair.symbol,
        fill_sz=pair.lots_to_text(fill.size),
        fill_px=pair.ticks_to_text(fill.price),
        side=SIDE_WORDS[order.side],
        ts=str(order.updated_ms),
        ord_id=str(order.order_id),
        cl_ord_id=order.client_id,
        trade_id=str(fill.trade),
        exec_type="T" if fill.is_taker else "M",
    )
    return _ENCODER.encode([push])


def _value(order: Order, pair: Instrument, last: Decimal) -> Decimal:
    """What an order is worth in quote money, at its own price where it has one."""
    if order.flags & SIZE_IN_QUOTE:
        return pair.notional_grid.value(order.size)
    if order.price:
        return pair.notional_grid.value(order.price * order.size)
    return EXACT.multiply(pair.lots_to_value(order.size), last)


def usd_text(value: Decimal) -> str:
    """Write an amount of USD for reading, rounded down to eight decimals."""
    return scaled_text(int(EXACT.scaleb(value, _USD_DIGITS)), _USD_DIGITS)
