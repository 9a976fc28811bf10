"""Postings."""

from struct import Struct

from tickyard.engine.event_codec.layout import HEADER, SIDES, Decoders
from tickyard.engine.events import Posted, TransferNamed
from tickyard.engine.records import EventKind, PostingReason, Wallet

_POSTED = Struct(HEADER + "IIQqQqQqqqQQIBBBBB3xI16s")
_TRANSFER_NAMED = Struct(HEADER + "I4x16s32s")
_WALLETS = {v.value: v for v in Wallet}
_REASONS = {v.value: v for v in PostingReason}


def _posted(data: bytes | memoryview, at: int) -> Posted:
    (
        index,
        seq,
        time_ns,
        account,
        asset,
        amount_low,
        amount_high,
        balance_low,
        balance_high,
        fee_low,
        fee_high,
        size,
        price,
        order_id,
        trade_id,
        instrument,
        wallet,
        reason,
        side,
        is_taker,
        counter_wallet,
        counter_account,
        key,
    ) = _POSTED.unpack_from(data, at)
    return Posted(
        seq,
        index,
        time_ns,
        account,
        asset,
        amount_high << 64 | amount_low,
        balance_high << 64 | balance_low,
        fee_high << 64 | fee_low,
        size,
        price,
        order_id,
        trade_id,
        instrument,
        _WALLETS[wallet],
        _REASONS[reason],
        SIDES.get(side),
        is_taker == 1,
        _WALLETS.get(counter_wallet),
        counter_account,
        key,
    )


def _transfer_named(data: bytes | memoryview, at: int) -> TransferNamed:
    index, seq, time_ns, account, key, client_id = _TRANSFER_NAMED.unpack_from(data, at)
    return TransferNamed(seq, index, time_ns, account, key, client_id.rstrip(b"\0"))


DECODERS: Decoders = {
    EventKind.POSTED: (_POSTED.size, _posted),
    EventKind.TRANSFER_NAMED: (_TRANSFER_NAMED.size, _transfer_named),
}
