"""A small market for tests that speak to the core directly."""

from tickyard.engine import commands
from tickyard.engine.client import CoreClient
from tickyard.engine.records import (
    AccountId,
    AssetId,
    InstrumentId,
    OrderType,
    Side,
    Wallet,
)

BTC = AssetId(1)
USDT = AssetId(2)
BTC_USDT = InstrumentId(1)
ALICE = AccountId(16)
BOB = AccountId(17)
COIN = 10**18
"""One whole coin, in ledger units."""
FUNDS = 1_000_000 * COIN


def definitions() -> list[bytes]:
    """List two assets, one pair (tick 0.01 USDT, lot 0.0001 BTC) and two accounts with money."""
    records = [
        commands.define_asset(asset=BTC, symbol=b"BTC"),
        commands.define_asset(asset=USDT, symbol=b"USDT"),
        commands.define_fee_level(level=0, maker_ppb=800_000, taker_ppb=1_000_000),
        commands.define_instrument(
            instrument=BTC_USDT,
            symbol=b"BTC-USDT",
            base=BTC,
            quote=USDT,
            tick=COIN // 100,
            lot=COIN // 10_000,
            min_size=1,
            max_limit_size=10**9,
            max_market_size=10**9,
            max_market_amount=10**15,
            min_price=1,
            max_price=10**9,
        ),
        commands.define_account(account=ALICE, master=ALICE),
        commands.define_account(account=BOB, master=BOB),
    ]
    records += [
        commands.credit(
            account=account,
            asset=asset,
            amount=FUNDS,
            wallet=Wallet.TRADING,
            key=account.to_bytes(8, "little") + asset.to_bytes(8, "little"),
        )
        for account in (ALICE, BOB)
        for asset in (BTC, USDT)
    ]
    return records


async def open_market(client: CoreClient) -> None:
    """Send the definitions, one after the other, and expect all to be accepted."""
    for record in definitions():
        reply = await client.submit(record)
        assert reply.refusal is None


def limit(
    account: AccountId, side: Side, price: int, size: int = 1, *, client_id: bytes = b""
) -> bytes:
    """Place a limit order; ticks and lots."""
    return commands.place_order(
        account=account,
        instrument=BTC_USDT,
        side=side,
        order_type=OrderType.LIMIT,
        price=price,
        size=size,
        client_id=client_id,
    )
