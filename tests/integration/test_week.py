"""Fees, bills and balances of a week are those that its trades come to, worked out again without the exchange."""

import os
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.support.recomputed import FUNDING, TRADING, Fee, Line, Purse, Recomputed
from tests.support.trading_house import EVERYBODY
from tests.support.week import DAY_S, DAYS, Week, open_week

from tickyard.base.ids import AccountId
from tickyard.engine.records import EXTERNAL_ACCOUNT, FEE_ACCOUNT, ROUNDING_ACCOUNT

ORDERS = int(os.environ.get("TICKYARD_WEEK_ORDERS", "140"))
"""Orders that take, in all seven days."""
SEEDS = int(os.environ.get("TICKYARD_WEEK_SEEDS", "1"))

Balances = dict[int, dict[str, Decimal]]


@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
async def test_a_week_recomputed_from_its_trades_is_equal_to_the_last_digit(
    tmp_path: Path, seed: int
) -> None:
    async with open_week(tmp_path, seed) as week:
        await week.live(ORDERS)
        trades = await week.trades()
        expected = Recomputed(trades, week.movements, week.rates, week.digits)

        assert await fees(week) == expected.fees
        assert await trading_bills(week) == expected.lines(TRADING)
        assert await funding_bills(week) == {
            purse: [(line.change, line.balance) for line in lines]
            for purse, lines in expected.lines(FUNDING).items()
        }
        assert await balances(week, "account/balance", "cashBal") == expected.balances(TRADING)
        assert await balances(week, "asset/balances", "bal") == expected.balances(FUNDING)
        assert await own(week, FEE_ACCOUNT) == expected.house
        assert await own(week, ROUNDING_ACCOUNT) == {}
        assert await own(week, EXTERNAL_ACCOUNT) == {
            asset: -sum(each.amount for each in week.movements if each.asset == asset)
            for asset in week.digits
        }
        for asset, digits in week.digits.items():
            # Each rounding leaves the house more than nothing and less than one last digit.
            most = expected.roundings[asset] * Decimal(1).scaleb(-digits)
            assert 0 <= expected.residue[asset] <= most, asset

        # The week has what makes it worth a look.
        assert len({trade.time_ms // (DAY_S * 1_000) for trade in trades}) == DAYS
        assert len(trades) > ORDERS
        assert sum(expected.roundings.values()) > ORDERS
        assert any(fee.amount > 0 for fee in expected.fees.values()), "nobody was paid a rebate"
        levels = {(each.account, each.taker) for each in week.rates}
        assert len(levels) > len(EVERYBODY), "nobody's level has changed"


async def fees(week: Week) -> dict[tuple[int, str, int], Fee]:
    """What fills say of fees, by account, pair and trade."""
    return {
        (who, row["instId"], int(row["tradeId"])): Fee(
            Decimal(row["fee"]), row["feeCcy"], Decimal(row["feeRate"])
        )
        for who in EVERYBODY
        for row in await week.pages(who, "trade/fills-history", instType="SPOT")
    }


async def trading_bills(week: Week) -> dict[Purse, list[Line]]:
    """The lines of `account/bills`, oldest first."""
    found: dict[Purse, list[Line]] = defaultdict(list)
    for who in EVERYBODY:
        for row in await week.pages(who, "account/bills"):
            found[Purse(who, TRADING, row["ccy"])].append(_line(row))
    return found


def _line(row: dict[str, Any]) -> Line:
    return Line(
        change=Decimal(row["balChg"]),
        balance=Decimal(row["bal"]),
        fee=Decimal(row["fee"]),
        size=Decimal(row["sz"]),
        pair=row["instId"],
        number=int(row["tradeId"] or 0),
        price=Decimal(row["px"]) if row["px"] else None,
        is_buy=(row["type"], row["subType"]) == ("2", "1"),
        is_taker=row["execType"] == "T",
    )


async def funding_bills(week: Week) -> dict[Purse, list[tuple[Decimal, Decimal]]]:
    """Change and balance of the lines of `asset/bills`, oldest first."""
    found: dict[Purse, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for who in EVERYBODY:
        for row in await week.pages(who, "asset/bills", pagingType="2"):
            line = (Decimal(row["balChg"]), Decimal(row["bal"]))
            found[Purse(who, FUNDING, row["ccy"])].append(line)
    return found


async def balances(week: Week, path: str, field: str) -> Balances:
    """What every account is told that it has."""
    found: Balances = {}
    for who in EVERYBODY:
        rows = await week.get(who, path)
        rows = rows[0].get("details", rows)
        found[who] = {row["ccy"]: Decimal(row[field]) for row in rows}
    return found


async def own(week: Week, account: AccountId) -> dict[str, Decimal]:
    """What an account of the house has, which no client is told."""
    found = {}
    for row in (await week.core.balances(account)).rows:
        asset = week.catalog.asset(row.asset)
        if row.trading or row.funding:
            found[asset.symbol] = asset.amount_value(row.trading + row.funding)
    return found
