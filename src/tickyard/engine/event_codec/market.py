"""Trades, levels of the book, index prices."""

from struct import Struct

from tickyard.engine.event_codec.layout import HEADER, ORDER_STATES, SIDES, Decoders
from tickyard.engine.events import IndexPriceSet, LevelChanged, Traded
from tickyard.engine.records import EventKind

_TRADED = Struct(HEADER + "QqqIBBBxQQIIqqIIq" + "Qq" * 7 + "qq16x")
_LEVEL_CHANGED = Struct(HEADER + "qqIIB7x")
_INDEX_PRICE_SET = Struct(HEADER + "I4xqqq")


def _traded(data: bytes | memoryview, at: int) -> Traded:
    (
        index,
        seq,
        time_ns,
        trade_id,
        price,
        size,
        instrument,
        taker_side,
        taker_state,
        maker_state,
        taker_order,
        maker_order,
        taker_account,
        maker_account,
        taker_filled,
        maker_filled,
        taker_fee_asset,
        maker_fee_asset,
        taker_rate_ppb,
        taker_cost_low,
        taker_cost_high,
        maker_cost_low,
        maker_cost_high,
        taker_fee_low,
        taker_fee_high,
        maker_fee_low,
        maker_fee_high,
        taker_total_low,
        taker_total_high,
        maker_total_low,
        maker_total_high,
        rebate_low,
        rebate_high,
        maker_rate_ppb,
        index_price,
    ) = _TRADED.unpack_from(data, at)
    return Traded(
        seq,
        index,
        time_ns,
        trade_id,
        price,
        size,
        instrument,
        SIDES[taker_side],
        ORDER_STATES[taker_state],
        ORDER_STATES[maker_state],
        taker_order,
        maker_order,
        taker_account,
        maker_account,
        taker_filled,
        maker_filled,
        taker_fee_asset,
        maker_fee_asset,
        taker_rate_ppb,
        taker_cost_high << 64 | taker_cost_low,
        maker_cost_high << 64 | maker_cost_low,
        taker_fee_high << 64 | taker_fee_low,
        maker_fee_high << 64 | maker_fee_low,
        taker_total_high << 64 | taker_total_low,
        maker_total_high << 64 | maker_total_low,
        rebate_high << 64 | rebate_low,
        maker_rate_ppb,
        index_price,
    )


def _level_changed(data: bytes | memoryview, at: int) -> LevelChanged:
    index, seq, time_ns, price, size, instrument, orders, side = _LEVEL_CHANGED.unpack_from(
        data, at
    )
    return LevelChanged(seq, index, time_ns, price, size, instrument, orders, SIDES[side])


def _index_price_set(data: bytes | memoryview, at: int) -> IndexPriceSet:
    index, seq, time_ns, instrument, price, highest_buy, lowest_sell = _INDEX_PRICE_SET.unpack_from(
        data, at
    )
    return IndexPriceSet(seq, index, time_ns, instrument, price, highest_buy, lowest_sell)


DECODERS: Decoders = {
    EventKind.TRADED: (_TRADED.size, _traded),
    EventKind.LEVEL_CHANGED: (_LEVEL_CHANGED.size, _level_changed),
    EventKind.INDEX_PRICE_SET: (_INDEX_PRICE_SET.size, _index_price_set),
}
