"""What one account may use of a worker: turns, and commands in flight."""

import asyncio
import json
import time
from collections import Counter, deque

from tests.support.wire import TinySlice, decoded, login, serving, signed
from websockets.frames import Frame, Opcode

from tickyard.base.clock import ManualClock
from tickyard.base.ids import AccountId
from tickyard.gateway.exchange import Incoming, Response
from tickyard.gateway.shares import (
    BREATHS,
    FRAME_BYTES,
    PLACES,
    RESERVE_BYTES,
    SHARE_BYTES_MIN,
    TURN_BYTES,
    Share,
    Shares,
)

ALICE, BOB = AccountId(16), AccountId(17)
ORDERS = 4_000
"""Of one flood: several turns' worth, and more than the system holds for a connection."""
AT_MS = 1_607_418_537_715
AT = "2020-12-08T09:08:57.715Z"


class Sender:
    """A connection with messages of one size that wait."""

    def __init__(self, share: Share, name: str, messages: int, done: list[str]) -> None:
        self._share = share
        self._name = name
        self._left = messages
        self._done = done

    def go_on(self) -> None:
        while self._left:
            if not self._share.take(FRAME_BYTES):
                self._share.wait(self)
                return
            self._left -= 1
            self._done.append(self._name)


async def next_turn() -> None:
    for _ in range(1 + BREATHS):
        await asyncio.sleep(0)


async def turns(done: list[str], senders: list[Sender], messages: int) -> list[Counter[str]]:
    """Let all begin in one turn; tell what was done in each turn."""
    for sender in senders:
        sender.go_on()
    each: list[Counter[str]] = []
    while messages:
        each.append(Counter(done))
        messages -= len(done)
        done.clear()
        await next_turn()
    return each


async def test_one_account_has_a_turn_to_itself_and_the_rest_waits_for_the_next() -> None:
    whole = TURN_BYTES // FRAME_BYTES
    done: list[str] = []
    senders = [Sender(Shares().of(ALICE), "alice", 2 * whole + 3, done)]
    assert await turns(done, senders, 2 * whole + 3) == [
        {"alice": whole},
        {"alice": whole},
        {"alice": 3},
    ]


