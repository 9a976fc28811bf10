"""Demo money that an owner adds to the trading wallet, three times a day, or takes away.

Which additions were made is known by their keys, which the core remembers for ever: each is named by account, day and
number of the day, so that neither a crash nor a second worker gives a fourth.
"""

import secrets
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from msgspec import Struct

from tickyard.account.errors import DEMO_MONEY, DemoMoneyRefused, TooOften
from tickyard.account.model import Core
from tickyard.base.clock import DAY_MS, Clock
from tickyard.base.ids import AccountId
from tickyard.engine import commands
from tickyard.engine.records import Refusal, Wallet
from tickyard.instruments.model import Asset

ADDITIONS_MAX: Final = 3
"""In one day, UTC, of one account. Source: OKX v5, POST /api/v5/account/demo-adjust-balance, "Rate Limit"."""


class Adjustment(Struct, frozen=True):
    """So much more, or less, of one currency."""

    asset: Asset
    amount: int
    """Ledger units, more than zero."""


class DemoBalance:
    """Adds demo money and takes it away."""

    def __init__(self, core: Core, clock: Clock) -> None:
        self._core = core
        self._clock = clock

    async def left(self, account: AccountId) -> int:
        """Count the additions that are left for today."""
        return ADDITIONS_MAX - await self._made(account)

    async def increase(self, account: AccountId, wanted: Sequence[Adjustment]) -> None:
        """Add to the trading wallet.

        Raises:
            TooOften: today's additions are used up.
            DemoMoneyRefused: the core refused; what came before it in the list was added.
        """
        for number in range(await self._made(account), ADDITIONS_MAX):
            if await self._claim(account, number, wanted[0]):
                for place, adjustment in enumerate(wanted[1:], 1):
                    await self._add(self._key(account, number, place), account, adjustment)
                return
        raise TooOften

    async def reduce(self, account: AccountId, wanted: Sequence[Adjustment]) -> None:
        """Take from the trading wallet.

        Raises:
            DemoMoneyRefused: there is not as much; what came before it in the list was taken.
        """
        for adjustment in wanted:
            reply = await self._core.submit(
                commands.debit(
                    account=account,
                    asset=adjustment.asset.asset,
                    amount=adjustment.amount,
                    wallet=Wallet.TRADING,
                    key=secrets.token_bytes(16),
                )
            )
            if reply.refusal is not None:
                raise DemoMoneyRefused(*DEMO_MONEY[reply.refusal])

    async def _made(self, account: AccountId) -> int:
        for number in range(ADDITIONS_MAX):
            if not await self._core.has_key(self._key(account, number, 0)):
                return number
        return ADDITIONS_MAX

    async def _claim(self, account: AccountId, number: int, first: Adjustment) -> bool:
        """Add the first currency; False when another worker has just used this number."""
        try:
            return await self._add(self._key(account, number, 0), account, first)
        except DemoMoneyRefused as refusal:
            if refusal.why is Refusal.KEY_REUSED:
                return False
            raise

    async def _add(self, key: bytes, account: AccountId, adjustment: Adjustment) -> bool:
        reply = await self._core.submit(
            commands.credit(
                account=account,
                asset=adjustment.asset.asset,
                amount=adjustment.amount,
                wallet=Wallet.TRADING,
                key=key,
            )
        )
        if reply.refusal is not None:
            raise DemoMoneyRefused(*DEMO_MONEY[reply.refusal], why=reply.refusal)
        return not reply.value

    def _key(self, account: AccountId, number: int, place: int) -> bytes:
        day = self._clock.now_ms() // DAY_MS
        name = f"demo addition {account} {day} {number} {place}"
        return blake2b(name.encode(), digest_size=16).digest()
