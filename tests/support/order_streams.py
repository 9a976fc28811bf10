"""One worker's live orders, with a feed and a core that are asked by hand."""

import asyncio
from decimal import Decimal
from typing import Any

from tests.support.market_events import Listener
from tests.support.order_desk import caller
from tests.support.order_events import ALICE, CATALOG, ns

from tickyard.base.ids import AccountId, InstrumentId, Seq
from tickyard.engine.records import ANY_INSTRUMENT
from tickyard.engine.rows import OpenOrders, OpenTriggers, OrderRow
from tickyard.gateway.channels import Topics
from tickyard.trading.channels import channels
from tickyard.trading.live import LiveOrders


class Prices:
    """BTC has traded, ETH has not."""

    def last_price(self, inst_id: str) -> Decimal | None:
        return Decimal("61000.5") if inst_id == "BTC-USDT" else None

    def usd_price(self, symbol: str) -> Decimal:
        return Decimal(1)


class Source:
    """The feed and the core in one: watching and reading, with a gate between the two."""

    def __init__(self) -> None:
        self.watched: list[AccountId] = []
        self.orders: list[OrderRow] = []
        self.seq = Seq(0)
        self.gate = asyncio.Event()
        self.gate.set()
        self.failure: Exception | None = None

    async def watch(self, account: AccountId) -> Seq:
        self.watched.append(account)
        return Seq(0)

    async def open_orders(
        self, account: AccountId, instrument: InstrumentId = ANY_INSTRUMENT
    ) -> OpenOrders:
        found = [row for row in self.orders if row.account == account]
        seq = self.seq
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        return OpenOrders(seq, ns(seq), found)

    async def triggers(self, _account: AccountId) -> OpenTriggers:
        return OpenTriggers(self.seq, ns(self.seq), [])


class Worker:
    """One worker's live orders, channels and subscribers."""

    def __init__(self) -> None:
        self.topics = Topics()
        self.source = Source()
        self.orders = LiveOrders(
            topics=self.topics, feed=self.source, core=self.source, catalog=CATALOG, prices=Prices()
        )
        self.channels = {channel.name: channel for channel in channels(CATALOG, self.orders)}

    async def subscribe(self, arg: dict[str, Any], account: AccountId = ALICE) -> Listener:
        channel: Any = self.channels[arg["channel"]]
        key = channel.key(arg, caller(account))
        pending = channel.prepare(key)
        if pending is not None:
            await pending
        listener = Listener()
        self.topics.add(arg["channel"], key, listener, {**arg, "uid": caller(account).uid})
        channel.opened(key, listener, arg, caller(account))
        return listener
