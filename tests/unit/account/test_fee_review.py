"""Fee levels by 30-day volume and assets: what counts, for whom, and that nobody loses what was granted."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from tests.support.accounts import (
    ALICE,
    CATALOG,
    NOW_MS,
    NOW_NS,
    UNIT,
    MemoryLedger,
    asset_of,
    movement,
    trade_legs,
)

from tickyard.account.fee_review import PERIOD_MS, FeeReview, level_of
from tickyard.base.ids import AccountId, Seq
from tickyard.engine.events import AccountDefined
from tickyard.engine.records import PostingReason, SelfTrade
from tickyard.engine.replies import Reply
from tickyard.engine.rows import BalanceRow, Balances, Definitions

SUB, BOB = AccountId(1024), AccountId(17)


class ReviewedMemory:
    """A core with some accounts; nobody has anything unless it is said."""

    def __init__(self) -> None:
        self.held: dict[AccountId, dict[str, int]] = {}
        self.levels = {ALICE: 0, BOB: 0, SUB: 0}
        self.submitted: list[bytes] = []

    async def definitions(self) -> Definitions:
        accounts = [
            AccountDefined(
                Seq(1),
                0,
                0,
                account,
                ALICE if account == SUB else account,
                level,
                SelfTrade.CANCEL_BOTH,
            )
            for account, level in self.levels.items()
        ]
        return Definitions([], [], accounts, [])

    async def balances(self, account: AccountId) -> Balances:
        held = self.held.get(account, {})
        rows = [
            BalanceRow(asset_of(symbol).asset, amount * UNIT, 0, 0)
            for symbol, amount in held.items()
        ]
        return Balances(Seq(1), NOW_NS, rows)

    async def submit_many(self, records: Sequence[bytes]) -> list[Reply]:
        self.submitted += records
        return []


def told(core: ReviewedMemory) -> dict[int, tuple[int, int]]:
    """Level and self-trade prevention of each account that the core was told of."""
    return {
        int.from_bytes(record[4:8], "little"): (record[28], record[29]) for record in core.submitted
    }


@pytest.mark.parametrize(
    ("volume", "assets", "name"),
    [
        ("0", "0", "Lv1"),
        ("9999999", "99999", "Lv1"),
        ("10000000", "0", "VIP1"),
        ("0", "100000", "VIP1"),
        ("50000000", "500000", "VIP3"),
        ("10000000", "10000000", "VIP5"),
        ("0", "99000000000", "VIP5"),
        ("10000000000", "0", "VIP8"),
    ],
)
def test_the_better_of_volume_and_assets_counts(volume: str, assets: str, name: str) -> None:
    assert level_of(CATALOG.fee_levels, Decimal(volume), Decimal(assets)).name == name


async def test_turnover_is_what_was_paid_in_the_last_thirty_days() -> None:
    ledger = MemoryLedger(
        *trade_legs(3, price="65000", size="2"),
        *trade_legs(4, price="66000", size="1", account=BOB),
        *trade_legs(5, price="65000", size="9", age_ms=PERIOD_MS + 1),
    )
    found = {row.account: row for row in await ledger.turnover(NOW_MS - PERIOD_MS)}
    pair = CATALOG.instrument(found[ALICE].instrument)
    worth = pair.notional_grid.value(found[ALICE].notional << 20)
    assert 0 <= 130_000 - worth < Decimal("0.01")
    assert pair.ticks_to_value(found[BOB].last_price) == 66_000
    ledger.close()


async def test_a_family_counts_together_and_has_one_level() -> None:
    core, ledger = ReviewedMemory(), MemoryLedger()
    core.held = {ALICE: {"USDT": 60_000}, SUB: {"USDT": 40_000}, BOB: {"USDT": 99_999}}
    assert await FeeReview(core, ledger, CATALOG, {}).carry_out(NOW_MS) == 2
    assert told(core) == {
        ALICE: (5, SelfTrade.CANCEL_BOTH),
        SUB: (5, SelfTrade.CANCEL_BOTH),
    }
    ledger.close()


async def test_what_was_given_is_no_asset_but_what_was_made_of_it_is() -> None:
    core = ReviewedMemory()
    core.held = {ALICE: {"USDT": 199_999, "BTC": 1}, BOB: {"USDT": 200_001}}
    ledger = MemoryLedger(
        movement(3, "150000", reason=PostingReason.CREDIT),
        movement(4, "-50000", reason=PostingReason.DEBIT),
        movement(5, "1", reason=PostingReason.CREDIT, symbol="BTC"),
        movement(6, "100000", reason=PostingReason.CREDIT, account=BOB),
    )
    assert await FeeReview(core, ledger, CATALOG, {}).carry_out(NOW_MS) == 1
    assert told(core).keys() == {BOB}
    ledger.close()


async def test_coins_are_worth_what_they_were_last_traded_at() -> None:
    core = ReviewedMemory()
    core.held = {BOB: {"BTC": 1}}
    ledger = MemoryLedger(*trade_legs(3, price="99000", size="0.1"))
    assert await FeeReview(core, ledger, CATALOG, {}).carry_out(NOW_MS) == 0
    ledger.add(*trade_legs(4, price="100000", size="0.1"))
    assert await FeeReview(core, ledger, CATALOG, {}).carry_out(NOW_MS) == 1
    assert told(core)[BOB][0] == 5
    ledger.close()


async def test_nobody_falls_below_what_was_granted_and_others_fall() -> None:
    core, ledger = ReviewedMemory(), MemoryLedger()
    core.levels = {ALICE: 8, SUB: 8, BOB: 8}
    assert await FeeReview(core, ledger, CATALOG, {ALICE: 8}).carry_out(NOW_MS) == 1
    assert {account: level for account, (level, _) in told(core).items()} == {BOB: 0}
    ledger.close()