async def test_accounts_have_equal_parts_of_a_turn_however_many_connections_they_have() -> None:
    shares, done, whole = Shares(), list[str](), TURN_BYTES // FRAME_BYTES
    many = [Sender(shares.of(ALICE), "alice", whole, done) for _ in range(20)]
    one = Sender(shares.of(BOB), "bob", whole, done)
    first, second, *_ = await turns(done, [*many, one], 21 * whole)
    assert first == {"alice": whole}, "whoever comes first does not know that others follow"
    assert second == {"alice": whole // 2, "bob": whole // 2}


async def test_connections_of_an_account_take_turns() -> None:
    share, done = Shares().of(ALICE), list[str]()
    whole = TURN_BYTES // FRAME_BYTES
    senders = [Sender(share, name, 3 * whole, done) for name in ("a", "b")]
    each = await turns(done, senders, 6 * whole)
    assert each == [{name: whole} for name in ("a", "a", "b", "a", "b", "b")]


async def test_when_a_turn_is_too_short_for_all_those_come_first_who_have_waited_longest() -> None:
    shares, done = Shares(), list[str]()
    parts = TURN_BYTES // SHARE_BYTES_MIN
    whole = TURN_BYTES // FRAME_BYTES
    many = [
        Sender(shares.of(AccountId(16 + number)), f"flood{number}", 2 * whole, done)
        for number in range(2 * parts)
    ]
    for sender in many:
        sender.go_on()
    for _ in range(4):
        done.clear()
        await next_turn()
    # Who had nothing to do lately finds the turn over, and is served all the same, as long as they are few.
    few = RESERVE_BYTES // FRAME_BYTES
    modest = [
        Sender(shares.of(AccountId(1_000 + number)), f"modest{number}", 1, done)
        for number in range(few + 1)
    ]
    done.clear()
    for sender in modest:
        sender.go_on()
    assert done == [f"modest{number}" for number in range(few)]
    done.clear()
    await next_turn()
    assert done[0] == f"modest{few}"
    # Nor does any of the many wait for longer than the others.
    done.clear()
    await next_turn()
    await next_turn()
    assert set(done) == {f"flood{number}" for number in range(2 * parts)}


async def test_a_message_of_any_size_is_taken_and_paid_back() -> None:
    shares = Shares()
    alice, bob = shares.of(ALICE), shares.of(BOB)
    assert alice.take(2 * TURN_BYTES)
    assert not bob.take(1), "the turn is over"
    await next_turn()
    assert bob.take(1)
    assert not alice.take(1), "half a turn does not pay a whole one"
    await next_turn()
    assert not alice.take(1), "the other half was the last of the debt"
    await next_turn()
    assert alice.take(1)


def test_who_floods_gets_half_of_the_places_and_others_find_one() -> None:
    shares = Shares()
    alice, bob = shares.of(ALICE), shares.of(BOB)
    assert alice.enter(PLACES // 2)
    assert not alice.enter(1)
    alice.leave(1)
    assert bob.enter(PLACES // 4)
    assert not bob.enter(PLACES // 8)
    bob.leave(PLACES // 8)
    assert shares.of(AccountId(18)).enter(1)
    alice.leave(PLACES // 2)
    assert bob.enter(1)
    assert shares.of(ALICE) is alice


def masked(message: object) -> bytes:
    return Frame(Opcode.TEXT, json.dumps(message).encode()).serialize(mask=True)


async def logged_in(port: int, name: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"GET /ws/v5/private HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    await reader.readuntil(b"\r\n\r\n")
    writer.write(masked(login(str(time.time_ns() // 10**9), name=name)))
    await reader.readuntil(b'"login"')
    return reader, writer


async def test_a_flood_on_one_connection_waits_while_another_is_served() -> None:
    tiny = TinySlice()
    async with asyncio.timeout(60), serving(tiny.gateway()) as port:
        _, flood = await logged_in(port, "alice")
        _, other = await logged_in(port, "bob")
        names = [str(n) for n in range(ORDERS)]
        one = {"op": "batch-orders", "id": "1"}
        flood.write(b"".join(masked({**one, "args": [{"clOrdId": name}]}) for name in names))
        await tiny.one_seen.wait()
        seen_before = len(tiny.seen)
        other.write(masked({**one, "args": [{"clOrdId": "bob"}]}))
        while len(tiny.seen) <= ORDERS:
            tiny.one_seen.clear()
            await tiny.one_seen.wait()
        order = [request.body[0]["clOrdId"] for request in tiny.seen]
        place = order.index("bob")
        assert seen_before <= place < ORDERS, "the flood did not go first as a whole"
        order.remove("bob")
        assert order == names, "what was held back has kept its order"
        for writer in (flood, other):
            writer.close()
            await writer.wait_closed()


async def test_too_many_rest_requests_of_an_account_are_refused_and_no_other() -> None:
    tiny, clock = TinySlice(), ManualClock(AT_MS * 10**6)
    tiny.gate = asyncio.Event()
    gateway = tiny.gateway(wall=clock, exchange=clock)
    body = json.dumps([{"clOrdId": "a"}] * 20)
    answers: deque[Response] = deque()

    def ask(name: str) -> None:
        path = "/api/v5/trade/batch-orders"
        headers = {
            header.lower().encode(): value.encode()
            for header, value in signed("POST", path, body, name=name, timestamp=AT).items()
        }
        incoming = Incoming(b"POST", path.encode(), headers, body.encode(), "192.0.2.7", 5)
        gateway.rest.respond(incoming, answers.append)

    async with gateway.runner:
        full = PLACES // 2 // 20 + 1
        for _ in range(full + 1):
            ask("alice")
        (refused,) = answers
        assert (refused.status, refused.extra) == (429, b"Retry-After: 1\r\n")
        assert decoded(refused.body)["code"] == "50013"
        ask("alice-2")
        assert len(answers) == 2, "another key of the same account is no other account"
        ask("bob")
        tiny.gate.set()
        await gateway.runner.drain(5)
    assert [response.status for response in answers] == [429] * 2 + [200] * (full + 1)
    assert gateway.rest.shares.in_flight == 0
