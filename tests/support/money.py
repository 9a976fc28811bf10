"""Exact balances as clients see them."""

from decimal import Decimal
from typing import Any

import ccxt


def balances(client: ccxt.okx) -> dict[str, tuple[Decimal, Decimal]]:
    """Return (cash balance, frozen) of each asset from `account/balance`, to the last digit."""
    details: list[dict[str, Any]] = client.privateGetAccountBalance()["data"][0]["details"]
    return {row["ccy"]: (Decimal(row["cashBal"]), Decimal(row["ordFrozen"])) for row in details}


def change(
    before: dict[str, tuple[Decimal, Decimal]], after: dict[str, tuple[Decimal, Decimal]]
) -> dict[str, Decimal]:
    """Return what each cash balance gained, without the assets that did not move."""
    zero = (Decimal(0), Decimal(0))
    assets = before.keys() | after.keys()
    moved = {asset: after.get(asset, zero)[0] - before.get(asset, zero)[0] for asset in assets}
    return {asset: amount for asset, amount in moved.items() if amount}


def fee_rates(client: ccxt.okx) -> tuple[Decimal, Decimal]:
    """Return what the account is charged as (maker, taker); positive is a charge."""
    row = client.privateGetAccountTradeFee({"instType": "SPOT"})["data"][0]
    return -Decimal(row["maker"]), -Decimal(row["taker"])
