"""Balances and ledger lines: the nouns of this slice, and what it asks of others."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from msgspec import Struct

from tickyard.base.ids import AccountId, AssetId, InstrumentId, OrderId, Seq, TradeId
from tickyard.engine.records import PostingReason, Side, Wallet
from tickyard.engine.replies import Reply
from tickyard.engine.rows import AccountRow, Balances
from tickyard.instruments.model import Asset

PAGE_MAX: Final = 100
"""Rows in one answer, at most; larger wishes are cut to it."""


class Core(Protocol):
    """What is asked of the core."""

    async def balances(self, account: AccountId) -> Balances:
        """Read what the account has of each asset."""
        ...

    async def account(self, account: AccountId) -> AccountRow | None:
        """Read the account's settings and counters."""
        ...

    async def submit(self, record: bytes) -> Reply:
        """Submit one command."""
        ...

    async def has_key(self, key: bytes) -> bool:
        """Tell whether a movement with this key has been made."""
        ...


class Prices(Protocol):
    """What things are worth: by the last trade, before the first by the listing."""

    def last_price(self, inst_id: str) -> Decimal | None:
        """The last price of a pair, in quote for one base; None when there is no such pair."""
        ...

    def usd_price(self, symbol: str) -> Decimal:
        """What one of an asset is worth in USD."""
        ...


class Watcher(Protocol):
    """Has events of an account sent to this worker, from then on."""

    async def watch(self, account: AccountId) -> Seq:
        """Begin; returns the command after which no event is missed."""
        ...


class Holding(Struct, frozen=True):
    """What an account has of one asset, and what that is worth."""

    asset: Asset
    trading: int
    """The trading balance in ledger units, what orders hold included."""
    hold: int
    """The part of `trading` that orders hold."""
    funding: int
    usd_price: Decimal
    """What one is worth in USD."""

    @property
    def free(self) -> int:
        """The part of the trading balance that no order holds."""
        return self.trading - self.hold


class Bill(Struct, frozen=True):
    """One line of the ledger: how one wallet changed by one posting."""

    bill_id: int
    """Grows with time: `Event.number`."""
    account: AccountId
    wallet: Wallet
    asset: AssetId
    reason: PostingReason
    amount: int
    """Ledger units, signed, fee included."""
    balance: int
    """The wallet's balance afterwards."""
    fee: int
    """The part of `amount` that is fee (negative) or rebate (positive)."""
    time_ms: int
    instrument: InstrumentId
    """Where it was traded; 0 for other lines, as in the six fields that follow."""
    side: Side | None
    price: int
    size: int
    order_id: OrderId
    trade_id: TradeId
    is_taker: bool
    client_id: str
    """The client's name for the order, or for the transfer."""
    tag: str
    counter_wallet: Wallet | None
    """The other wallet of a transfer."""
    counter_account: AccountId
    """The other account of a transfer; 0 for other lines."""
    index_price: int
    """What the instrument was worth outside when it was traded, in ticks; 0 when nobody had said."""


class BillFilter(Struct, frozen=True):
    """Which lines of an account somebody asks for. None means any."""

    wallet: Wallet | None = Wallet.TRADING
    asset: AssetId | None = None
    instrument: InstrumentId | None = None
    reasons: frozenset[PostingReason] | None = None
    side: Side | None = None
    is_incoming: bool | None = None
    """Only lines that add to the wallet, or only such that take from it."""
    is_within: bool | None = None
    """Only transfers between the wallets of the account, or only such with another account."""
    counter_accounts: frozenset[AccountId] | None = None
    """Only transfers with one of these accounts."""
    key: bytes | None = None
    """Only the movement of this key."""
    older_than: int | None = None
    """Only lines with a smaller id."""
    newer_than: int | None = None
    """Only lines with a larger id."""
    begin_ms: int | None = None
    """Only lines of this time or later."""
    end_ms: int | None = None
    """Only lines of this time or earlier."""
    limit: int = PAGE_MAX


class SubAccount(Protocol):
    """An account of the same owner as a master account."""

    @property
    def account(self) -> AccountId:
        """Its number."""
        ...

    @property
    def name(self) -> str:
        """What its owner calls it."""
        ...

    @property
    def can_transfer_out(self) -> bool | None:
        """Whether its own keys may move money out of it; None until somebody has said so."""
        ...


class Relatives(Protocol):
    """Knows which accounts have the same owner."""

    async def of(self, master: AccountId) -> Sequence[SubAccount]:
        """List the sub-accounts of a master account."""
        ...


class TransferKind(StrEnum):
    """Between whom money moves. Source: OKX v5, POST /api/v5/asset/transfer, "type"."""

    WITHIN = "0"
    TO_SUB = "1"
    FROM_SUB = "2"
    UP = "3"
    """From a sub-account to its master account, by the sub-account's own key."""
    ACROSS = "4"
    """From a sub-account to another."""


class Transfer(Struct, frozen=True):
    """One movement that somebody wishes, or that was made."""

    asset: Asset
    amount: int
    """Ledger units."""
    source: Wallet
    target: Wallet
    client_id: str = ""
    """The client's name for it; a second transfer of the same name moves nothing."""
    kind: TransferKind = TransferKind.WITHIN
    sub_account: str = ""
    """The name of the sub-account that is the other side."""


class Parties(Struct, frozen=True):
    """Who gives and who receives."""

    giver: AccountId
    receiver: AccountId


class Ledger(Protocol):
    """Lines of the past, as the read database has them. `seq` is the command that must be in it."""

    async def bills(self, account: AccountId, seq: Seq, wanted: BillFilter) -> Sequence[Bill]:
        """List lines, newest first."""
        ...

    async def movement(self, account: AccountId, seq: Seq, command: Seq) -> Sequence[Bill]:
        """The lines of the account that one command wrote."""
        ...

    async def movement_of_key(self, account: AccountId, seq: Seq, key: bytes) -> Sequence[Bill]:
        """The lines of the account that a movement with this key wrote."""
        ...
