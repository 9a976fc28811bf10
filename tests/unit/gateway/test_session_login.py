"""A dialogue of frames without a socket: who logs in."""

from typing import Any

import pytest
from tests.support.session_desk import CONN, NOW_S, Client
from tests.support.wire import key, login

from tickyard.gateway.route import Access


@pytest.mark.parametrize("timestamp", [NOW_S, str(NOW_S)])
async def test_a_login_is_acknowledged(client: Client, timestamp: str | int) -> None:
    answers = await client.says(login(timestamp))
    assert answers == [{"event": "login", "code": "0", "msg": "", **CONN}]


@pytest.mark.parametrize("path", ["/ws/v5/public", "/ws/v5/private", "/ws/v5/business"])
async def test_login_works_on_every_path(client: Client, path: str) -> None:
    client.session = client.open(path=path)
    await client.logs_in()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"sign": "x"}, "60007"),
        ({"passphrase": "x"}, "60024"),
        ({"apiKey": "nobody"}, "60032"),
        ({"apiKey": "a b"}, "60005"),
        ({"timestamp": NOW_S - 31}, "60006"),
    ],
)
async def test_a_refused_login_may_be_tried_again(
    client: Client, changed: dict[str, Any], code: str
) -> None:
    (answer,) = await client.says(login(NOW_S, **changed))
    assert (answer["event"], answer["code"], answer["connId"]) == ("error", code, "0a000001")
    await client.logs_in()


async def test_the_same_account_may_log_in_again(client: Client) -> None:
    await client.logs_in()
    await client.logs_in()
    await client.logs_in("alice-2")


async def test_another_account_may_not(client: Client) -> None:
    await client.logs_in()
    (answer,) = await client.says(login(NOW_S, name="bob"))
    assert answer["code"] == "60031"
    assert client.session.caller is not None
    assert client.session.caller.key == "alice"


async def test_one_account_logs_in_on_a_connection(client: Client) -> None:
    frame = login(NOW_S)
    (answer,) = await client.says({"op": "login", "args": frame["args"] * 2})
    assert answer["code"] == "60009"


TRADE = frozenset({Access.READ, Access.TRADE})


@pytest.mark.parametrize(
    "change",
    [
        {"permissions": frozenset({Access.READ})},
        {"permissions": TRADE, "label": "renamed"},
        {"permissions": TRADE, "ips": ("198.51.100.0/24",)},
        {"permissions": TRADE, "is_frozen": True},
        {"permissions": TRADE, "expires_at_ms": NOW_S * 1_000 + 1_000},
    ],
)
async def test_a_connection_ends_when_its_key_is_changed(
    client: Client, change: dict[str, Any]
) -> None:
    await client.logs_in()
    client.passes(1)
    assert client.sink.closed is None
    client.keys.replace(key("alice", account=16, **change))
    client.passes(1)
    assert client.sink.closed == (4007, "API key has been updated or deleted.")


async def test_a_connection_stays_when_its_address_is_still_allowed(client: Client) -> None:
    await client.logs_in()
    client.keys.replace(key("alice", account=16, permissions=TRADE, ips=("192.0.2.0/24",)))
    client.passes(1)
    assert client.sink.closed is None
