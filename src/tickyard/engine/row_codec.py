"""Bytes of answers to private reads into rows.

Layouts are those of `crates/host/src/rows.rs`; `tests/golden/rows.json` holds both sides together.
"""

from struct import Struct
from typing import Final

from tickyard.engine.event_codec import decode
from tickyard.engine.event_codec.layout import (
    ORDER_STATES,
    ORDER_TYPES,
    SELF_TRADES,
    SIDES,
    TRADE_MODES,
)
from tickyard.engine.events import (
    AccountDefined,
    AssetDefined,
    FeeLevelDefined,
    IndexPriceSet,
    InstrumentDefined,
    TriggerChanged,
)
from tickyard.engine.rows import (
    AccountRow,
    BalanceRow,
    Balances,
    BookRow,
    CoreCounts,
    CoreStatus,
    Definitions,
    OpenOrders,
    OpenTriggers,
    OrderRow,
)

_AS_OF: Final = Struct("<QQ")
_ORDER: Final = Struct("<QIIBBBBBB2xqqq" + "Qq" * 3 + "32s16sQQQqqQQ32s8x")
_BALANCE: Final = Struct("<I12x" + "Qq" * 3)
_BOOK: Final = Struct("<QQII")
_LEVEL: Final = Struct("<qqI4x")
_ACCOUNT: Final = Struct("<IIBB2xIQ")
_STATUS: Final = Struct("<QQ32s")
_COUNTS: Final = Struct("<QQ4I5I4x6Q12I12Q")
_CLASSES: Final = ("cancel", "admin", "post_only", "limit", "taker")
_BOUNDS: Final = 12


def decode_orders(payload: bytes) -> OpenOrders:
    """Decode the answer to an open-orders or order query."""
    seq, time_ns = _AS_OF.unpack_from(payload)
    return OpenOrders(seq, time_ns, _orders(memoryview(payload)[_AS_OF.size :]))


def decode_triggers(payload: bytes) -> OpenTriggers:
    """Decode the answer to a triggers query."""
    seq, time_ns = _AS_OF.unpack_from(payload)
    found = decode(payload, _AS_OF.size)
    triggers = [event for event in found if isinstance(event, TriggerChanged)]
    if len(triggers) != len(found):
        raise ValueError("something else came among trigger orders")
    return OpenTriggers(seq, time_ns, triggers)


def decode_balances(payload: bytes) -> Balances:
    """Decode the answer to a balances query."""
    seq, time_ns = _AS_OF.unpack_from(payload)
    rows = [
        BalanceRow(asset, th << 64 | tl, hh << 64 | hl, fh << 64 | fl)
        for asset, tl, th, hl, hh, fl, fh in _BALANCE.iter_unpack(
            memoryview(payload)[_AS_OF.size :]
        )
    ]
    return Balances(seq, time_ns, rows)


def decode_book(payload: bytes) -> BookRow:
    """Decode the answer to a book query."""
    seq, time_ns, bids, asks = _BOOK.unpack_from(payload)
    levels = list(_LEVEL.iter_unpack(memoryview(payload)[_BOOK.size :]))
    if len(levels) != bids + asks:
        raise ValueError(f"{bids} bids and {asks} asks came as {len(levels)} levels")
    return BookRow(seq, time_ns, levels[:bids], levels[bids:])


def decode_account(payload: bytes) -> AccountRow | None:
    """Decode the answer to an account query; empty when there is no such account."""
    if not payload:
        return None
    account, master, fee_level, self_trade, open_orders, last_seq = _ACCOUNT.unpack(payload)
    return AccountRow(account, master, fee_level, SELF_TRADES[self_trade], open_orders, last_seq)


def decode_definitions(payload: bytes) -> Definitions:
    """Decode the answer to a definitions query."""
    found = Definitions([], [], [], [], [])
    for event in decode(payload):
        match event:
            case AssetDefined():
                found.assets.append(event)
            case InstrumentDefined():
                found.instruments.append(event)
            case AccountDefined():
                found.accounts.append(event)
            case FeeLevelDefined():
                found.fee_levels.append(event)
            case IndexPriceSet():
                found.index_prices.append(event)
            case _:
                raise ValueError(f"no definition: {event}")
    return found


def decode_status(payload: bytes) -> CoreStatus:
    """Decode the answer to a status query; a hash of zeros means that none was asked for."""
    seq, time_ns, state_hash = _STATUS.unpack(payload)
    return CoreStatus(seq, time_ns, state_hash.hex() if any(state_hash) else "")


def decode_counts(payload: bytes) -> CoreCounts:
    """Decode what the core counts."""
    _, _, accounts, instruments, open_orders, triggers, *rest = _COUNTS.unpack(payload)
    waiting, rest = rest[: len(_CLASSES)], rest[len(_CLASSES) :]
    appended, full, late, expired, commits, commit_ns, *rest = rest
    return CoreCounts(
        accounts=accounts,
        instruments=instruments,
        open_orders=open_orders,
        triggers=triggers,
        waiting=dict(zip(_CLASSES, waiting, strict=True)),
        appended=appended,
        refused={"full": full, "late": late, "expired": expired},
        commits=commits,
        commit_ns=commit_ns,
        commits_within_us=list(zip(rest[:_BOUNDS], rest[_BOUNDS:], strict=True)),
    )


def _orders(payload: memoryview) -> list[OrderRow]:
    return [
        OrderRow(
            order_id,
            account,
            instrument,
            SIDES[side],
            ORDER_TYPES[order_type],
            TRADE_MODES[trade_mode],
            SELF_TRADES[self_trade],
            flags,
            ORDER_STATES[state],
            price,
            size,
            filled,
            cost_high << 64 | cost_low,
            fee_high << 64 | fee_low,
            rebate_high << 64 | rebate_low,
            client_id.rstrip(b"\0"),
            tag.rstrip(b"\0"),
            created_ns,
            updated_ns,
            last_trade_id,
            last_price,
            last_size,
            last_time_ns,
            trigger_id,
            trigger_client_id.rstrip(b"\0"),
        )
        for (
            order_id,
            account,
            instrument,
            side,
            order_type,
            trade_mode,
            self_trade,
            flags,
            state,
            price,
            size,
            filled,
            cost_low,
            cost_high,
            fee_low,
            fee_high,
            rebate_low,
            rebate_high,
            client_id,
            tag,
            created_ns,
            updated_ns,
            last_trade_id,
            last_price,
            last_size,
            last_time_ns,
            trigger_id,
            trigger_client_id,
        ) in _ORDER.iter_unpack(payload)
    ]
