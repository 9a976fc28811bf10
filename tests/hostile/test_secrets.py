"""Secrets stand nowhere but with their owner: not in logs, answers, status or what the command line prints.

Hostile requests carry them where they do not belong; the demo's own are used as what must not be found.
"""

import json
from urllib.parse import quote

import pytest
from tests.hostile.socket import Closed, Socket
from tests.hostile.venue import ALICE, Key, Line, Venue, request
from tests.support.exchange import tickyard

ORDER = "/api/v5/trade/order"
BALANCE = "/api/v5/account/balance"


def places(key: Key) -> list[bytes]:
    """Write requests that carry secrets in every part of them, and fail for many reasons."""
    secret, word = key.secret, key.passphrase
    leak = json.dumps({"instId": secret, "clOrdId": word, "sz": [secret], secret: word}).encode()
    extra = {
        "Content-Type": "application/json",
        "X-Secret": secret,
        "Cookie": secret,
        "User-Agent": secret,
    }
    signed = {**key.headers("POST", ORDER, leak), **extra}
    query = f"{BALANCE}?secret={quote(secret)}&{secret}=1&passphrase={quote(word)}"
    return [
        request("POST", ORDER, signed, leak),
        request("POST", ORDER, {**signed, "OK-ACCESS-SIGN": secret}, leak),
        request("POST", ORDER, {**signed, "OK-ACCESS-PASSPHRASE": secret}, leak),
        request("POST", ORDER, {**signed, "OK-ACCESS-TIMESTAMP": secret}, leak),
        request("POST", ORDER, {**signed, "OK-ACCESS-KEY": word + secret}, leak),
        request("POST", ORDER, {**signed, "expTime": secret}, leak),
        request("POST", ORDER, {**key.headers("POST", ORDER, leak[:-1]), **extra}, leak[:-1]),
        request("GET", query, {**key.headers("GET", query), **extra}),
        request("GET", f"/{secret}/{quote(word)}", extra),
        request(secret, BALANCE, extra),
        f"GET {BALANCE} HTTP/{secret}\r\n{secret}\r\n\r\n".encode(),
    ]  # fmt: skip


def texts(key: Key) -> list[str]:
    """Write frames that carry secrets, and are wrong."""
    login = json.dumps({"op": "login", "args": [key.login()]})
    return [
        login[:-1],
        login.replace(":", "", 1),
        login.replace('"op"', '"operation"'),
        json.dumps({"op": "login", "args": [key.login(sign=key.secret)]}),
        json.dumps({"op": "login", "args": [key.login(timestamp=key.secret)]}),
        json.dumps({"op": "login", "args": [key.login(apiKey=key.secret)]}),
        json.dumps({"op": "login", "args": key.secret}),
    ]


@pytest.mark.parametrize("part", ["secret", "passphrase"])
async def test_no_secret_is_ever_written_down(venue: Venue, part: str) -> None:
    key = venue.keys[ALICE]
    value = getattr(key, part)
    heard: list[str] = []
    async with Line(venue) as line:
        for raw in places(key):
            answer = await line.ask(raw)
            heard.append((answer.head + answer.body).decode())
    async with Socket(venue) as socket:
        for text in texts(key):
            heard += [json.dumps(await socket.ask(text))]
        socket.say(value.encode() + b"\xff")
        with pytest.raises(Closed):
            await socket.hear()
    assert [text for text in heard if value in text and f'"clOrdId":"{value}"' not in text] == []
    for command in (("status",), ("status", "-o", "json"), ("doctor", "-o", "json")):
        done = tickyard(*command, "--home", str(venue.exchange.home), check=False)
        assert value not in done.stdout + done.stderr
    for name, text in venue.written().items():
        assert value not in text, name
    assert not venue.new_failures()
