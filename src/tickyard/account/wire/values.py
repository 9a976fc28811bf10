"""What several families of endpoints have in common."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from tickyard.account.errors import TooManyValues
from tickyard.engine.records import Wallet
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.errors import CurrencyNotFound
from tickyard.instruments.model import Asset
from tickyard.instruments.params import names

Row = dict[str, Any]

WALLETS: Final = {"6": Wallet.FUNDING, "18": Wallet.TRADING}
"""Source: OKX v5, POST /api/v5/asset/transfer, "from"."""
WALLET_IDS: Final = {wallet: word for word, wallet in WALLETS.items()}

_CURRENCIES_MAX: Final = 20


def decimal_text(value: Decimal) -> str:
    """Write a number without exponent and without trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def currency(catalog: Catalog, symbol: str) -> Asset:
    """Return the asset of a name.

    Raises:
        CurrencyNotFound: there is none.
    """
    asset = catalog.asset_by_symbol(symbol)
    if asset is None:
        raise CurrencyNotFound(symbol)
    return asset


def currencies(catalog: Catalog, params: Mapping[str, str]) -> Sequence[Asset] | None:
    """Return the assets that parameter `ccy` names; None when it is absent.

    Raises:
        CurrencyNotFound: one of them is not listed.
        TooManyValues: there are more than 20.
    """
    wanted = listed(params, "ccy", most=_CURRENCIES_MAX)
    return [currency(catalog, symbol) for symbol in wanted] or None


def listed(params: Mapping[str, str], name: str, *, most: int) -> tuple[str, ...]:
    """Return the members of a comma-separated parameter; empty when it is absent.

    Raises:
        TooManyValues: there are more than `most`.
    """
    found = names(params, name)
    if len(found) > most:
        raise TooManyValues(name, most)
    return found
