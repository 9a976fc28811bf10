import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.support.accounts import (
    ALICE,
    CATALOG,
    NOW_MS,
    FixedPrices,
    MemoryCore,
    caller,
    movement,
    trade_legs,
)
from tests.support.fields import assert_fields, documented

from tickyard.account import streams as streams_module
from tickyard.account.balances import Portfolios
from tickyard.account.channels import channels
from tickyard.account.streams import BalanceStreams
from tickyard.base.ids import AccountId, InstrumentId, OrderId, Seq
from tickyard.engine.errors import CoreTimeout
from tickyard.engine.events import Event, EventBatch, OrderAccepted
from tickyard.engine.records import OrderType, SelfTrade, Side, TradeMode
from tickyard.engine.rows import Balances
from tickyard.gateway.route import ApiError

BOB = AccountId(17)


class Session:
    """A connection whose frames can be awaited."""

    conn_id = "c1"
    caller = caller()

    def __init__(self) -> None:
        self._frames: asyncio.Queue[bytes] = asyncio.Queue()

    def send(self, payload: bytes) -> None:
        self._frames.put_nowait(payload)

    def send_frame(self, frame: bytes) -> None:
        raise AssertionError("frames with a header come from topics only")

    async def heard(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            frame: dict[str, Any] = json.loads(await self._frames.get())
        return frame

    @property
    def is_silent(self) -> bool:
        return self._frames.empty()


class Watcher:
    """Says yes, when it is let."""

    def __init__(self) -> None:
        self.watched: list[AccountId] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.asked = asyncio.Event()

    async def watch(self, account: AccountId) -> Seq:
        self.watched.append(account)
        self.asked.set()
        await self.may_answer.wait()
        return Seq(1)


class Stage:
    """The three channels over a core in memory."""

    def __init__(self) -> None:
        self.core = MemoryCore(USDT="1000")
        self.core.hold("BTC", "2", hold="1")
        self.watcher = Watcher()
        self.portfolios = Portfolios(core=self.core, catalog=CATALOG, prices=FixedPrices())
        self.streams = BalanceStreams(
            portfolios=self.portfolios, watcher=self.watcher, catalog=CATALOG
        )
        self.channels = {channel.name: channel for channel in channels(CATALOG, self.streams)}

    async def subscribe(self, channel: str, session: Session | None = None, **sent: Any) -> Session:
        session = session or Session()
        arg = {"channel": channel, **sent}
        key = self.channels[channel].key(arg, session.caller)
        opening = self.channels[channel].opened(
            key, session, {**arg, "uid": session.caller.uid}, session.caller
        )
        assert opening is not None
        await opening
        return session

    def unsubscribe(self, channel: str, session: Session, **sent: Any) -> None:
        key = self.channels[channel].key({"channel": channel, **sent}, session.caller)
        self.channels[channel].closed(key, session)

    def happen(self, *events: Event) -> None:
        self.streams.apply(EventBatch(Seq(9), Seq(9), 0, [*events]))


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    opened = Stage()
    running = asyncio.ensure_future(opened.streams.run())
    yield opened
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def placed(account: AccountId = ALICE) -> OrderAccepted:
    return OrderAccepted(
        Seq(9), 0, 0, OrderId(1), account, InstrumentId(1), 1, 1, Side.BUY, OrderType.LIMIT,
        TradeMode.CASH, SelfTrade.CANCEL_MAKER, 0, b"", b"",
    )  # fmt: skip


async def test_the_first_push_is_everything(stage: Stage) -> None:
    session = await stage.subscribe("account")
    frame = await session.heard()
    assert frame["arg"] == {"channel": "account", "uid": "10000000016"}
    assert (frame["eventType"], frame["curPage"], frame["lastPage"]) == ("snapshot", 1, True)
    (row,) = frame["data"]
    assert [detail["ccy"] for detail in row["details"]] == ["USDT", "BTC"]
    assert_fields(row, documented("account_fields.json", "WS account"))


async def test_an_event_pushes_what_changed_with_the_totals(stage: Stage) -> None:
    session = await stage.subscribe("account")
    await session.heard()
    stage.core.hold("BTC", "2", hold="1.5")
    stage.happen(placed())
    frame = await session.heard()
    assert frame["eventType"] == "event_update"
    assert "curPage" not in frame
    (row,) = frame["data"]
    ((btc),) = row["details"]
    assert (btc["ccy"], btc["availBal"], btc["frozenBal"]) == ("BTC", "0.5", "1.5")
    assert row["totalEq"] == "131000"


async def test_a_currency_that_is_gone_is_pushed_once_as_zero(stage: Stage) -> None:
    session = await stage.subscribe("account")
    await session.heard()
    stage.core.hold("USDT", "0")
    stage.happen(movement(9, "-1000"))
    frame = await session.heard()
    assert [(d["ccy"], d["cashBal"]) for d in frame["data"][0]["details"]] == [("USDT", "0")]


async def test_events_that_change_nothing_push_nothing(stage: Stage) -> None:
    session = await stage.subscribe("account")
    await session.heard()
    stage.happen(placed())
    stage.core.hold("USDT", "1")
    stage.happen(placed(BOB))
    stage.happen(placed())
    frame = await session.heard()
    assert [detail["ccy"] for detail in frame["data"][0]["details"]] == ["USDT"]
    assert session.is_silent


async def test_one_currency_alone_may_be_followed(stage: Stage) -> None:
    session = await stage.subscribe("account", ccy="USDT")
    frame = await session.heard()
    assert frame["arg"]["ccy"] == "USDT"
    assert [detail["ccy"] for detail in frame["data"][0]["details"]] == ["USDT"]
    stage.core.hold("BTC", "3")
    stage.happen(movement(9, "1", symbol="BTC"))
    stage.core.hold("USDT", "3")
    stage.happen(movement(9, "1"))
    frame = await session.heard()
    assert [detail["ccy"] for detail in frame["data"][0]["details"]] == ["USDT"]


async def test_what_happens_while_the_snapshot_is_read_is_pushed_after_it(stage: Stage) -> None:
    stage.watcher.may_answer.clear()
    subscribing = asyncio.ensure_future(stage.subscribe("balance_and_position"))
    await stage.watcher.asked.wait()
    stage.happen(*trade_legs(9))
    stage.watcher.may_answer.set()
    session = await subscribing
    frames = [await session.heard(), await session.heard()]
    assert [frame["data"][0]["eventType"] for frame in frames] == ["snapshot", "filled"]


async def test_a_subscription_that_ends_while_it_opens_is_sent_nothing(stage: Stage) -> None:
    stage.watcher.may_answer.clear()
    session = Session()
    subscribing = asyncio.ensure_future(stage.subscribe("account", session))
    await stage.watcher.asked.wait()
    stage.unsubscribe("account", session)
    stage.watcher.may_answer.set()
    await subscribing
    assert session.is_silent


async def test_who_has_left_is_pushed_nothing(stage: Stage) -> None:
    gone, there = await stage.subscribe("account"), await stage.subscribe("account")
    await gone.heard()
    await there.heard()
    stage.unsubscribe("account", gone)
    stage.core.hold("USDT", "1")
    stage.happen(placed())
    assert (await there.heard())["eventType"] == "event_update"
    assert gone.is_silent


async def test_a_core_that_does_not_answer_is_asked_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await stage.subscribe("account")
    await session.heard()
    answer, asked = stage.core.balances, asyncio.Event()

    async def no_answer(account: AccountId) -> Balances:
        asked.set()
        raise CoreTimeout

    monkeypatch.setattr(stage.core, "balances", no_answer)
    stage.core.hold("USDT", "1")
    stage.happen(placed())
    await asked.wait()
    monkeypatch.setattr(stage.core, "balances", answer)
    stage.happen(placed(BOB), placed())
    assert [d["ccy"] for d in (await session.heard())["data"][0]["details"]] == ["USDT"]


async def test_regular_pushes_come_unless_only_events_are_wanted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams_module, "REGULAR_MS", 1)
    running = asyncio.ensure_future(stage.streams.run())
    events_only = '{"updateInterval": "0"}'
    quiet = await stage.subscribe("account", extraParams=events_only)
    regular = await stage.subscribe("account", extraParams='{"updateInterval": 2000}')
    positions = await stage.subscribe("positions", instType="ANY")
    for _ in range(3):
        frame = await regular.heard()
        assert (frame["eventType"], frame["curPage"]) == ("snapshot", 1)
        assert (await positions.heard())["data"] == []
    await quiet.heard()
    assert quiet.is_silent
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_regular_pushes_hide_no_change_from_who_wants_events_only(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams_module, "REGULAR_MS", 1)
    running = asyncio.ensure_future(stage.streams.run())
    quiet = await stage.subscribe("account", extraParams='{"updateInterval": "0"}')
    regular = await stage.subscribe("account")
    await quiet.heard()
    stage.core.hold("USDT", "5")
    while (await regular.heard())["data"][0]["details"][0]["cashBal"] != "5":
        pass
    stage.happen(placed())
    assert [d["cashBal"] for d in (await quiet.heard())["data"][0]["details"]] == ["5"]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_positions_are_none(stage: Stage) -> None:
    session = await stage.subscribe("positions", instType="SWAP", instFamily="BTC-USDT")
    frame = await session.heard()
    assert frame == {
        "arg": {
            "channel": "positions",
            "instType": "SWAP",
            "instFamily": "BTC-USDT",
            "uid": "10000000016",
        },
        "eventType": "snapshot",
        "curPage": 1,
        "lastPage": True,
        "data": [],
    }


