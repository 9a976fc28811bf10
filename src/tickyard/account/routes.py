"""REST endpoints of the trading account. Source: OKX v5, "Trading Account"."""

from collections.abc import Callable
from typing import Final

from tickyard.account.balances import Portfolios, only
from tickyard.account.demo_balance import DemoBalance
from tickyard.account.family import Family
from tickyard.account.fixed_settings import fixed_settings_routes
from tickyard.account.funding_routes import funding_routes
from tickyard.account.model import Core, Ledger, Prices, Relatives
from tickyard.account.parts import Parts
from tickyard.account.sizes import free_base, free_quote, lots_to_buy, lots_to_sell
from tickyard.account.sub_account_routes import sub_account_routes
from tickyard.account.transfers import Transfers
from tickyard.account.wire.asked import asked_price, fee_groups, pairs_in_cash
from tickyard.account.wire.balance import balance_row, position_risk_row
from tickyard.account.wire.bills import SUB_TYPE_NAMES, bill_filter, bill_row, sub_type_row
from tickyard.account.wire.funding import adjusted_row, read_adjustments
from tickyard.account.wire.settings import (
    available_size_row,
    config_row,
    fee_row,
    max_size_row,
    max_withdrawal_row,
)
from tickyard.account.wire.values import currencies, listed
from tickyard.base.clock import DAY_MS, Clock
from tickyard.base.ids import AccountId
from tickyard.engine.rows import AccountRow
from tickyard.gateway.route import Access, Answer, Handler, Limit, Request, Route
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.params import members, optional_choice
from tickyard.instruments.wire import INSTRUMENT_TYPES

_RECENT_MS: Final = 7 * DAY_MS
_ARCHIVE_MS: Final = 92 * DAY_MS


def routes(
    *,
    core: Core,
    ledger: Ledger,
    catalog: Catalog,
    prices: Prices,
    clock: Clock,
    uid_of: Callable[[AccountId], str],
    relatives: Relatives,
) -> list[Route]:
    """List this slice's REST endpoints.

    Args:
        core: for balances, settings and transfers.
        ledger: for lines of the past.
        catalog: the listing.
        prices: for values in USD.
        clock: exchange time.
        uid_of: makes the public number of an account.
        relatives: knows who is whose sub-account.
    """
    parts = Parts(
        core=core,
        ledger=ledger,
        catalog=catalog,
        prices=prices,
        portfolios=Portfolios(core=core, catalog=catalog, prices=prices),
        transfers=Transfers(core=core, ledger=ledger),
        family=Family(relatives),
    )
    own = AccountEndpoints(parts, clock, uid_of)
    return [
        _get("balance", own.balance, 10, 2_000, "What the trading wallet holds"),
        _get("account-position-risk", own.position_risk, 10, 2_000, "Money and positions at risk"),
        _get("config", own.config, 5, 2_000, "Settings of the account and of the key"),
        _get("trade-fee", own.trade_fee, 5, 2_000, "Fee rates"),
        _get("max-size", own.max_size, 20, 2_000, "The largest order that could be paid for"),
        _get("max-avail-size", own.available_size, 20, 2_000, "What is free to trade with"),
        _get("max-withdrawal", own.max_withdrawal, 20, 2_000, "What may leave the wallet"),
        _get("bills", own.bills, 5, 1_000, "Ledger lines of seven days"),
        _get("bills-archive", own.bills_archive, 5, 2_000, "Ledger lines of three months"),
        _get("subtypes", own.sub_types, 20, 2_000, "Types of ledger lines"),
        Route(
            method="POST",
            path="/api/v5/account/demo-adjust-balance",
            access=Access.TRADE,
            handler=own.adjust_demo_balance,
            limit=Limit(5, 2_000, "user"),
            summary="Add demo money, or take it away",
        ),
        *fixed_settings_routes(),
        *funding_routes(parts),
        *sub_account_routes(parts),
    ]


