"""Between whom money may move: the wallets of one account, a master account and its sub-accounts, two sub-accounts."""

from collections.abc import Sequence

from tickyard.account.errors import (
    MAY_NOT_GIVE,
    NO_SUB_ACCOUNT,
    NOT_FOR_THIS_KEY,
    NOT_TWO_SUB_ACCOUNTS,
    OnlyMaster,
    SubAccountNotFound,
    TransferRefused,
)
from tickyard.account.model import Bill, Parties, Relatives, SubAccount, Transfer, TransferKind
from tickyard.base.ids import AccountId
from tickyard.gateway.route import Caller

_OF_MASTER = frozenset({TransferKind.TO_SUB, TransferKind.FROM_SUB})
_OF_SUB_ACCOUNT = frozenset({TransferKind.UP, TransferKind.ACROSS})


class Family:
    """Judges transfers by who is whose."""

    def __init__(self, relatives: Relatives) -> None:
        self._relatives = relatives

    async def sub_accounts(self, caller: Caller) -> Sequence[SubAccount]:
        """List the sub-accounts of whoever calls.

        Raises:
            OnlyMaster: the key is of a sub-account.
        """
        if caller.account != caller.master:
            raise OnlyMaster
        return await self._relatives.of(caller.master)

    async def sub_account(self, caller: Caller, name: str) -> SubAccount:
        """Find a sub-account of whoever calls.

        Raises:
            OnlyMaster: the key is of a sub-account.
            SubAccountNotFound: there is none of this name.
        """
        for account in await self.sub_accounts(caller):
            if account.name == name:
                return account
        raise SubAccountNotFound

    async def parties(self, caller: Caller, wanted: Transfer) -> Parties:
        """Tell who gives and who receives.

        A sub-account's own key may move money to its master account unless that was forbidden, and to another
        sub-account only when it was allowed.
        Source: OKX v5, POST /api/v5/asset/transfer, "type"; POST /api/v5/users/subaccount/set-transfer-out.

        Raises:
            TransferRefused: the caller may not do that, or there is no such sub-account.
        """
        kind, mine = wanted.kind, caller.account
        if kind is TransferKind.WITHIN:
            return Parties(mine, mine)
        is_master = mine == caller.master
        if kind in (_OF_SUB_ACCOUNT if is_master else _OF_MASTER):
            raise TransferRefused(*NOT_FOR_THIS_KEY)
        accounts = await self._relatives.of(caller.master)
        if not is_master:
            _check_may_give(accounts, mine, kind)
        if kind is TransferKind.UP:
            return Parties(mine, caller.master)
        other = _number(accounts, wanted.sub_account)
        if other == mine:
            raise TransferRefused(*NOT_TWO_SUB_ACCOUNTS)
        return Parties(other, mine) if kind is TransferKind.FROM_SUB else Parties(mine, other)

    async def between(self, caller: Caller, giver: str, receiver: str) -> Parties:
        """Tell who gives and who receives of two sub-accounts, by the master account's order.

        Raises:
            OnlyMaster: the key is of a sub-account.
            TransferRefused: they are not two sub-accounts of the caller.
        """
        accounts = await self.sub_accounts(caller)
        parties = Parties(_number(accounts, giver), _number(accounts, receiver))
        if parties.giver == parties.receiver:
            raise TransferRefused(*NOT_TWO_SUB_ACCOUNTS)
        return parties

    async def searched(self, caller: Caller) -> Sequence[AccountId]:
        """List the accounts of which the caller may find transfers, the own first."""
        if caller.account != caller.master:
            return [caller.account]
        found = await self._relatives.of(caller.master)
        return [caller.account, *(account.account for account in found)]

    async def describe(self, caller: Caller, line: Bill) -> tuple[TransferKind, str]:
        """Tell between whom a transfer was, and the name of the sub-account on the other side."""
        giver, receiver = line.account, line.counter_account
        if giver == receiver:
            return TransferKind.WITHIN, ""
        if line.amount > 0:
            giver, receiver = receiver, giver
        names = {one.account: one.name for one in await self._relatives.of(caller.master)}
        if giver == caller.master:
            return TransferKind.TO_SUB, names[receiver]
        if receiver != caller.master:
            return TransferKind.ACROSS, names[receiver]
        if caller.account == caller.master:
            return TransferKind.FROM_SUB, names[giver]
        return TransferKind.UP, ""


def _number(accounts: Sequence[SubAccount], name: str) -> AccountId:
    for account in accounts:
        if account.name == name:
            return account.account
    raise TransferRefused(*NO_SUB_ACCOUNT)


def _check_may_give(accounts: Sequence[SubAccount], mine: AccountId, kind: TransferKind) -> None:
    may = next((one.can_transfer_out for one in accounts if one.account == mine), None)
    if may is None:
        may = kind is TransferKind.UP
    if not may:
        raise TransferRefused(*MAY_NOT_GIVE)
