"""REST endpoints of sub-accounts and their keys. Source: OKX v5, "Sub-account"; the texts of refusals are ours."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Final

from tickyard.gateway.route import Access, Answer, ApiError, Handler, Limit, Request, Route
from tickyard.instruments.params import limit, members, optional_choice, required, whole
from tickyard.site.errors import SiteRefusal
from tickyard.users import wire
from tickyard.users.errors import (
    InvalidKey,
    InvalidName,
    InvalidPassphrase,
    NameTaken,
    NoSuchThing,
    TooMany,
)
from tickyard.users.store import Account
from tickyard.users.sub_accounts import SubAccounts

_PREFIX: Final = "/api/v5/users/"
_LIMIT: Final = Limit(1, 1_000, "user")
_READ: Final = Limit(2, 2_000, "user")
_NAMES_MAX: Final = 20
_FORBIDDEN: Final = "59500"
_NO_SUCH_ACCOUNT: Final = "59510"
_NO_SUCH_KEY: Final = "59506"
_NOT_IN_CUSTODY: Final = "59515"
_TOO_MANY_VALUES: Final = "50025"

_CODES: Final[Mapping[type[SiteRefusal], str]] = {
    InvalidPassphrase: "59505",
    InvalidKey: "51000",
    InvalidName: "51000",
    NameTaken: "59601",
}
"""What clients are told for what pages are told in words."""


class SubAccountEndpoints:
    """What the owner of a master account does with its sub-accounts."""

    def __init__(self, accounts: SubAccounts) -> None:
        self._accounts = accounts

    async def list(self, request: Request) -> Answer:
        """List sub-accounts, newest first."""
        params = request.params
        optional_choice(params, "enable", ("true", "false"))
        older, newer = whole(params, "after"), whole(params, "before")
        found = [
            account
            for account in await self._accounts.of(request.account)
            if params.get("subAcct", account.name) == account.name
            and (older is None or account.created_ms < older)
            and (newer is None or account.created_ms > newer)
        ]
        # None is ever disabled.
        shown = [] if params.get("enable") == "false" else found[: limit(params)]
        return Answer([wire.account_row(account) for account in shown])

    async def create(self, request: Request) -> Answer:
        """Open a sub-account."""
        name, label, is_in_custody = wire.new_account(request.body)
        if is_in_custody:
            raise ApiError(_NOT_IN_CUSTODY, "You are not on the list of those with custody")
        try:
            opened = await self._accounts.open(request.account, name, label)
        except TooMany as refusal:
            raise ApiError("59603", str(refusal)) from None
        return Answer([wire.opened_row(opened)])

    async def set_transfer_out(self, request: Request) -> Answer:
        """Say whether sub-accounts may move money out by themselves."""
        names, may = wire.may_transfer_out(request.body)
        if len(names) > _NAMES_MAX:
            raise ApiError(_TOO_MANY_VALUES, "Too many sub-accounts")
        accounts = [await self._named(request, name) for name in names]
        await self._accounts.let_transfer_out(accounts, may=may)
        return Answer([{"subAcct": name, "canTransOut": may} for name in names])

    async def keys(self, request: Request) -> Answer:
        """Show the keys of a sub-account, or one of them."""
        account = await self._named(request, required(request.params, "subAcct"))
        wanted = request.params.get("apiKey")
        found = await self._accounts.keys(account)
        shown = [key for key in found if wanted in {None, key.api_key}]
        if wanted is not None and not shown:
            raise ApiError(_NO_SUCH_KEY, "The API key does not exist")
        return Answer([wire.key_row(key) for key in shown])

    async def make_key(self, request: Request) -> Answer:
        """Make a key of a sub-account; its secret is in this answer and nowhere else."""
        name = wire.word(members(request.body), "subAcct")
        wish = wire.key_wish(request.body)
        account = await self._named(request, name)
        try:
            made = await self._accounts.make_key(account, wish)
        except TooMany as refusal:
            raise ApiError("59501", str(refusal)) from None
        return Answer([wire.new_key_row(name, made)])

    async def change_key(self, request: Request) -> Answer:
        """Change what a key of a sub-account may do, from where, or its label."""
        sent = members(request.body)
        name, api_key = wire.word(sent, "subAcct"), wire.word(sent, "apiKey")
        change = wire.key_change(sent)
        account = await self._named(request, name)
        try:
            changed = await self._accounts.change_key(account, api_key, change)
        except NoSuchThing:
            raise ApiError(_NO_SUCH_KEY, "The API key does not exist") from None
        return Answer([{"subAcct": name, **wire.key_row(changed)}])

    async def delete_key(self, request: Request) -> Answer:
        """Delete a key of a sub-account."""
        sent = members(request.body)
        name, api_key = wire.word(sent, "subAcct"), wire.word(sent, "apiKey")
        account = await self._named(request, name)
        try:
            await self._accounts.delete_key(account, api_key)
        except NoSuchThing:
            raise ApiError(_NO_SUCH_KEY, "The API key does not exist") from None
        return Answer([{"subAcct": name}])

    async def in_trust(self, request: Request) -> Answer:
        """List sub-accounts that others trade for the caller: there are none."""
        del request  # whichever is asked for
        return Answer([])

    async def _named(self, request: Request, name: str) -> Account:
        try:
            return await self._accounts.named(request.account, name)
        except NoSuchThing:
            raise ApiError(_NO_SUCH_ACCOUNT, "The sub-account does not exist") from None


def routes(accounts: SubAccounts) -> list[Route]:
    """List this slice's REST endpoints."""
    own = SubAccountEndpoints(accounts)
    return [
        _get("subaccount/list", own.list, "Sub-accounts"),
        _post("subaccount/create-subaccount", own.create, "Open a sub-account"),
        _post("subaccount/set-transfer-out", own.set_transfer_out, "Who may move money out"),
        _get("subaccount/apikey", own.keys, "Keys of a sub-account"),
        _post("subaccount/apikey", own.make_key, "Make a key of a sub-account"),
        _post("subaccount/modify-apikey", own.change_key, "Change a key of a sub-account"),
        _post("subaccount/delete-apikey", own.delete_key, "Delete a key of a sub-account"),
        _get("entrust-subaccount-list", own.in_trust, "Sub-accounts in custody: none"),
    ]


def _get(name: str, handler: Handler, summary: str) -> Route:
    return Route("GET", _PREFIX + name, Access.READ, _of_master(handler), _READ, summary)


def _post(name: str, handler: Handler, summary: str) -> Route:
    return Route("POST", _PREFIX + name, Access.TRADE, _of_master(handler), _LIMIT, summary)


def _of_master(handler: Callable[[Request], Awaitable[Answer]]) -> Handler:
    """Let only keys of master accounts in, and tell clients in codes what pages are told in words."""

    @wraps(handler)
    async def handle(request: Request) -> Answer:
        if request.account != request.signer.master:
            raise ApiError(_FORBIDDEN, "Only keys of the main account may do this")
        try:
            return await handler(request)
        except SiteRefusal as refusal:
            raise ApiError(_CODES[type(refusal)], str(refusal)) from None

    return handle
