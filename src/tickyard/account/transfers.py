"""Moving money between the two wallets of an account, and between accounts of one owner."""

import secrets
from collections.abc import Sequence
from hashlib import blake2b

from tickyard.account.errors import (
    FUNDING_TOO_SMALL,
    TRANSFER,
    TransferRefused,
)
from tickyard.account.model import Bill, Core, Ledger, Parties, Transfer
from tickyard.base.ids import AccountId, Seq
from tickyard.engine import commands
from tickyard.engine.events import EVENT_INDEX_BITS
from tickyard.engine.records import PostingReason, Refusal, Wallet
from tickyard.engine.rows import last_seq


class Transfers:
    """Makes transfers and finds them again. A transfer is numbered by its command."""

    def __init__(self, *, core: Core, ledger: Ledger) -> None:
        self._core = core
        self._ledger = ledger

    async def make(self, account: AccountId, parties: Parties, wanted: Transfer) -> Seq:
        """Move the money.

        Args:
            account: who orders it.
            parties: who gives and who receives.
            wanted: what moves.

        Returns:
            The number of the transfer; that of the first one when the name was used for the same before.

        Raises:
            TransferRefused: the core did not move it.
        """
        reply = await self._core.submit(
            commands.transfer(
                account=account,
                from_account=parties.giver,
                to_account=parties.receiver,
                asset=wanted.asset.asset,
                amount=wanted.amount,
                from_wallet=wanted.source,
                to_wallet=wanted.target,
                key=transfer_key(account, wanted.client_id),
                client_id=wanted.client_id.encode(),
            )
        )
        if reply.refusal is Refusal.INSUFFICIENT_BALANCE and wanted.source is Wallet.FUNDING:
            raise TransferRefused(*FUNDING_TOO_SMALL)
        if reply.refusal is not None:
            raise TransferRefused(*TRANSFER[reply.refusal])
        if reply.value:
            first = await self.by_client_id(account, wanted.client_id)
            return number_of(first) if first else reply.seq
        return reply.seq

    async def by_number(self, account: AccountId, number: Seq) -> Sequence[Bill]:
        """The lines that a transfer wrote; none when the account made no such transfer."""
        newest = await self._newest(account)
        if number > newest:
            return ()
        found = await self._ledger.movement(account, newest, number)
        return [line for line in found if line.reason is PostingReason.TRANSFER]

    async def by_client_id(self, account: AccountId, client_id: str) -> Sequence[Bill]:
        """The lines that a named transfer wrote; none when the account made no such transfer."""
        key = transfer_key(account, client_id)
        return await self._ledger.movement_of_key(account, await self._newest(account), key)

    async def _newest(self, account: AccountId) -> Seq:
        return last_seq(await self._core.account(account))


def number_of(lines: Sequence[Bill]) -> Seq:
    """The number of the transfer that wrote these lines."""
    return Seq(lines[0].bill_id >> EVENT_INDEX_BITS)


def transfer_key(account: AccountId, client_id: str) -> bytes:
    """Make the key of a transfer that somebody orders: always the same for a name, never for none."""
    if not client_id:
        # The gateway's own resending is caught by the origin of the command; this only must not repeat.
        return secrets.token_bytes(16)
    return blake2b(f"transfer {account} {client_id}".encode(), digest_size=16).digest()
