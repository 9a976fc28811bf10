"""A week of trading by four accounts over a real core, whose days pass in a moment and end with the review of fee levels."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from tests.support.accounts import MemoryRelatives
from tests.support.ahead_clock import AheadClock
from tests.support.core_host import CoreHost
from tests.support.order_desk import caller, wire
from tests.support.recomputed import FUNDING, TRADING, Movement, Rates, Trade
from tests.support.trading_house import ALICE, BOB, EVERYBODY, MM1, WHALE, ListedPrices

from tickyard.account.fee_review import FeeReview
from tickyard.account.routes import routes as account_routes
from tickyard.account.store import BillsProjection, BillStore
from tickyard.base.ids import AccountId, InstrumentId, TradeId
from tickyard.engine import commands, projector
from tickyard.engine.client import CoreClient
from tickyard.engine.history import History
from tickyard.engine.records import Wallet
from tickyard.engine.sqlite import SqliteDatabase
from tickyard.gateway.route import ApiError, Request
from tickyard.instruments import listing
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.model import Instrument
from tickyard.marketdata.store import TradesProjection, TradeStore
from tickyard.marketdata.wire import TradeRow, trade_row
from tickyard.trading.algo_store import TriggerStore
from tickyard.trading.entry import OrderEntry
from tickyard.trading.lookup import Lookup
from tickyard.trading.order_queries import OrderQueries
from tickyard.trading.projection import OrdersProjection
from tickyard.trading.routes import routes as trading_routes
from tickyard.trading.store import OrderStore

DAYS = 7
DAY_S = 86_400
PAIRS = ("BTC-USDT", "ETH-USDT", "ETH-USDC")
GRANTED = {MM1: 11, WHALE: 9}
"""A level that pays a rebate, and one whose makers pay nothing."""
_COARSE = frozenset({"ETH", "USDC"})
_OPENING = {"USDT": "1000000000", "USDC": "500000000", "BTC": "20000", "ETH": "300000"}
_WALLETS = {TRADING: Wallet.TRADING, FUNDING: Wallet.FUNDING}
_PAGE = 100


def catalog() -> Catalog:
    """Three pairs of the listing. Two assets have eight digits, as fiat has: with eighteen no listed pair ever rounds."""
    found = listing.load()
    assets = {
        asset.symbol: replace(asset, unit_digits=8) if asset.symbol in _COARSE else asset
        for asset in found.assets
        if asset.symbol in _OPENING
    }
    pairs = []
    for number, name in enumerate(PAIRS, 1):
        pair = found.by_symbol(name)
        assert pair is not None
        sides = {"base": assets[pair.base.symbol], "quote": assets[pair.quote.symbol]}
        pairs.append(replace(pair, instrument=InstrumentId(number), **sides))
    return Catalog(assets.values(), pairs, found.fee_levels)


class Week:
    """The exchange, and the facts that whoever trades there has been told."""

    def __init__(self, home: Path, core: CoreClient, clock: AheadClock, seed: int) -> None:
        self.core = core
        self.clock = clock
        self.catalog = catalog()
        self.movements: list[Movement] = []
        self.rates: list[Rates] = []
        self.digits = {asset.symbol: asset.unit_digits for asset in self.catalog.assets}
        self.database = SqliteDatabase(home)
        self.history = History(self.database)
        self._rng = random.Random(seed)
        self._bills = BillStore(self.history)
        self._public = TradeStore(self.database)
        self._review = FeeReview(core, self._bills, self.catalog, GRANTED)
        past = TriggerStore(self.history)
        lookup = Lookup(core=core, past=OrderStore(self.history), triggers=past, clock=clock)
        entry, look = OrderEntry(core, self.catalog), OrderQueries(lookup, self.catalog)
        money = account_routes(
            core=core,
            ledger=self._bills,
            catalog=self.catalog,
            prices=ListedPrices(),
            clock=clock,
            uid_of=str,
            relatives=MemoryRelatives(),
        )
        found = (*trading_routes(entry, look), *money)
        self._routes = {(route.method, route.path): route for route in found}

    async def close(self) -> None:
        """Close what was opened to read and to trade."""
        await self._public.close()
        self.history.close()
        await self.core.close()

    async def get(self, who: AccountId, path: str, **params: str) -> list[dict[str, Any]]:
        request = Request(caller(who), params, None, self.clock.now_us())
        return wire(await self._routes["GET", f"/api/v5/{path}"].handler(request))

    async def pages(self, who: AccountId, path: str, **params: str) -> list[dict[str, Any]]:
        """All rows that have bills, oldest first."""
        rows: list[dict[str, Any]] = []
        while True:
            page = await self.get(who, path, **params)
            rows += page
            if len(page) < _PAGE:
                return rows[::-1]
            params["after"] = page[-1]["billId"]

    async def post(self, who: AccountId, path: str, body: Any) -> list[dict[str, Any]]:
        request = Request(caller(who), {}, body, self.clock.now_us())
        return wire(await self._routes["POST", f"/api/v5/{path}"].handler(request))

    async def trades(self) -> list[Trade]:
        """What the public tape says, and between whom each trade was: what both sides know of it agrees."""
        sides: dict[tuple[str, str, str], tuple[AccountId, dict[str, Any]]] = {}
        for who in EVERYBODY:
            for fill in await self.pages(who, "trade/fills-history", instType="SPOT"):
                key = (fill["instId"], fill["tradeId"], fill["execType"])
                assert key not in sides, fill
                sides[key] = (who, fill)
        found = []
        for pair in self.catalog.instruments:
            for row in await self._tape(pair):
                (taker, took), (maker, made) = (
                    sides.pop((row.inst_id, row.trade_id, kind)) for kind in "TM"
                )
                for fill in (took, made):
                    told = (fill["fillPx"], fill["fillSz"], fill["ts"])
                    assert told == (row.px, row.sz, row.ts), (row, fill)
                assert (took["side"], {took["side"], made["side"]}) == (row.side, {"buy", "sell"})
                price, size, is_buy = Decimal(row.px), Decimal(row.sz), row.side == "buy"
                number, time_ms = int(row.trade_id), int(row.ts)
                found.append(Trade(time_ms, row.inst_id, number, price, size, is_buy, taker, maker))
        assert not sides, "every fill is of a public trade"
        return found

    async def live(self, orders: int) -> None:
        """Let the week pass, with so many orders that take."""
        await self._open()
        mids = {pair.symbol: pair.reference_price for pair in self.catalog.instruments}
        for day in range(DAYS):
            count = orders * (day + 1) // DAYS - orders * day // DAYS
            for _ in range(count):
                self.clock.skip(max(1, DAY_S * 8 // 10 // count - 2))
                await self._quote(mids)
                self.clock.skip(1)
                await self._take(mids)
                self.clock.skip(1)
                await self._move_money()
            await self._end_day()

    async def _open(self) -> None:
        """Begin an hour after midnight, with empty accounts that are then paid into."""
        self.clock.skip(DAY_S - self.clock.now_ms() // 1000 % DAY_S + 3_600)
        records = [*listing.definitions(self.catalog)]
        for who in EVERYBODY:
            level = GRANTED.get(who, 0)
            records.append(commands.define_account(account=who, master=who, fee_level=level))
            for number, (symbol, amount) in enumerate(_OPENING.items()):
                asset = self.catalog.asset_by_symbol(symbol)
                assert asset is not None
                for wallet, kind in _WALLETS.items():
                    key = bytes((who, number, kind)) + bytes(13)
                    records.append(
                        commands.credit(
                            account=who,
                            asset=asset.asset,
                            amount=asset.units(amount),
                            wallet=kind,
                            key=key,
                        )
                    )
                    self._moved(who, wallet, symbol, Decimal(amount))
        for reply in await self.core.submit_many(records):
            assert reply.refusal is None, reply
        await self._ask_for_rates()

    async def _quote(self, mids: dict[str, Decimal]) -> None:
        """Have a maker rest an order on each side of a pair, around a price that wanders."""
        pair = self._rng.choice(self.catalog.instruments)
        tick = pair.ticks_to_value(1)
        wander = 1 + Decimal(self._rng.randint(-300, 300)) / 100_000
        mid = mids[pair.symbol] = (mids[pair.symbol] * wander).quantize(tick)
        who = self._rng.choice((MM1, MM1, WHALE, BOB, ALICE))
        for side, way in (("buy", -1), ("sell", 1)):
            price = mid + way * tick * self._rng.randint(1, 40)
            size = self._size(pair, mid)
            await self._order(who, pair, side, "limit", size, px=str(price))

    async def _take(self, mids: dict[str, Decimal]) -> None:
        pair = self._rng.choice(self.catalog.instruments)
        mid = mids[pair.symbol]
        who = self._rng.choice((ALICE, ALICE, BOB, WHALE))
        side = self._rng.choice(("buy", "sell"))
        size = self._size(pair, mid)
        match self._rng.randrange(3):
            case 0:
                money = min(Decimal(size) * mid, Decimal(900_000)).quantize(Decimal("1E-8"))
                await self._order(who, pair, side, "market", f"{money:f}", tgtCcy="quote_ccy")
            case 1:
                most = (Decimal(900_000) / mid).quantize(pair.lots_to_value(1))
                less = f"{min(Decimal(size), most):f}"
                await self._order(who, pair, side, "market", less, tgtCcy="base_ccy")
            case _:
                far = 1 + (Decimal("0.004") if side == "buy" else Decimal("-0.004"))
                price = (mid * far).quantize(pair.ticks_to_value(1))
                await self._order(who, pair, side, "ioc", size, px=str(price))

    async def _move_money(self) -> None:
        """Sometimes transfer within an account, sometimes add or take demo money."""
        who, dice = self._rng.choice(EVERYBODY), self._rng.randrange(10)
        symbol = self._rng.choice(tuple(_OPENING))
        digits = self.digits[symbol]
        amount = Decimal(self._rng.randrange(1, 10 ** (digits + 3))).scaleb(-digits)
        source, target = self._rng.sample((TRADING, FUNDING), 2)
        if dice < 4:
            path, moves = "asset/transfer", [(source, -amount), (target, amount)]
            body: Any = {"ccy": symbol, "amt": f"{amount:f}", "from": source, "to": target}
        elif dice == 4 and symbol != "USDC":
            kind, sign = self._rng.choice((("increase", 1), ("reduce", -1)))
            path, moves = "account/demo-adjust-balance", [(TRADING, sign * amount)]
            body = {"type": kind, "adjustments": [{"ccy": symbol, "amt": f"{amount:f}"}]}
        else:
            return
        try:
            await self.post(who, path, body)
        except ApiError:
            # Too much, or too often on one day: nothing has moved.
            return
        for wallet, moved in moves:
            self._moved(who, wallet, symbol, moved)

    async def _end_day(self) -> None:
        """Cancel what rests every other day, and review fee levels soon after midnight."""
        if self._rng.randrange(2):
            for who in EVERYBODY:
                await self.post(who, "trade/mass-cancel", {"instType": "SPOT"})
        self.clock.skip(DAY_S - self.clock.now_ms() // 1000 % DAY_S + 1)
        # The review reads what there is; so that a seed tells the whole story, that is everything.
        await self._bills.given((await self.core.status()).seq)
        await self._review.carry_out(self.clock.now_ms())
        await self._ask_for_rates()
        self.clock.skip(1)

    async def _ask_for_rates(self) -> None:
        for who in EVERYBODY:
            (row,) = await self.get(who, "account/trade-fee", instType="SPOT")
            maker, taker = Decimal(row["maker"]), Decimal(row["taker"])
            self.rates.append(Rates(self.clock.now_ms(), who, maker, taker))

    async def _order(
        self, who: AccountId, pair: Instrument, side: str, kind: str, size: str, **more: str
    ) -> None:
        """Place it; that some are refused, because money is out, is part of a week."""
        item = {"instId": pair.symbol, "tdMode": "cash", "side": side, "ordType": kind, "sz": size}
        await self.post(who, "trade/order", {**item, **more})

    def _size(self, pair: Instrument, mid: Decimal) -> str:
        """Any number of lots that is worth between a hundred dollars and fifty million, more often little."""
        usd = Decimal(self._rng.randrange(1, 500)) * 10 ** self._rng.randrange(2, 6)
        lots = (usd / mid).quantize(pair.lots_to_value(1)) + pair.lots_to_value(
            self._rng.randrange(1000)
        )
        return f"{lots:f}"

    def _moved(self, who: AccountId, wallet: str, symbol: str, amount: Decimal) -> None:
        self.movements.append(Movement(self.clock.now_ms(), who, wallet, symbol, amount))

    async def _tape(self, pair: Instrument) -> Sequence[TradeRow]:
        """The rows of `market/history-trades`, all of them."""
        newest = await self._public.trades_by_id(
            pair.instrument, older_than=TradeId(2**63 - 1), newer_than=TradeId(0), limit=2**31
        )
        return [trade_row(pair, trade) for trade in newest]


@asynccontextmanager
async def open_week(home: Path, seed: int) -> AsyncIterator[Week]:
    """Start a core, whose time the week moves, and a projector."""
    with AheadClock(home) as clock, CoreHost(home, environment=clock.environment) as host:
        core = await CoreClient.connect(host.socket)
        week, stop = Week(home, core, clock, seed), asyncio.Event()
        projections = (OrdersProjection(), BillsProjection(), TradesProjection())
        projecting = asyncio.ensure_future(projector.run(home, week.database, projections, stop))
        try:
            yield week
        finally:
            stop.set()
            await projecting
            await week.close()