async def test_trades_and_transfers_push_the_balances_they_moved(stage: Stage) -> None:
    session = await stage.subscribe("balance_and_position")
    (row,) = (await session.heard())["data"]
    fields = documented("account_fields.json", "WS balance_and_position")
    assert_fields(row, fields)
    assert (row["eventType"], [b["ccy"] for b in row["balData"]]) == ("snapshot", ["USDT", "BTC"])

    stage.happen(placed(), *trade_legs(9))
    (row,) = (await session.heard())["data"]
    assert_fields(row, fields)
    assert (row["eventType"], row["trades"]) == (
        "filled", [{"instId": "BTC-USDT", "tradeId": "9"}],
    )  # fmt: skip
    assert [(b["ccy"], b["cashBal"]) for b in row["balData"]] == [("USDT", "1000"), ("BTC", "2")]
    assert row["pTime"] == str(NOW_MS)

    stage.happen(movement(10, "1"))
    (row,) = (await session.heard())["data"]
    assert (row["eventType"], [b["ccy"] for b in row["balData"]], row["trades"]) == (
        "transferred", ["USDT"], [],
    )  # fmt: skip


async def test_an_account_is_watched_once(stage: Stage) -> None:
    for _ in range(2):
        await stage.subscribe("account")
    await stage.subscribe("positions", instType="ANY")
    assert stage.watcher.watched == [ALICE]


@pytest.mark.parametrize(
    ("channel", "sent", "code"),
    [
        ("account", {"ccy": "XYZ"}, "60018"),
        ("account", {"ccy": ["BTC"]}, "60018"),
        ("account", {"extraParams": "{"}, "60013"),
        ("account", {"extraParams": '{"updateInterval": "7"}'}, "60013"),
        ("positions", {}, "60018"),
        ("positions", {"instType": "SPOT"}, "60018"),
    ],
)
async def test_streams_that_there_are_not_are_refused(
    stage: Stage, channel: str, sent: dict[str, Any], code: str
) -> None:
    with pytest.raises(ApiError) as refused:
        stage.channels[channel].key({"channel": channel, **sent}, caller())
    assert refused.value.code == code
