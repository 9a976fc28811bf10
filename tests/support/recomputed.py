"""Fees, bills and balances recomputed from raw trades, by the rules as they are documented.

Nothing of the product is imported here: facts come in as plain numbers, and what comes out is held against the
product's answers. The rules (docs/adr/0006-who-pays-which-fee.md): a fee is in the asset received, rounded up at the
ledger's last digit; a maker's rebate is in the asset given, rounded down; what both leave over is the house's.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_FLOOR, Context, Decimal, Inexact, localcontext
from typing import NamedTuple

TRADING, FUNDING = "18", "6"
"""The wallets, by their numbers on the wire."""
_EXACT = Context(prec=200, traps=[Inexact])


class Trade(NamedTuple):
    """A trade as the public tape has it, and who it was between."""

    time_ms: int
    pair: str
    number: int
    price: Decimal
    size: Decimal
    taker_buys: bool
    taker: int
    maker: int


class Movement(NamedTuple):
    """Money that came into a wallet (more than zero) or left it; a transfer is two of them."""

    time_ms: int
    account: int
    wallet: str
    asset: str
    amount: Decimal


class Rates(NamedTuple):
    """What an account pays from a time on. As on the wire, a negative rate is charged and a positive one paid."""

    time_ms: int
    account: int
    maker: Decimal
    taker: Decimal


class Fee(NamedTuple):
    """A fee (less than zero) or rebate of one side of a trade."""

    amount: Decimal
    asset: str
    rate: Decimal


class Line(NamedTuple):
    """One bill. Those of movements have neither trade nor price."""

    change: Decimal
    balance: Decimal
    fee: Decimal
    size: Decimal
    pair: str = ""
    number: int = 0
    price: Decimal | None = None
    is_buy: bool = False
    is_taker: bool = False


class Purse(NamedTuple):
    """What of one asset is in one wallet of an account."""

    account: int
    wallet: str
    asset: str


class Recomputed:
    """The whole ledger of a market."""

    def __init__(
        self,
        trades: Iterable[Trade],
        movements: Iterable[Movement],
        rates: Iterable[Rates],
        digits: Mapping[str, int],
    ) -> None:
        """Work everything out.

        Args:
            trades: all of them.
            movements: all of them.
            rates: what each account paid from when on; they count from their time to the account's next.
            digits: decimals of each asset in the ledger.
        """
        self._bills: dict[Purse, list[Line]] = defaultdict(list)
        self.fees: dict[tuple[int, str, int], Fee] = {}
        """By account, pair and number of the trade."""
        self.house: dict[str, Decimal] = defaultdict(Decimal)
        """What the house has earned, by asset."""
        self.residue: dict[str, Decimal] = defaultdict(Decimal)
        """What of it comes from rounding alone."""
        self.roundings: Counter[str] = Counter()
        """How many fees and rebates were finer than the last digit."""
        self._balances: dict[Purse, Decimal] = defaultdict(Decimal)
        self._rates: dict[int, Rates] = {}
        self._digits = digits
        with localcontext(_EXACT):
            facts: Sequence[Trade | Movement | Rates] = [*rates, *movements, *trades]
            for fact in sorted(facts, key=_order):
                if isinstance(fact, Rates):
                    self._rates[fact.account] = fact
                elif isinstance(fact, Movement):
                    purse = Purse(fact.account, fact.wallet, fact.asset)
                    self._write(purse, fact.amount, Decimal(0), size=fact.amount)
                else:
                    self._trade(fact)

    def balances(self, wallet: str) -> dict[int, dict[str, Decimal]]:
        """What is left in a wallet of each account, without the assets that are used up."""
        found: dict[int, dict[str, Decimal]] = defaultdict(dict)
        for purse, balance in self._balances.items():
            if purse.wallet == wallet and balance:
                found[purse.account][purse.asset] = balance
        return found

    def lines(self, wallet: str) -> dict[Purse, list[Line]]:
        """The bills of a wallet of everybody, oldest first."""
        return {purse: lines for purse, lines in self._bills.items() if purse.wallet == wallet}

    def _trade(self, trade: Trade) -> None:
        self._side(trade, trade.taker, is_buy=trade.taker_buys, is_taker=True)
        self._side(trade, trade.maker, is_buy=not trade.taker_buys, is_taker=False)

    def _side(self, trade: Trade, account: int, *, is_buy: bool, is_taker: bool) -> None:
        base, quote = trade.pair.split("-")
        moved = {base: trade.size, quote: trade.price * trade.size}
        received, given = (base, quote) if is_buy else (quote, base)
        known = self._rates[account]
        rate = known.taker if is_taker else known.maker
        asset = given if rate > 0 else received
        fee = self._share(moved[asset], rate, asset)
        self.fees[account, trade.pair, trade.number] = Fee(fee, asset, rate)
        self.house[asset] -= fee
        for name in (base, quote):
            part = fee if name == asset else Decimal(0)
            change = (moved[name] if name == received else -moved[name]) + part
            self._write(
                Purse(account, TRADING, name),
                change,
                part,
                size=moved[name],
                pair=trade.pair,
                number=trade.number,
                price=trade.price,
                is_buy=is_buy,
                is_taker=is_taker,
            )

    def _share(self, moved: Decimal, rate: Decimal, asset: str) -> Decimal:
        """The fee, of which more is charged, or the rebate, of which less is paid: with their signs, both go down."""
        exact = moved * rate
        last_digit = Decimal(1).scaleb(-self._digits[asset])
        fee = exact.quantize(last_digit, ROUND_FLOOR, Context(prec=200))
        self.residue[asset] += exact - fee
        self.roundings[asset] += exact != fee
        return fee

    def _write(
        self,
        purse: Purse,
        change: Decimal,
        fee: Decimal,
        *,
        size: Decimal,
        pair: str = "",
        number: int = 0,
        price: Decimal | None = None,
        is_buy: bool = False,
        is_taker: bool = False,
    ) -> None:
        self._balances[purse] += change
        self._bills[purse].append(
            Line(change, self._balances[purse], fee, size, pair, number, price, is_buy, is_taker)
        )


def _order(fact: Trade | Movement | Rates) -> tuple[int, int]:
    """By time; trades of one moment are those of one order, and are numbered."""
    return fact.time_ms, fact.number if isinstance(fact, Trade) else 0