class AccountEndpoints:
    """Answers about the trading account."""

    def __init__(self, parts: Parts, clock: Clock, uid_of: Callable[[AccountId], str]) -> None:
        self._parts = parts
        self._clock = clock
        self._uid_of = uid_of
        self._demo = DemoBalance(parts.core, clock)

    async def balance(self, request: Request) -> Answer:
        """Show what the trading wallet holds; currencies with nothing are left out."""
        wanted = currencies(self._parts.catalog, request.params)
        found = await self._parts.portfolios.read(request.account)
        held = found.trading
        return Answer([balance_row(held, only(held, wanted), found.time_ms)])

    async def position_risk(self, request: Request) -> Answer:
        """Show the money that positions would put at risk."""
        optional_choice(request.params, "instType", INSTRUMENT_TYPES)
        found = await self._parts.portfolios.read(request.account)
        return Answer([position_risk_row(found.trading, found.time_ms)])

    async def config(self, request: Request) -> Answer:
        """Show the settings of the account and of the key that asks."""
        account = await self._settings(request.account)
        level = self._parts.catalog.fee_level(account.fee_level)
        main_uid = self._uid_of(request.signer.master)
        return Answer([config_row(request.signer, main_uid, level, account.self_trade)])

    async def trade_fee(self, request: Request) -> Answer:
        """Show the fee rates of spot pairs; other products have none."""
        groups = fee_groups(request.params, self._parts.catalog)
        if groups is None:
            return Answer([])
        account = await self._settings(request.account)
        level = self._parts.catalog.fee_level(account.fee_level)
        return Answer([fee_row(level, groups, self._clock.now_ms())])

    async def max_size(self, request: Request) -> Answer:
        """Tell how many coins could be bought and sold, at a price or at the last one."""
        pairs = pairs_in_cash(request.params, self._parts.catalog)
        asked = asked_price(request.params)
        found = await self._parts.portfolios.read(request.account)
        rows = []
        for pair in pairs:
            price = asked or self._parts.prices.last_price(pair.symbol) or pair.reference_price
            buy = lots_to_buy(found, pair, price)
            rows.append(max_size_row(pair, buy, lots_to_sell(found, pair)))
        return Answer(rows)

    async def available_size(self, request: Request) -> Answer:
        """Tell how much money is free to buy with, and how many coins to sell."""
        pairs = pairs_in_cash(request.params, self._parts.catalog)
        found = await self._parts.portfolios.read(request.account)
        return Answer(
            [
                available_size_row(pair, free_quote(found, pair), free_base(found, pair))
                for pair in pairs
            ]
        )

    async def max_withdrawal(self, request: Request) -> Answer:
        """Tell how much of each currency may leave the trading wallet."""
        wanted = currencies(self._parts.catalog, request.params)
        found = await self._parts.portfolios.read(request.account)
        return Answer([max_withdrawal_row(holding) for holding in only(found.trading, wanted)])

    async def bills(self, request: Request) -> Answer:
        """List the newest ledger lines of the trading wallet."""
        return await self._bills(request, _RECENT_MS)

    async def bills_archive(self, request: Request) -> Answer:
        """List ledger lines of the trading wallet."""
        return await self._bills(request, _ARCHIVE_MS)

    async def sub_types(self, request: Request) -> Answer:
        """List the types of ledger lines that there are."""
        wanted = listed(request.params, "type", most=len(SUB_TYPE_NAMES)) or SUB_TYPE_NAMES
        return Answer([sub_type_row(kind) for kind in SUB_TYPE_NAMES if kind in wanted])

    async def adjust_demo_balance(self, request: Request) -> Answer:
        """Add demo money to the trading wallet, or take it away."""
        is_more, wanted = read_adjustments(members(request.body), self._parts.catalog)
        adjust = self._demo.increase if is_more else self._demo.reduce
        await adjust(request.account, wanted)
        found = await self._parts.portfolios.read(request.account)
        return Answer([adjusted_row(wanted, found.trading, await self._demo.left(request.account))])

    async def _bills(self, request: Request, age_ms: int) -> Answer:
        oldest_ms = self._clock.now_ms() - age_ms
        wanted = bill_filter(request.params, self._parts.catalog, oldest_ms=oldest_ms)
        if wanted is None:
            return Answer([])
        account = await self._settings(request.account)
        found = await self._parts.ledger.bills(request.account, account.last_seq, wanted)
        return Answer([bill_row(bill, self._parts.catalog) for bill in found])

    async def _settings(self, account: AccountId) -> AccountRow:
        found = await self._parts.core.account(account)
        assert found is not None, "Invariant: keys belong to accounts that the core knows"
        return found


def _get(name: str, handler: Handler, count: int, per_ms: int, summary: str) -> Route:
    return Route(
        method="GET",
        path=f"/api/v5/account/{name}",
        access=Access.READ,
        handler=handler,
        limit=Limit(count, per_ms, "user"),
        summary=summary,
    )
