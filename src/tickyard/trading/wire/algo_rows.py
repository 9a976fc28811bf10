"""Trigger orders as queries and pushes show them, with every member, "" where one does not apply.

Source: OKX v5, GET /api/v5/trade/order-algo, "Response Parameters"; WebSocket, "Algo orders channel".
"""

from typing import Final

from msgspec import Struct, json

from tickyard.base.amounts import PPB_DIGITS, ppb_text
from tickyard.base.clock import NS_PER_MS
from tickyard.engine.commands import MARKET, SIZE_IN_QUOTE
from tickyard.engine.events import TriggerChanged
from tickyard.engine.records import (
    NO_ORDER,
    OrderType,
    Refusal,
    Side,
    TriggerKind,
    TriggerState,
)
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.grid import EXACT
from tickyard.instruments.model import Instrument
from tickyard.trading.errors import PLACE
from tickyard.trading.needs import Prices
from tickyard.trading.wire.algo_words import (
    KIND_WORDS,
    PRICE_TYPE_WORDS,
    STATE_WORDS,
)
from tickyard.trading.wire.frames import usd_text
from tickyard.trading.wire.rows import leg_price
from tickyard.trading.wire.words import ORDER_TYPE_WORDS, SIDE_WORDS, TRADE_MODE_WORDS

_PPB: Final = 10**PPB_DIGITS


class LinkedOrder(Struct, rename="camel", frozen=True):
    """The order to which a trigger order was attached."""

    ord_id: str = ""


class TriggerTrade(Struct, rename="camel", frozen=True):
    """The trade whose price fired a trigger order, "" while none has. OKX does not tell it."""

    trade_id: str = ""
    px: str = ""
    ts: str = ""


class AlgoRow(Struct, rename="camel", kw_only=True, gc=False):
    """A trigger order."""

    inst_type: str = "SPOT"
    inst_id: str
    ccy: str = ""
    ord_id: str
    ord_id_list: list[str]
    algo_id: str
    cl_ord_id: str
    algo_cl_ord_id: str
    sz: str
    close_fraction: str = ""
    ord_type: str
    side: str
    pos_side: str = "net"
    td_mode: str
    tgt_ccy: str
    state: str
    lever: str = ""
    tp_trigger_px: str
    tp_trigger_px_type: str
    tp_ord_px: str
    tp_ord_kind: str = "condition"
    sl_trigger_px: str
    sl_trigger_px_type: str
    sl_ord_px: str
    trigger_px: str
    trigger_px_type: str
    ord_px: str
    advance_ord_type: str
    actual_sz: str
    actual_px: str
    actual_side: str
    tag: str
    trigger_time: str
    px_var: str = ""
    px_spread: str = ""
    sz_limit: str = ""
    px_limit: str = ""
    lmt_order_number: str = ""
    aggressiveness: str = ""
    trigger_params: tuple[()] = ()
    time_interval: str = ""
    callback_ratio: str
    callback_spread: str
    active_px: str
    move_trigger_px: str
    reduce_only: str = "false"
    quick_mgn_type: str = ""
    last: str
    fail_code: str
    fail_reason: str
    amend_px_on_trigger_type: str = "0"
    attach_algo_ords: tuple[()] = ()
    linked_ord: LinkedOrder
    c_time: str
    u_time: str
    is_trade_borrow_mode: str = ""
    chase_type: str = ""
    chase_val: str = ""
    max_chase_type: str = ""
    max_chase_val: str = ""
    trade_quote_ccy: str
    amend_result: str = ""
    req_id: str = ""
    notional_usd: str = ""
    count: str = ""
    p_time: str = ""
    trigger_trade: TriggerTrade


def algo_push(trigger: TriggerChanged, catalog: Catalog, prices: Prices) -> bytes:
    """Write the data of one push: the order, and what it is worth."""
    pair = catalog.instrument(trigger.instrument)
    row = algo_row(trigger, catalog)
    row.notional_usd, row.p_time = _usd(trigger, pair, prices), row.u_time
    return json.encode([row])


