"""Channels of products that this exchange does not have yet: a subscription is acknowledged, and nothing follows.

That is what OKX does for somebody who has none of it. Channels of which each stream is one contract, one spread or
one family of options are no channels here: there is no such stream (60018), whatever is named.

Source: OKX v5, WebSocket, "Request Parameters" of each channel.
"""

from collections.abc import Hashable, Mapping
from typing import Final

from tickyard.gateway.channels import Arg, Channel, NoSuchStream, Session
from tickyard.gateway.route import Caller
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.wire import INSTRUMENT_TYPES

_MEMBERS: Final = ("instType", "instFamily", "instId", "algoId", "ccy", "sprdId")
_MARGINED: Final = frozenset(INSTRUMENT_TYPES - {"SPOT"})
_DERIVED: Final = frozenset(_MARGINED - {"MARGIN"})
_ANY: Final = "ANY"

_PUBLIC: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "adl-warning": {"instType": _DERIVED},
    "block-tickers": {},
    "call-auction-details": {},
    "event-contract-markets": {"instType": frozenset({"EVENTS"})},
    "liquidation-orders": {"instType": _MARGINED},
    "public-block-trades": {},
    "public-struc-block-trades": {},
}
_OF_LISTED: Final = frozenset({"block-tickers", "call-auction-details", "public-block-trades"})
_PRIVATE: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "account-greeks": {},
    "algo-recurring-buy": {"instType": frozenset({"SPOT"})},
    "copytrading-lead-notification": {"instType": frozenset({"SWAP"})},
    "deposit-info": {},
    "economic-calendar": {},
    "grid-orders-contract": {"instType": frozenset({"SWAP", "FUTURES", _ANY})},
    "grid-orders-spot": {"instType": frozenset({"SPOT", _ANY})},
    "liquidation-warning": {"instType": _MARGINED | {_ANY}},
    "quotes": {},
    "rfqs": {},
    "sprd-orders": {},
    "sprd-trades": {},
    "struc-block-trades": {},
    "withdrawal-info": {},
}
"""Channels with the members that they need, and the words that each may be."""


class SilentChannel:
    """A channel of something that there is none of."""

    def __init__(
        self,
        name: str,
        needs: Mapping[str, frozenset[str]],
        catalog: Catalog,
        *,
        is_private: bool,
    ) -> None:
        self.name = name
        self.is_private = is_private
        self._needs = needs
        self._catalog = catalog

    def key(self, arg: Arg, caller: Caller | None) -> Hashable:
        """Name the stream by what is asked for."""
        asked = tuple(arg.get(member, "") for member in _MEMBERS)
        if not all(type(value) is str for value in asked):
            raise self._no_such_stream(arg)
        for member, words in self._needs.items():
            if arg.get(member) not in words:
                raise self._no_such_stream(arg)
        if self.name in _OF_LISTED and self._catalog.by_symbol(arg.get("instId", "")) is None:
            raise self._no_such_stream(arg)
        return (caller.account if self.is_private and caller is not None else None, *asked)

    def opened(self, key: Hashable, session: Session, arg: Arg, caller: Caller | None) -> None:
        """Send nothing: there is nothing."""

    def closed(self, key: Hashable, session: Session) -> None:
        """Forget nothing."""

    def _no_such_stream(self, arg: Arg) -> NoSuchStream:
        return NoSuchStream(self.name, **{name: arg[name] for name in _MEMBERS if name in arg})


def absent_channels(catalog: Catalog) -> list[Channel]:
    """Make a channel of each row of the tables."""
    return [
        SilentChannel(name, needs, catalog, is_private=is_private)
        for table, is_private in ((_PUBLIC, False), (_PRIVATE, True))
        for name, needs in table.items()
    ]
