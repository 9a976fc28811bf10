"""REST endpoints of the funding wallet. Source: OKX v5, "Funding Account"."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec.structs import replace

from tickyard.account.balances import only
from tickyard.account.errors import TransferNotFound
from tickyard.account.model import Bill, Transfer, TransferKind
from tickyard.account.parts import Parts
from tickyard.account.transfers import number_of, transfer_key
from tickyard.account.wire.balance import usd_value
from tickyard.account.wire.bills import funding_bill_row, funding_filter
from tickyard.account.wire.funding import (
    client_name,
    currency_row,
    funding_row,
    read_transfer,
    transfer_row,
    transfer_state_row,
    valuation_row,
)
from tickyard.account.wire.values import currencies, currency
from tickyard.base.ids import Seq
from tickyard.engine.rows import last_seq
from tickyard.gateway.route import Access, Answer, Handler, Limit, Request, Route
from tickyard.instruments.errors import EitherIsNeeded
from tickyard.instruments.grid import EXACT
from tickyard.instruments.params import members, optional_choice, whole

_DOLLAR = "USD"
_BITCOIN = "BTC"


def funding_routes(parts: Parts) -> list[Route]:
    """List the endpoints of the funding wallet."""
    own = FundingEndpoints(parts)
    return [
        _route("GET", "currencies", own.currencies, Limit(6, 1_000, "user"), "Currencies"),
        _route("GET", "balances", own.balances, Limit(6, 1_000, "user"), "The funding wallet"),
        _route("GET", "asset-valuation", own.valuation, Limit(1, 1_000, "user"), "Total worth"),
        _route("GET", "bills", own.bills, Limit(6, 1_000, "user"), "Lines of the funding wallet"),
        _route("GET", "bills-history", own.bills, Limit(1, 1_000, "user"), "Lines of all times"),
        _route("POST", "transfer", own.transfer, Limit(2, 1_000, "user+currency"), "Move money"),
        _route("GET", "transfer-state", own.transfer_state, Limit(10, 1_000, "user"), "A transfer"),
    ]


class FundingEndpoints:
    """Answers about the funding wallet."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def currencies(self, request: Request) -> Answer:
        """List currencies; neither deposits nor withdrawals are open."""
        wanted = currencies(self._parts.catalog, request.params) or self._parts.catalog.assets
        return Answer([currency_row(asset) for asset in wanted])

    async def balances(self, request: Request) -> Answer:
        """Show what the funding wallet holds; currencies with nothing are left out."""
        wanted = currencies(self._parts.catalog, request.params)
        found = await self._parts.portfolios.read(request.account)
        return Answer([funding_row(holding) for holding in only(found.funding, wanted)])

    async def valuation(self, request: Request) -> Answer:
        """Tell what both wallets are worth, in bitcoin unless another currency is named."""
        symbol = request.params.get("ccy", _BITCOIN)
        if symbol != _DOLLAR:
            currency(self._parts.catalog, symbol)
        price = Decimal(1) if symbol == _DOLLAR else self._parts.prices.usd_price(symbol)
        found = await self._parts.portfolios.read(request.account)
        trading = funding = Decimal(0)
        for holding in found.holdings:
            trading = EXACT.add(trading, usd_value(holding, holding.trading))
            funding = EXACT.add(funding, usd_value(holding, holding.funding))
        return Answer([valuation_row(trading, funding, price, found.time_ms)])

    async def bills(self, request: Request) -> Answer:
        """List ledger lines of the funding wallet, newest first."""
        is_master = request.account == request.signer.master
        wanted = funding_filter(request.params, self._parts.catalog, is_master=is_master)
        if wanted is None:
            return Answer([])
        client_id = client_name(request.params)
        if client_id:
            wanted = replace(wanted, key=transfer_key(request.account, client_id))
        newest = last_seq(await self._parts.core.account(request.account))
        found = await self._parts.ledger.bills(request.account, newest, wanted)
        return Answer(
            [funding_bill_row(bill, self._parts.catalog, is_master=is_master) for bill in found]
        )

    async def transfer(self, request: Request) -> Answer:
        """Move money between the wallets of the account, or between it and another of its owner."""
        wanted = read_transfer(members(request.body), self._parts.catalog)
        parties = await self._parts.family.parties(request.signer, wanted)
        number = await self._parts.transfers.make(request.account, parties, wanted)
        return Answer([transfer_row(number, wanted)])

    async def transfer_state(self, request: Request) -> Answer:
        """Find a transfer by its number, else by the client's name for it."""
        number = whole(request.params, "transId")
        client_id = client_name(request.params)
        optional_choice(request.params, "type", list(TransferKind))
        if number is None and not client_id:
            raise EitherIsNeeded("transId", "clientId")
        if number is not None:
            lines = await self._by_number(request, Seq(number))
        else:
            lines = await self._parts.transfers.by_client_id(request.account, client_id)
        if not lines:
            raise TransferNotFound("clientId" if number is None else "transId")
        kind, name = await self._parts.family.describe(request.signer, lines[0])
        made = self._made(lines[0], kind, name)
        return Answer([transfer_state_row(number_of(lines), made)])

    async def _by_number(self, request: Request, number: Seq) -> Sequence[Bill]:
        for account in await self._parts.family.searched(request.signer):
            if lines := await self._parts.transfers.by_number(account, number):
                return lines
        return ()

    def _made(self, line: Bill, kind: TransferKind, name: str) -> Transfer:
        assert line.counter_wallet is not None, "Invariant: a transfer has two wallets"
        wallets = (line.wallet, line.counter_wallet)
        source, target = wallets if line.amount < 0 else wallets[::-1]
        asset = self._parts.catalog.asset(line.asset)
        return Transfer(asset, abs(line.amount), source, target, line.client_id, kind, name)


def _route(method: str, name: str, handler: Handler, limit_: Limit, summary: str) -> Route:
    return Route(
        method=method,
        path=f"/api/v5/asset/{name}",
        access=Access.READ if method == "GET" else Access.TRADE,
        handler=handler,
        limit=limit_,
        summary=summary,
    )
