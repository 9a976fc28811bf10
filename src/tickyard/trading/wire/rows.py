"""Orders and fills as the queries show them, with every member, "" where one does not apply.

Source: OKX v5, GET /api/v5/trade/order and GET /api/v5/trade/fills, "Response Parameters".
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

from msgspec import Struct

from tickyard.base.amounts import ppb_text
from tickyard.engine.commands import BY_LEG, BY_TRAILING, MARKET, SIZE_IN_QUOTE, TRIGGERED
from tickyard.engine.events import TriggerChanged
from tickyard.engine.records import CancelSource, OrderState, OrderType, Side
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.model import Instrument
from tickyard.trading.model import Fill, Order
from tickyard.trading.wire.words import (
    ORDER_TYPE_WORDS,
    SELF_TRADE_WORDS,
    SIDE_WORDS,
    SUB_TYPE_WORDS,
    TRADE_MODE_WORDS,
)

STATE_WORDS: Final = {
    OrderState.LIVE: "live",
    OrderState.PARTIALLY_FILLED: "partially_filled",
    OrderState.FILLED: "filled",
    OrderState.CANCELED: "canceled",
}
_CANCEL_REASONS: Final = {
    CancelSource.SYSTEM: "Canceled by the exchange",
    CancelSource.USER: "Canceled by the user",
    CancelSource.FILL_OR_KILL: "Fill-or-kill order could not be filled whole",
    CancelSource.IMMEDIATE_OR_CANCEL: "The rest could not be filled at once",
    CancelSource.CANCEL_ALL_AFTER: "Canceled by the cancel-all-after timer",
    CancelSource.POST_ONLY: "Post-only order would have taken liquidity",
    CancelSource.SELF_TRADE: "Canceled by self-trade prevention",
    CancelSource.TOO_MANY_MATCHES: "The order met too many orders",
}


class LinkedAlgoOrder(Struct, rename="camel", frozen=True):
    """The trigger order that an order belongs to."""

    algo_id: str = ""


class AttachedRow(Struct, rename="camel", kw_only=True, gc=False):
    """A take-profit or stop-loss that waits for the fill of its order."""

    attach_algo_id: str
    attach_algo_cl_ord_id: str
    tp_ord_kind: str = "condition"
    tp_trigger_px: str
    tp_trigger_px_type: str
    tp_trigger_ratio: str = ""
    tp_ord_px: str
    sl_trigger_px: str
    sl_trigger_px_type: str
    sl_trigger_ratio: str = ""
    sl_ord_px: str
    sz: str
    amend_px_on_trigger_type: str = "0"
    callback_ratio: str = ""
    callback_spread: str = ""
    active_px: str = ""
    fail_code: str = ""
    fail_reason: str = ""


class OrderMembers(Struct, rename="camel", kw_only=True, gc=False):
    """What queries and pushes have in common."""

    inst_type: str = "SPOT"
    inst_id: str
    tgt_ccy: str
    ccy: str = ""
    ord_id: str
    cl_ord_id: str
    tag: str
    px: str
    px_usd: str = ""
    px_vol: str = ""
    px_type: str = ""
    sz: str
    pnl: str = "0"
    ord_type: str
    side: str
    pos_side: str
    td_mode: str
    acc_fill_sz: str
    fill_px: str
    trade_id: str
    fill_sz: str
    fill_time: str
    avg_px: str
    state: str
    stp_id: str = ""
    stp_mode: str
    lever: str = ""
    attach_algo_cl_ord_id: str = ""
    tp_trigger_px: str = ""
    tp_trigger_px_type: str = ""
    tp_ord_px: str = ""
    sl_trigger_px: str = ""
    sl_trigger_px_type: str = ""
    sl_ord_px: str = ""
    attach_algo_ords: Sequence[AttachedRow] = ()
    linked_algo_ord: LinkedAlgoOrder = LinkedAlgoOrder()
    fee_ccy: str
    fee: str
    rebate_ccy: str
    rebate: str
    source: str = ""
    category: str = "normal"
    reduce_only: str = "false"
    is_tp_limit: str = "false"
    cancel_source: str
    quick_mgn_type: str = ""
    algo_cl_ord_id: str = ""
    algo_id: str = ""
    c_time: str
    u_time: str
    trade_quote_ccy: str
    outcome: str = ""


class OrderRow(OrderMembers, rename="camel", kw_only=True, gc=False):
    """An order as the queries show it."""

    cancel_source_reason: str


class FillRow(Struct, rename="camel", kw_only=True, gc=False):
    """A fill as the queries show it."""

    inst_type: str = "SPOT"
    inst_id: str
    trade_id: str
    ord_id: str
    cl_ord_id: str
    bill_id: str
    sub_type: str
    tag: str
    fill_px: str
    fill_sz: str
    fill_idx_px: str
    fill_pnl: str = "0"
    fill_px_vol: str = ""
    fill_px_usd: str = ""
    fill_mark_vol: str = ""
    fill_fwd_px: str = ""
    fill_mark_px: str = ""
    side: str
    pos_side: str = "net"
    exec_type: str
    fee_ccy: str
    fee: str
    fee_rate: str
    ts: str
    fill_time: str
    trade_quote_ccy: str


def order_row(
    order: Order, catalog: Catalog, attached: Collection[TriggerChanged] = ()
) -> OrderRow:
    """Write an order for a query: its fill members tell of its last fill.

    Args:
        order: which.
        catalog: of the instruments.
        attached: trigger orders that are attached to it.
    """
    pair = catalog.instrument(order.instrument)
    source = order.cancel_source
    has_traded = order.last_trade != 0
    return OrderRow(
        **static_members(order, pair),
        **running_members(order, pair),
        pos_side="net",
        avg_px=pair.average_price_text(order.cost, order.filled) if order.filled else "",
        fill_px=pair.ticks_to_text(order.last_price) if has_traded else "",
        fill_sz=pair.lots_to_text(order.last_size),
        trade_id=str(order.last_trade) if has_traded else "",
        fill_time=str(order.last_fill_ms) if has_traded else "",
        cancel_source_reason="" if source is None else _CANCEL_REASONS[source],
        attach_algo_ords=attached_rows(attached, pair),
    )


def attached_rows(attached: Collection[TriggerChanged], pair: Instrument) -> Sequence[AttachedRow]:
    """Write what is attached to an order. Parts of it have a size; what is for all of it has none."""
    is_split = len(attached) > 1
    return [_attached_row(trigger, pair, is_part=is_split) for trigger in attached]


def leg_price(ticks: int, pair: Instrument) -> str:
    """Write a price of a leg; "-1" for a market order, "" for none."""
    if ticks == MARKET:
        return "-1"
    return pair.ticks_to_text(ticks) if ticks else ""


def _attached_row(trigger: TriggerChanged, pair: Instrument, *, is_part: bool) -> AttachedRow:
    take, take_price, stop, stop_price = trigger.legs
    return AttachedRow(
        attach_algo_id=str(trigger.trigger_id),
        attach_algo_cl_ord_id=trigger.client_id.decode(),
        tp_trigger_px=leg_price(take, pair),
        tp_trigger_px_type="last" if take else "",
        tp_ord_px=leg_price(take_price, pair),
        sl_trigger_px=leg_price(stop, pair),
        sl_trigger_px_type="last" if stop else "",
        sl_ord_px=leg_price(stop_price, pair),
        sz=pair.lots_to_text(trigger.size) if is_part and take and trigger.size else "",
    )


def fill_row(fill: Fill, catalog: Catalog) -> FillRow:
    """Write a fill for a query."""
    pair = catalog.instrument(fill.instrument)
    fee_asset = catalog.asset(fill.fee_asset)
    time = str(fill.time_ms)
    return FillRow(
        inst_id=pair.symbol,
        trade_id=str(fill.trade),
        ord_id=str(fill.order_id),
        cl_ord_id=fill.client_id,
        bill_id=str(fill.bill),
        sub_type=SUB_TYPE_WORDS[fill.side],
        tag=fill.tag,
        fill_px=pair.ticks_to_text(fill.price),
        fill_sz=pair.lots_to_text(fill.size),
        fill_idx_px=pair.ticks_to_text(fill.index_price) if fill.index_price else "",
        side=SIDE_WORDS[fill.side],
        exec_type="T" if fill.is_taker else "M",
        fee_ccy=fee_asset.symbol,
        fee=fee_asset.amount_text(fill.fee),
        fee_rate=ppb_text(-fill.rate_ppb),
        ts=time,
        fill_time=time,
        trade_quote_ccy=pair.quote.symbol,
    )


def static_members(order: Order, pair: Instrument) -> dict[str, Any]:
    """Write what stays as it was asked for."""
    return {
        "inst_id": pair.symbol,
        "tgt_ccy": _target(order),
        "ord_id": str(order.order_id),
        "cl_ord_id": order.client_id,
        "tag": order.tag,
        "ord_type": ORDER_TYPE_WORDS[order.order_type],
        "side": SIDE_WORDS[order.side],
        "td_mode": TRADE_MODE_WORDS[order.trade_mode],
        "stp_mode": SELF_TRADE_WORDS[order.self_trade],
        "c_time": str(order.created_ms),
        "trade_quote_ccy": pair.quote.symbol,
        "algo_id": str(order.trigger_id) if order.trigger_id else "",
        "algo_cl_ord_id": order.trigger_client_id,
        "source": _source(order),
    }


def running_members(order: Order, pair: Instrument) -> dict[str, Any]:
    """Write what changes while it lives."""
    # A fee is taken from what an order receives, a rebate is added to what it pays.
    receives, pays = pair.base, pair.quote
    if order.side is Side.SELL:
        receives, pays = pays, receives
    return {
        "px": pair.ticks_to_text(order.price) if order.price else "",
        "sz": size_text(order, pair),
        "acc_fill_sz": pair.lots_to_text(order.filled),
        "state": STATE_WORDS[order.state],
        "fee_ccy": receives.symbol,
        "fee": receives.amount_text(order.fee),
        "rebate_ccy": pays.symbol,
        "rebate": pays.amount_text(order.rebate),
        "cancel_source": "" if order.cancel_source is None else str(order.cancel_source.value),
        "u_time": str(order.updated_ms),
    }


def size_text(order: Order, pair: Instrument) -> str:
    """Write an order's size, in quote money where it was given so."""
    if order.flags & SIZE_IN_QUOTE:
        return pair.notional_to_text(order.size)
    return pair.lots_to_text(order.size)


def _source(order: Order) -> str:
    """Write which kind of trigger order placed it. Source: OKX v5, GET /api/v5/trade/order, "source"."""
    if order.flags & BY_LEG:
        return "7"
    if order.flags & BY_TRAILING:
        return "25"
    return "6" if order.flags & TRIGGERED else ""


def _target(order: Order) -> str:
    if order.order_type is not OrderType.MARKET:
        return ""
    return "quote_ccy" if order.flags & SIZE_IN_QUOTE else "base_ccy"


class AccountLimitRow(Struct, rename="camel", gc=False):
    """The limit of an account's new and amended orders.

    Ratios of fills, and a limit that changes with them, are for fee levels from VIP 5 on; all others have "".
    Source: OKX v5, GET /api/v5/trade/account-rate-limit.
    """

    acc_rate_limit: str
    ts: str
    fill_ratio: str = ""
    main_fill_ratio: str = ""
    next_acc_rate_limit: str = ""


def account_limit_row(count: int, now_ms: int) -> AccountLimitRow:
    """Show how many new and amended orders an account may send in two seconds."""
    return AccountLimitRow(str(count), str(now_ms))
