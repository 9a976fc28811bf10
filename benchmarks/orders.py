"""The commands that benchmarks send: orders that rest, with client id and tag as clients send them, and their cancels."""

from struct import Struct
from typing import Final

from tickyard.engine import commands
from tickyard.engine.records import (
    AccountId,
    AssetId,
    InstrumentId,
    OrderType,
    Side,
    Wallet,
)

BASE: Final = AssetId(1)
QUOTE: Final = AssetId(2)
PAIR: Final = InstrumentId(1)
ACCOUNTS: Final = tuple(AccountId(n) for n in range(16, 32))
_COIN: Final = 10**18
_ORIGIN: Final = Struct("<QQ")
_RESTING: Final = 64
"""Orders of an account that rest before the oldest is cancelled."""


def definitions() -> list[bytes]:
    """List a pair, and accounts with more money than they can spend."""
    records = [
        commands.define_asset(asset=BASE, symbol=b"BTC"),
        commands.define_asset(asset=QUOTE, symbol=b"USDT"),
        commands.define_fee_level(level=0, maker_ppb=800_000, taker_ppb=1_000_000),
        commands.define_instrument(
            instrument=PAIR,
            symbol=b"BTC-USDT",
            base=BASE,
            quote=QUOTE,
            tick=_COIN // 10,
            lot=_COIN // 10**8,
            min_size=1,
            max_limit_size=10**12,
            max_market_size=10**12,
            max_market_amount=10**17,
            min_price=1,
            max_price=10**8,
        ),
    ]
    for account in ACCOUNTS:
        records.append(commands.define_account(account=account, master=account))
        records += [
            commands.credit(
                account=account,
                asset=asset,
                amount=10**9 * _COIN,
                wallet=Wallet.TRADING,
                key=account.to_bytes(8, "little") + asset.to_bytes(8, "little"),
            )
            for asset in (BASE, QUOTE)
        ]
    return records


class Stream:
    """Commands without end: places and cancels in turn, stamped with origins."""

    def __init__(self, boot: int) -> None:
        self._boot = boot
        self.count = 0
        """The counter of the newest command."""
        self._placed = 0
        self._canceled = 0

    def stamp(self, record: bytes) -> bytes:
        """Write the next origin into a record."""
        stamped = bytearray(record)
        self.count += 1
        _ORIGIN.pack_into(stamped, 8, self._boot, self.count)
        return bytes(stamped)

    def take(self, number: int) -> list[bytes]:
        """Return the next commands."""
        return [self.stamp(self._next()) for _ in range(number)]

    def _next(self) -> bytes:
        if self._placed - self._canceled >= _RESTING * len(ACCOUNTS):
            self._canceled += 1
            return commands.cancel_order(
                account=self._account(self._canceled),
                instrument=PAIR,
                client_id=self._name(self._canceled),
            )
        self._placed += 1
        n = self._placed
        side = Side.BUY if n % 2 else Side.SELL
        distance = 1 + n * 7919 % 500
        return commands.place_order(
            account=self._account(n),
            instrument=PAIR,
            side=side,
            order_type=OrderType.LIMIT,
            price=640_000 - distance if side is Side.BUY else 640_000 + distance,
            size=1_000_000,
            client_id=self._name(n),
            tag=b"e847386590ce4dBC",
        )

    @staticmethod
    def _account(n: int) -> AccountId:
        return ACCOUNTS[n % len(ACCOUNTS)]

    @staticmethod
    def _name(n: int) -> bytes:
        return b"e847386590ce4dBCb939%012d" % n
