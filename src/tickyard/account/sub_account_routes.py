"""REST endpoints by which a master account sees to its sub-accounts' money. Source: OKX v5, "Sub-account"."""

from tickyard.account.balances import only
from tickyard.account.model import SubAccount, TransferKind
from tickyard.account.parts import Parts
from tickyard.account.wire.balance import balance_row
from tickyard.account.wire.bills import sub_account_bill_row, sub_account_filter
from tickyard.account.wire.funding import funding_row, read_movement
from tickyard.account.wire.settings import max_withdrawal_row
from tickyard.account.wire.values import currencies
from tickyard.engine.rows import last_seq
from tickyard.gateway.route import Access, Answer, Handler, Limit, Request, Route
from tickyard.instruments.errors import ParameterMissing
from tickyard.instruments.params import members, required


def sub_account_routes(parts: Parts) -> list[Route]:
    """List the endpoints."""
    own = SubAccountMoney(parts)
    return [
        _route("GET", "account/subaccount/balances", own.trading, Limit(6, 2_000, "user")),
        _route(
            "GET", "account/subaccount/max-withdrawal", own.withdrawal, Limit(20, 2_000, "user")
        ),
        _route("GET", "asset/subaccount/balances", own.funding, Limit(6, 1_000, "user")),
        _route("GET", "asset/subaccount/bills", own.bills, Limit(6, 1_000, "user")),
        _route(
            "GET",
            "asset/subaccount/managed-subaccount-bills",
            own.in_trust,
            Limit(6, 1_000, "user"),
        ),
        _route("POST", "asset/subaccount/transfer", own.transfer, Limit(1, 1_000, "user")),
    ]


class SubAccountMoney:
    """Answers to a master account about its sub-accounts."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def trading(self, request: Request) -> Answer:
        """Show what the trading wallet of a sub-account holds."""
        found = await self._parts.portfolios.read((await self._asked(request)).account)
        return Answer([balance_row(found.trading, found.trading, found.time_ms)])

    async def withdrawal(self, request: Request) -> Answer:
        """Tell how much of each currency may leave the trading wallet of a sub-account."""
        account = await self._asked(request)
        wanted = currencies(self._parts.catalog, request.params)
        found = await self._parts.portfolios.read(account.account)
        return Answer([max_withdrawal_row(holding) for holding in only(found.trading, wanted)])

    async def funding(self, request: Request) -> Answer:
        """Show what the funding wallet of a sub-account holds."""
        account = await self._asked(request)
        wanted = currencies(self._parts.catalog, request.params)
        found = await self._parts.portfolios.read(account.account)
        return Answer([funding_row(holding) for holding in only(found.funding, wanted)])

    async def bills(self, request: Request) -> Answer:
        """List transfers between the master account and its sub-accounts, newest first."""
        names = {
            account.account: account.name
            for account in await self._parts.family.sub_accounts(request.signer)
        }
        if "subAcct" in request.params:
            account = await self._asked(request)
            names = {account.account: account.name}
        wanted = sub_account_filter(request.params, self._parts.catalog, frozenset(names))
        if not names:
            return Answer([])
        newest = last_seq(await self._parts.core.account(request.account))
        return Answer(
            [
                sub_account_bill_row(bill, self._parts.catalog, names[bill.counter_account])
                for bill in await self._parts.ledger.bills(request.account, newest, wanted)
            ]
        )

    async def in_trust(self, request: Request) -> Answer:
        """List transfers of sub-accounts that the caller trades for others: there are none."""
        await self._parts.family.sub_accounts(request.signer)
        sub_account_filter(request.params, self._parts.catalog, frozenset())
        return Answer([])

    async def transfer(self, request: Request) -> Answer:
        """Move money between two sub-accounts."""
        body = members(request.body)
        for name in ("ccy", "amt", "from", "to", "fromSubAccount", "toSubAccount"):
            if name not in body:
                raise ParameterMissing(name)
        giver, receiver = str(body["fromSubAccount"]), str(body["toSubAccount"])
        wanted = read_movement(body, self._parts.catalog, TransferKind.ACROSS, receiver)
        parties = await self._parts.family.between(request.signer, giver, receiver)
        number = await self._parts.transfers.make(request.account, parties, wanted)
        return Answer([{"transId": str(number)}])

    async def _asked(self, request: Request) -> SubAccount:
        return await self._parts.family.sub_account(
            request.signer, required(request.params, "subAcct")
        )


def _route(method: str, path: str, handler: Handler, limit: Limit) -> Route:
    return Route(
        method=method,
        path=f"/api/v5/{path}",
        access=Access.READ if method == "GET" else Access.TRADE,
        handler=handler,
        limit=limit,
        summary=(handler.__doc__ or "").partition(".")[0],
    )
