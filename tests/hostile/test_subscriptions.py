"""Every WebSocket channel: hostile subscriptions are refused, one by one, and the connection goes on."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from tests.hostile.socket import Socket
from tests.hostile.values import NO_CURRENCIES, NO_INSTRUMENTS
from tests.hostile.venue import ALICE, Venue

from tickyard.instruments import listing
from tickyard.instruments.absent_channels import _OF_LISTED, SilentChannel, absent_channels

NO_STREAM, BAD_ARGS, LOGIN = "60018", "60013", "60011"
NO_TEXTS: tuple[Any, ...] = (1, 1.5, True, [], ["BTC-USDT"], {}, {"a": "1"}, [[[]]])
ABSENT = (None, "")
NO_KINDS = ("spot", "Spot", "STOCK", " SPOT", "SPOT\0", "SPOT,SWAP", "x" * 400)

_NAMED = {"instId": (*NO_INSTRUMENTS, *NO_TEXTS, *ABSENT)}
_MAYBE_NAMED = {"instId": (*NO_INSTRUMENTS, *NO_TEXTS)}
_KIND = {"instType": (*NO_KINDS, *NO_TEXTS, *ABSENT)}
_UPDATES: Mapping[str, tuple[Any, ...]] = {
    "extraParams": (
        *(1, True, [], ["x"]), "x", "[]", "1", "{", '{"updateInterval":"1"}', '{"updateInterval":1e400}', {"updateInterval": "1"},
        {"updateInterval": []}, {"updateInterval": {}}, "[" * 1_000, "[" * 30_000, '{"updateInterval":' + "9" * 5_000 + "}",
        '{"updateInterval":1e999999999999999999999}', '{"updateInterval":' + "[" * 900 + "]" * 900 + "}",
        '{"updateInterval":"0","updateInterval":"1"}',
    ),
}  # fmt: skip

CANDLES = tuple(
    f"candle{bar}"
    for bar in (
        "1s", "1m", "3m", "5m", "15m", "30m", "1H", "2H", "4H", "6H", "12H", "1D", "2D", "3D", "5D", "1W", "1M", "3M", "1Y",
        "6Hutc", "12Hutc", "1Dutc", "2Dutc", "3Dutc", "5Dutc", "1Wutc", "1Mutc", "3Mutc", "1Yutc",
    )
)  # fmt: skip
SILENT = [one for one in absent_channels(listing.load()) if isinstance(one, SilentChannel)]
CHANNELS = {
    # For each channel: what is right, and what is wrong with each member.
    "instruments": ({"instType": "SPOT"}, _KIND),
    "status": ({}, {}),
    **dict.fromkeys(
        (
            "books", "books50-l2-tbt", "books-l2-tbt", "books5", "bbo-tbt", "tickers", "trades", "trades-all", *CANDLES,
        ),
        ({"instId": "BTC-USDT"}, _NAMED),
    ),
    **dict.fromkeys(
        ("index-tickers", "price-limit", *(f"index-{one}" for one in CANDLES)), ({"instId": "BTC-USDT"}, _NAMED)
    ),
    "orders": ({"instType": "ANY"}, {**_KIND, **_MAYBE_NAMED, "instFamily": NO_TEXTS}),
    "orders-algo": ({"instType": "ANY"}, {**_KIND, **_MAYBE_NAMED, "instFamily": NO_TEXTS}),
    "algo-advance": ({"instType": "ANY"}, {**_KIND, **_MAYBE_NAMED, "algoId": ("x", "-1", *NO_TEXTS)}),
    "fills": ({}, _MAYBE_NAMED),
    "account": ({}, {"ccy": (*NO_CURRENCIES, *NO_TEXTS), **_UPDATES}),
    "balance_and_position": ({}, {}),
    "positions": ({"instType": "ANY"}, {**_KIND, "instFamily": NO_TEXTS, "instId": NO_TEXTS, **_UPDATES}),
    **{
        channel.name: (
            {member: min(words) for member, words in channel._needs.items()}
            | ({"instId": "BTC-USDT"} if channel.name in _OF_LISTED else {}),
            {"ccy": NO_TEXTS, **dict.fromkeys(channel._needs, (*NO_KINDS, *NO_TEXTS, *ABSENT))},
        )
        for channel in SILENT
    },
}  # fmt: skip
PRIVATE = (
    "orders",
    "orders-algo",
    "algo-advance",
    "fills",
    "account",
    "balance_and_position",
    "positions",
    *(channel.name for channel in SILENT if channel.is_private),
)


def test_every_channel_that_is_served_stands_in_the_table(venue: Venue) -> None:
    assert set(CHANNELS) == set(venue.served.channels)
    assert set(PRIVATE) == {name for name, each in venue.served.channels.items() if each.is_private}


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_hostile_subscription_is_refused(venue: Venue, channel: str) -> None:
    right, fields = CHANNELS[channel]
    args = [
        (
            {"channel": channel, **right, member: value},
            BAD_ARGS if member == "extraParams" else NO_STREAM,
        )
        for member, values in fields.items()
        for value in values
    ]
    before = await venue.state_hash()
    wrong: list[str] = []
    async with Socket(venue) as socket:
        await socket.log_in(venue.keys[ALICE])
        for arg, code in args:
            for op in ("subscribe", "unsubscribe"):
                answer = await socket.ask(json.dumps({"id": "1", "op": op, "args": [arg]}))
                if (answer["event"], answer["code"], answer.get("id")) != ("error", code, "1"):
                    wrong.append(f"{op} {str(arg)[:100]}: expected {code}, was {str(answer)[:200]}")
        assert await socket.is_alive()
    assert not wrong, "\n".join(wrong)
    assert await venue.state_hash() == before
    assert not venue.new_failures()


@pytest.mark.parametrize("channel", PRIVATE)
async def test_a_private_channel_wants_a_login(venue: Venue, channel: str) -> None:
    right, _ = CHANNELS[channel]
    for path in ("public", "private", "business"):
        async with Socket(venue, path) as socket:
            text = json.dumps({"op": "subscribe", "args": [{"channel": channel, **right}]})
            assert (await socket.ask(text))["code"] == LOGIN


@pytest.mark.parametrize(
    "channel",
    [1, True, [], {}, ["tickers"], "", None, "Tickers", " tickers", "tickers\0", "x" * 400, "candle", "candle1x", "../books", "' OR 1=1--"],
)  # fmt: skip
async def test_there_is_no_such_channel(venue: Venue, channel: object) -> None:
    async with Socket(venue, "public") as socket:
        for op in ("subscribe", "unsubscribe"):
            text = json.dumps({"op": op, "args": [{"channel": channel, "instId": "BTC-USDT"}]})
            assert (await socket.ask(text))["code"] == NO_STREAM
        assert await socket.is_alive()


@pytest.mark.parametrize("op", ["subscribe", "unsubscribe", "login"])
@pytest.mark.parametrize(
    "args", [None, 1, "x", {}, [], [1], [None], ["x"], [[]], [{"channel": "tickers", "instId": "BTC-USDT"}, 1]]
)  # fmt: skip
async def test_args_are_a_list_of_objects(venue: Venue, op: str, args: object) -> None:
    async with Socket(venue, "public") as socket:
        answer = await socket.ask(json.dumps({"id": "7", "op": op, "args": args}))
        assert (answer["event"], answer["code"], answer["id"]) == ("error", BAD_ARGS, "7")
        assert await socket.is_alive()


async def test_one_bad_element_does_not_stop_the_others(venue: Venue) -> None:
    args = [
        {"channel": "tickers", "instId": name} for name in ("BTC-USDT", "NOPE", "ETH-USDT", "YYY")
    ]
    async with Socket(venue, "public") as socket:
        socket.say(json.dumps({"op": "subscribe", "args": args}))
        events = [(await socket.answer())["event"] for _ in args]
    assert events == ["subscribe", "error", "subscribe", "error"]


async def test_twenty_thousand_elements_are_answered_or_end_the_connection(venue: Venue) -> None:
    async with Socket(venue, "public") as socket:
        socket.say('{"op":"subscribe","args":[' + ",".join(["{}"] * 20_000) + "]}")
        assert await socket.closed() in {4005}
    async with Socket(venue, "public") as socket:
        assert await socket.is_alive()
    assert not venue.new_failures()


async def test_an_hour_has_480_requests(venue: Venue) -> None:
    text = json.dumps({"op": "subscribe", "args": [{"channel": "status"}]})
    async with Socket(venue, "public") as socket:
        for _ in range(480):
            socket.say(text)
        events = {(await socket.answer())["event"] for _ in range(480)}
        assert events == {"subscribe"}
        for op in ("subscribe", "unsubscribe", "login"):
            answer = await socket.ask(json.dumps({"op": op, "args": [{"channel": "status"}]}))
            assert answer["code"] == "60014"
        assert await socket.is_alive()
