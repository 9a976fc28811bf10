"""What must hold after any crash: every acknowledged order is there, once, and none that nobody sent."""

from collections import Counter
from decimal import Decimal
from typing import Any

import ccxt
from tests.support.load import Trader
from tests.support.money import balances


def check(client: ccxt.okx, trader: Trader) -> None:
    """Compare the exchange's orders with what the trader was promised."""
    pending = _all_pages(client.privateGetTradeOrdersPending, {"instType": "SPOT"})
    done = _all_pages(client.privateGetTradeOrdersHistory, {"instType": "SPOT"})
    by_id = {row["ordId"]: row for row in done} | {row["ordId"]: row for row in pending}

    lost = [name for name, order_id in trader.placed.items() if order_id not in by_id]
    assert not lost, f"acknowledged and gone: {lost[:5]}"
    renamed = [
        name for name, order_id in trader.placed.items() if by_id[order_id]["clOrdId"] != name
    ]
    assert not renamed
    undone = [order_id for order_id in trader.canceled if by_id[order_id]["state"] != "canceled"]
    assert not undone, f"cancellation acknowledged and undone: {undone[:5]}"

    names = Counter(row["clOrdId"] for row in by_id.values())
    twice = [name for name, count in names.items() if count > 1]
    assert not twice, f"applied twice: {twice[:5]}"
    invented = names.keys() - trader.sent
    assert not invented, f"nobody sent: {sorted(invented)[:5]}"

    held = {asset: frozen for asset, (_, frozen) in balances(client).items() if frozen}
    assert held == _holds(pending)


def _holds(pending: list[dict[str, Any]]) -> dict[str, Decimal]:
    needed: Counter[str] = Counter()
    for row in pending:
        base, quote = row["instId"].split("-")
        rest = Decimal(row["sz"]) - Decimal(row["accFillSz"])
        if row["side"] == "sell":
            needed[base] += rest  # type: ignore[assignment]  # a Counter adds whatever adds
        else:
            needed[quote] += rest * Decimal(row["px"])  # type: ignore[assignment]
    return {asset: Decimal(amount) for asset, amount in needed.items()}


def _all_pages(get: Any, params: dict[str, str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    while page := get(params | ({"after": rows[-1]["ordId"]} if rows else {}))["data"]:
        rows += page
    return rows
