"""Frames, logins and texts that are no requests: answered with their code, or the end with its."""

import json
import time
from typing import Any

import pytest
from tests.hostile.socket import BINARY, CLOSE, PING, PONG, TEXT, Closed, Socket, frame
from tests.hostile.venue import ALICE, BOB, READER, Venue

FINAL, NOT_FINAL = 0x80, 0x00
PROTOCOL, NOT_TEXT, NOT_UTF8, TOO_BIG = 1002, 1003, 1007, 1009
LARGE = b"x" * (64 * 1024 + 1)

ENDS = {
    # frames, and the codes that may end the connection
    "a binary frame": ([frame(b"{}", kind=BINARY)], NOT_TEXT),
    "a binary frame of nothing": ([frame(b"", kind=BINARY)], NOT_TEXT),
    "no mask": ([frame(b"ping", is_masked=False)], PROTOCOL),
    "a reserved bit": ([frame(b"ping", first=0xC0)], PROTOCOL),
    "two reserved bits": ([frame(b"ping", first=0xB0)], PROTOCOL),
    "a reserved kind": ([frame(b"x", kind=3)], PROTOCOL),
    "a reserved kind of control": ([frame(b"x", kind=11)], PROTOCOL),
    "a large frame": ([frame(LARGE)], TOO_BIG),
    "a frame that says it is large": ([b"\x81\xff" + (2**40).to_bytes(8, "big") + b"abcd"], TOO_BIG),
    "a frame of 2^63 bytes": ([b"\x81\xff" + (2**63).to_bytes(8, "big") + b"abcd"], PROTOCOL),
    "a frame of 2^64 - 1 bytes": ([b"\x81\xff" + b"\xff" * 8 + b"abcd"], PROTOCOL),
    "large in pieces": (
        [frame(b"x" * 40_000, first=NOT_FINAL), frame(b"x" * 40_000, kind=0, first=NOT_FINAL)], TOO_BIG,
    ),
    "a hundred thousand pieces of nothing": (
        [frame(b"", first=NOT_FINAL), frame(b"", kind=0, first=NOT_FINAL) * 100_000], TOO_BIG,
    ),
    "a piece of nothing that was begun": ([frame(b"x", kind=0)], PROTOCOL),
    "a text inside of a text": ([frame(b"{", first=NOT_FINAL), frame(b"}")], PROTOCOL),
    "a ping of 126 bytes": ([frame(b"x" * 126, kind=PING)], PROTOCOL),
    "a ping in pieces": ([frame(b"x", kind=PING, first=NOT_FINAL)], PROTOCOL),
    "a close of 126 bytes": ([frame(b"\x03\xe8" + b"x" * 124, kind=CLOSE)], PROTOCOL),
    "a close of one byte": ([frame(b"x", kind=CLOSE)], PROTOCOL),
    "no UTF-8": ([frame(b'{"op":"\xff"}')], NOT_UTF8),
    "no UTF-8 and no JSON": ([frame(b"\xff\xfe")], NOT_UTF8),
    "half a character": ([frame(b"\xe2\x82")], NOT_UTF8),
    "a surrogate": ([frame(b'"\xed\xa0\x80"')], NOT_UTF8),
    "no UTF-8 in pieces": ([frame(b'{"a":"\xe2', first=NOT_FINAL), frame(b'x"}', kind=0)], NOT_UTF8),
}  # fmt: skip

ILLEGAL = (
    "", " ", "x", "pin", "PING", "pong", "{", "}", "[]", "1", "null", "true", '"x"', "{}", '{"op":null}', '{"op":1}', '{"op":[]}',
    '{"op":{}}', '{"OP":"login"}', '{"op":"order","op":"order"}', '{"op":"subscribe","args":[{"channel":"tickers","channel":"x"}]}',
    '{"op":"order","id":"1","args":[{"px":1e999999999999999999999}]}', '{"op":"x","id":"\\ud800"}', "\ufeff{}", "\0", "{}\0",
    "[" * 30_000, '{"a":' * 10_000 + "1" + "}" * 10_000, '{"op":"subscribe","args":' + "[" * 900 + "]" * 900 + "}", "NaN",
    '{"op":"order","id":1' + "0" * 5_000 + "}", "GET / HTTP/1.1\r\n\r\n", "<a/>", "'{}'",
)  # fmt: skip


@pytest.mark.parametrize("name", ENDS)
async def test_a_frame_that_may_not_be_ends_the_connection(venue: Venue, name: str) -> None:
    frames, code = ENDS[name]
    before = await venue.state_hash()
    async with Socket(venue) as socket:
        for each in frames:
            socket.write(each)
        assert await socket.closed() == code
    async with Socket(venue) as socket:
        assert await socket.is_alive()
    assert await venue.state_hash() == before
    assert not venue.new_failures()


