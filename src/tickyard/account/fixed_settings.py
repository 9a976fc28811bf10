"""Settings of an account that can only be set to what they are: every account is in spot mode."""

from collections.abc import Sequence
from typing import Any

import msgspec

from tickyard.account.wire.settings import NET_MODE, QUOTE_FEE_OFF, SPOT_MODE
from tickyard.gateway.route import Access, Answer, Handler, Limit, Request, Route
from tickyard.instruments.errors import NotInSpotMode, ParameterMissing, ParameterWrong

_LIMIT = Limit(5, 2_000, "user")


class Setting(msgspec.Struct, frozen=True):
    """A setting that can only be set to what it is."""

    name: str
    member: str
    value: str
    """The one value in spot mode; setting it changes nothing."""
    others: tuple[str, ...]
    """Values that other account modes have."""


_SETTINGS = (
    Setting("set-account-level", "acctLv", SPOT_MODE, ("2", "3", "4")),
    Setting("set-position-mode", "posMode", NET_MODE, ("long_short_mode",)),
    Setting("set-fee-type", "feeType", QUOTE_FEE_OFF, ("1",)),
)


def fixed_settings_routes() -> Sequence[Route]:
    """Make a route of each setting."""
    return [
        Route(
            method="POST",
            path=f"/api/v5/account/{row.name}",
            access=Access.TRADE,
            handler=_setting(row),
            limit=_LIMIT,
            summary=f"Set {row.member}, of which there is one value",
            is_direct=True,
        )
        for row in _SETTINGS
    ]


def _setting(row: Setting) -> Handler:
    async def answer(request: Request) -> Answer:
        body: Any = request.body
        if not isinstance(body, dict) or row.member not in body:
            raise ParameterMissing(row.member)
        wanted = str(body[row.member])
        if wanted in row.others:
            raise NotInSpotMode
        if wanted != row.value:
            raise ParameterWrong(row.member)
        return Answer([{row.member: row.value}])

    return answer