def algo_row(trigger: TriggerChanged, catalog: Catalog) -> AlgoRow:
    """Write a trigger order. `last`, once it has fired, is the price of the trade that fired it."""
    pair = catalog.instrument(trigger.instrument)
    take, take_price, stop, stop_price = trigger.legs
    is_plain = trigger.kind is TriggerKind.PLAIN
    type_word = PRICE_TYPE_WORDS[trigger.price_types[0]]
    has_fired = trigger.fired_leg != 0
    has_order = trigger.order_id != NO_ORDER
    order_id = str(trigger.order_id) if has_order else ""
    refused = PLACE[Refusal(trigger.failure)] if trigger.failure else None
    client_id = trigger.client_id.decode()
    return AlgoRow(
        inst_id=pair.symbol,
        ord_id=order_id,
        ord_id_list=[order_id] if has_order else [],
        algo_id=str(trigger.trigger_id),
        cl_ord_id=client_id,
        algo_cl_ord_id=client_id,
        sz=_size(trigger, trigger.size, pair),
        ord_type=KIND_WORDS[trigger.kind],
        side=SIDE_WORDS[trigger.side],
        td_mode=TRADE_MODE_WORDS[trigger.trade_mode],
        tgt_ccy=_target(trigger),
        state=STATE_WORDS[trigger.state],
        tp_trigger_px="" if is_plain else leg_price(take, pair),
        tp_trigger_px_type=type_word if take and not is_plain else "",
        tp_ord_px="" if is_plain else leg_price(take_price, pair),
        sl_trigger_px=leg_price(stop, pair),
        sl_trigger_px_type=PRICE_TYPE_WORDS[trigger.price_types[1]] if stop else "",
        sl_ord_px=leg_price(stop_price, pair),
        trigger_px=leg_price(take, pair) if is_plain else "",
        trigger_px_type=type_word if is_plain else "",
        ord_px=leg_price(take_price, pair) if is_plain else "",
        advance_ord_type=(
            "" if trigger.order_type is OrderType.LIMIT else ORDER_TYPE_WORDS[trigger.order_type]
        ),
        actual_sz=_size(trigger, trigger.order_size, pair) if has_order else "",
        actual_px=leg_price(trigger.order_price, pair) if has_order else "",
        actual_side=_actual_side(trigger),
        tag=trigger.tag.decode(),
        trigger_time=str(trigger.fired_ns // NS_PER_MS) if has_fired else "",
        callback_ratio=(ppb_text(trigger.callback_ratio_ppb) if trigger.callback_ratio_ppb else ""),
        callback_spread=leg_price(trigger.callback_spread, pair),
        active_px=leg_price(trigger.active_price, pair),
        move_trigger_px=leg_price(move_trigger(trigger), pair),
        last=leg_price(trigger.fired_price, pair),
        fail_code="" if refused is None else refused.code,
        fail_reason="" if refused is None else refused.message,
        linked_ord=LinkedOrder(str(trigger.parent) if trigger.parent else ""),
        c_time=str(trigger.created_ns // NS_PER_MS),
        u_time=str(trigger.time_ns // NS_PER_MS),
        trade_quote_ccy=pair.quote.symbol,
        amend_result="0" if trigger.is_amendment else "",
        req_id=trigger.request_id.decode(),
        trigger_trade=_fired_by(trigger, pair),
    )


def move_trigger(trigger: TriggerChanged) -> int:
    """Work out the price at which a trailing stop fires now, in ticks; 0 before its activation."""
    best, ratio = trigger.extreme, trigger.callback_ratio_ppb
    if not best:
        return 0
    if trigger.side is Side.SELL:
        return max(0, best * (_PPB - ratio) // _PPB if ratio else best - trigger.callback_spread)
    return -(-best * (_PPB + ratio) // _PPB) if ratio else best + trigger.callback_spread


def _usd(trigger: TriggerChanged, pair: Instrument, prices: Prices) -> str:
    if trigger.flags & SIZE_IN_QUOTE:
        value = pair.notional_grid.value(trigger.size)
    else:
        last = prices.last_price(pair.symbol) or pair.reference_price
        value = EXACT.multiply(pair.lots_to_value(trigger.size), last)
    return usd_text(EXACT.multiply(value, prices.usd_price(pair.quote.symbol)))


def _fired_by(trigger: TriggerChanged, pair: Instrument) -> TriggerTrade:
    if not trigger.fired_leg:
        return TriggerTrade()
    return TriggerTrade(
        trade_id=str(trigger.fired_trade),
        px=leg_price(trigger.fired_price, pair),
        ts=str(trigger.fired_ns // NS_PER_MS),
    )


def _target(trigger: TriggerChanged) -> str:
    """Write what the size counts, where a client may choose: for market orders of take-profits and stop-losses."""
    if trigger.flags & SIZE_IN_QUOTE:
        return "quote_ccy"
    prices = [
        price for ticks, price in zip(trigger.legs[::2], trigger.legs[1::2], strict=True) if ticks
    ]
    is_simple = trigger.kind in {TriggerKind.CONDITIONAL, TriggerKind.ONE_CANCELS_OTHER}
    return "base_ccy" if is_simple and set(prices) == {MARKET} else ""


def _size(trigger: TriggerChanged, size: int, pair: Instrument) -> str:
    if trigger.flags & SIZE_IN_QUOTE:
        return pair.notional_to_text(size)
    return pair.lots_to_text(size)


def _actual_side(trigger: TriggerChanged) -> str:
    is_simple = trigger.kind in {TriggerKind.CONDITIONAL, TriggerKind.ONE_CANCELS_OTHER}
    if trigger.state is not TriggerState.EFFECTIVE or not is_simple:
        return ""
    return "sl" if trigger.fired_leg == 2 else "tp"  # noqa: PLR2004  # the second leg