@pytest.mark.parametrize("text", ILLEGAL, ids=lambda text: ascii(text[:30]))
async def test_what_is_no_request_comes_back_as_illegal(venue: Venue, text: str) -> None:
    async with Socket(venue) as socket:
        await socket.log_in(venue.keys[ALICE])
        answer = await socket.ask(text)
        assert (answer["event"], answer["code"]) == ("error", "60012")
        assert answer["msg"] == f"Illegal request: {text}"
        assert await socket.is_alive()
    assert not venue.new_failures()


async def test_a_text_in_pieces_is_one_text(venue: Venue) -> None:
    async with Socket(venue) as socket:
        for byte in b'{"op":"dance","args":':
            socket.say(bytes((byte,)), kind=TEXT if byte == ord("{") else 0, first=NOT_FINAL)
            socket.say(b"x" * 125, kind=PING)
        socket.say(b"[]}", kind=0)
        assert (await socket.answer())["code"] == "60019"


async def test_control_frames_are_answered_or_heard(venue: Venue) -> None:
    async with Socket(venue) as socket:
        socket.say(b"x" * 125, kind=PING)
        assert await socket.hear() == (PONG, b"x" * 125)
        socket.say(b"unasked", kind=PONG)
        assert await socket.is_alive()
        socket.say((4321).to_bytes(2, "big"), kind=CLOSE)
        with pytest.raises(Closed, match="4321"):
            await socket.hear()


LOGINS: dict[str, dict[Any, str]] = {
    "apiKey": {**dict.fromkeys((None, "", 1, True, "DEL"), "60005"), "a b": "60005", "\u00e9": "60005", "x" * 65: "60005", "x": "60032", "\0": "60005"},
    "passphrase": {**dict.fromkeys((None, "", 1, True, "DEL"), "60024"), "x": "60024", "\u00e9": "60024", "x" * 40_000: "60024"},
    "sign": {**dict.fromkeys((None, "", 1, True, "DEL"), "60007"), "x": "60007", "\u00e9": "60007", "A" * 44: "60007", "x" * 40_000: "60007"},
    "timestamp": {
        **dict.fromkeys((None, "", True, "DEL", "x", -1, "-1", "+1", " 1", "1 ", "1_0", "0x1", "1e9", "\u0661", "9" * 13, "9" * 400, 10**400), "60004"),
        **dict.fromkeys(("1", 2, "0", "999999999999", 1.5), "60006"),
    },
}  # fmt: skip


@pytest.mark.parametrize("path", ["private", "public", "business"])
async def test_a_hostile_login_is_refused(venue: Venue, path: str) -> None:
    wrong: list[str] = []
    async with Socket(venue, path) as socket:
        for name, values in LOGINS.items():
            for value, code in values.items():
                login = venue.keys[ALICE].login(**{name: value})
                if value == "DEL":
                    del login[name]
                answer = await socket.ask(json.dumps({"op": "login", "args": [login]}))
                if answer.get("code") != code:
                    wrong.append(f"{name} {str(value)[:50]}: expected {code}, was {answer}")
        for late_s in (31, 3_600, -31.5, -3_600):
            assert (await socket.log_in(venue.keys[ALICE], late_s=late_s))["code"] == "60006"
        other = venue.keys[BOB].login()
        assert (await socket.log_in(venue.keys[ALICE], sign=other["sign"]))["code"] == "60007"
        assert (await socket.log_in(venue.keys[ALICE], apiKey=other["apiKey"]))["code"] == "60007"
        text = json.dumps({"id": "1", "op": "order", "args": [{}]})
        assert (await socket.ask(text))["code"] == ("60028" if path == "public" else "60011")
    assert not wrong, "\n".join(wrong)
    assert not venue.new_failures()


async def test_a_second_login_never_mixes_accounts(venue: Venue) -> None:
    alice, reader, bob = (venue.keys[name] for name in (ALICE, READER, BOB))
    async with Socket(venue) as socket:
        assert (await socket.log_in(alice))["code"] == "0"
        assert (await socket.log_in(alice))["code"] == "0"
        assert (await socket.log_in(bob))["code"] == "60031"
        both = json.dumps({"op": "login", "args": [alice.login(), bob.login()]})
        assert (await socket.ask(both))["code"] == "60009"
        cancel = {"instId": "BTC-USDT", "ordId": venue.orders["other"]}
        answer = await socket.ask(json.dumps({"id": "1", "op": "cancel-order", "args": [cancel]}))
        assert answer["data"][0]["sCode"] == "51400"
        # The same account with a lesser key is what the connection may do from then on.
        assert (await socket.log_in(reader))["code"] == "0"
        answer = await socket.ask(json.dumps({"id": "1", "op": "cancel-order", "args": [cancel]}))
        assert answer["code"] == "50120"


async def test_a_login_may_be_replayed_within_its_window_only(venue: Venue) -> None:
    old = venue.keys[ALICE].login(late_s=31)
    async with Socket(venue) as socket:
        answer = await socket.ask(json.dumps({"op": "login", "args": [old]}))
        assert answer["code"] == "60006"
        assert time.time() - int(old["timestamp"]) > 30
