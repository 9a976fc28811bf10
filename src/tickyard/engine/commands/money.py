"""Movements of money: once per key, however often they are sent."""

from struct import Struct
from typing import Final

from tickyard.engine.commands.layout import CLIENT_ID_SIZE, HEADER, name, wide
from tickyard.engine.records import AccountId, AssetId, CommandKind, PostingReason, Wallet

_KEY_SIZE: Final = 16
_TRANSFER = Struct(HEADER + "II16sIBB2x16s32s24x")
_CREDIT_OR_DEBIT = Struct(HEADER + "IBB2x16s16s64x")


def transfer(
    *,
    account: AccountId,
    from_account: AccountId,
    to_account: AccountId,
    asset: AssetId,
    amount: int,
    from_wallet: Wallet,
    to_wallet: Wallet,
    key: bytes,
    client_id: bytes = b"",
) -> bytes:
    """Move money between wallets of one account, or between accounts of one master, once per key.

    Args:
        account: who acts.
        from_account: from whom.
        to_account: to whom.
        asset: of what.
        amount: how much, in the asset's unit.
        from_wallet: out of which wallet.
        to_wallet: into which wallet.
        key: 16 bytes that name the movement for ever.
        client_id: the client's name for it, up to 32 ASCII letters and digits.
    """
    return _TRANSFER.pack(
        CommandKind.TRANSFER,
        0,
        account,
        from_account,
        to_account,
        wide(amount),
        asset,
        from_wallet,
        to_wallet,
        _key(key),
        name(client_id, CLIENT_ID_SIZE),
    )


def credit(
    *,
    account: AccountId,
    asset: AssetId,
    amount: int,
    key: bytes,
    wallet: Wallet = Wallet.FUNDING,
    reason: PostingReason = PostingReason.CREDIT,
) -> bytes:
    """Bring money in from outside, once per key; `amount` is in the asset's unit."""
    return _CREDIT_OR_DEBIT.pack(
        CommandKind.CREDIT, 0, account, asset, wallet, reason, wide(amount), _key(key)
    )


def debit(
    *,
    account: AccountId,
    asset: AssetId,
    amount: int,
    key: bytes,
    wallet: Wallet = Wallet.FUNDING,
    reason: PostingReason = PostingReason.DEBIT,
) -> bytes:
    """Take money out, once per key; `amount` is in the asset's unit."""
    return _CREDIT_OR_DEBIT.pack(
        CommandKind.DEBIT, 0, account, asset, wallet, reason, wide(amount), _key(key)
    )


def _key(key: bytes) -> bytes:
    """Check the length of a movement's key."""
    if len(key) != _KEY_SIZE:
        raise ValueError(f"a key of {_KEY_SIZE} bytes was {len(key)} long")
    return key
