"""What the endpoints of this slice share."""

import msgspec

from tickyard.account.balances import Portfolios
from tickyard.account.family import Family
from tickyard.account.model import Core, Ledger, Prices
from tickyard.account.transfers import Transfers
from tickyard.instruments.catalog import Catalog


class Parts(msgspec.Struct, frozen=True):
    """Whom they ask.

    Attributes:
        core: for balances, settings and transfers.
        ledger: for lines of the past.
        catalog: the listing.
        prices: for values in USD.
        portfolios: both wallets of an account with what they are worth.
        transfers: moves money, and finds what was moved.
        family: who may move whose money.
    """

    core: Core
    ledger: Ledger
    catalog: Catalog
    prices: Prices
    portfolios: Portfolios
    transfers: Transfers
    family: Family
