"""Writes the first corpus of each target: bytes of a short real day. `python -m tests.fuzz.seeds`.

What fuzzers find on the way is added to the folders by hand, minimised; this never deletes anything.
"""

import asyncio
import json
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from struct import Struct

from tests.fuzz.mutation import CORPUS
from tests.support import core_market
from tests.support.wire import login, signed

from tickyard._core import Host
from tickyard.engine import commands, protocol
from tickyard.engine.client import CoreClient
from tickyard.engine.protocol import FrameKind
from tickyard.engine.records import Side

ROOT = CORPUS.parent.parent
PAST = 120
"""Commands of the golden journal that the targets begin with."""
_ROW = Struct("<QQ")
_FRAME_BODY = Struct("<4xI")
_HEADER = 64
_BLOCK = 4096
_BATCH = 48


def put(target: str, data: bytes) -> None:
    """Write one seed, named by its hash as libFuzzer does."""
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / sha256(data).hexdigest()[:16]).write_bytes(data)


def golden_commands() -> Iterator[bytes]:
    """Read the commands of the golden journal."""
    rest = (ROOT / "tests/golden/core_journal.bin").read_bytes()
    while rest:
        _, length = _ROW.unpack_from(rest)
        yield rest[_ROW.size : _ROW.size + length]
        rest = rest[_ROW.size + length :]


async def live(home: Path) -> None:
    """Let a short day happen."""
    host = Host.start(home, home / "core.sock")
    client = await CoreClient.connect(home / "core.sock")
    try:
        await core_market.open_market(client)
        for price in range(100, 110):
            await client.submit(core_market.limit(core_market.ALICE, Side.BUY, price, 2))
            await client.submit(core_market.limit(core_market.BOB, Side.SELL, price, 1))
        await client.submit(commands.mass_cancel(account=core_market.ALICE))
    finally:
        await client.close()
        host.stop()
        host.wait()


def frames(segment: bytes) -> Iterator[bytes]:
    """Cut a segment into headers with bodies, without the padding."""
    at = 0
    while segment[at : at + 4] == b"TYJF":
        (length,) = _FRAME_BODY.unpack_from(segment, at)
        yield segment[at : at + _HEADER + length]
        at += -(-(_HEADER + length) // _BLOCK) * _BLOCK


def write_rust() -> None:
    """Write the seeds of the Rust targets."""
    records = list(golden_commands())
    for start in range(PAST, len(records), 45):
        put("commands", b"\1" + b"".join(b"\1" + record for record in records[start : start + 8]))
    put("commands", b"\0" + b"".join(b"\1" + record for record in records[:24]))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        asyncio.run(live(home))
        segment = next(iter(sorted((home / "journal").glob("*.log")))).read_bytes()
        found = list(frames(segment))
        put("journal", b"\0" + segment[: 3 * _BLOCK])
        for count in (1, 3, 8):
            put("journal", b"\1" + b"".join(found[:count]))
        events = next(iter(sorted((home / "events").glob("*.evt")))).read_bytes()
        put("core_answers", events[_BATCH:6_000])
        put("events", b"\0" + events[:6_000])
        put("events", b"\1" + events[:6_000])
    for edits in (b"", bytes((40, 0, 0, 1)), bytes((200, 1, 0, 255, 9, 2, 0, 7))):
        put("snapshot", b"\1" + edits)
    put("snapshot", b"\0TICKSNAP" + bytes(80))
    queries = {
        FrameKind.OPEN_ORDERS: protocol.ACCOUNT_IN_INSTRUMENT.pack(16, 1),
        FrameKind.ORDER: protocol.ORDER_QUERY.pack(16, 1, 0, b"a"),
        FrameKind.BALANCES: protocol.ACCOUNT_QUERY.pack(16),
        FrameKind.BOOK: protocol.BOOK_QUERY.pack(1, 5),
        FrameKind.DEFINITIONS: b"",
        FrameKind.STATUS: protocol.STATUS_QUERY.pack(1),
        FrameKind.HAS_KEY: bytes(16),
        FrameKind.SUBSCRIBE: protocol.SUBSCRIBE.pack(1) + protocol.WATCH.pack(16),
        FrameKind.SUBMIT: records[0] + records[-1],
    }
    asked = b"".join(protocol.frame(kind, 7, payload) for kind, payload in queries.items())
    put("socket", b"\3" + asked)
    reply = bytes.fromhex(_golden_reply())
    numbered = [number.to_bytes(8, "little") + reply[8:] for number in range(1, 7)]
    put("replies", b"\3" + b"".join(numbered))
    put("core_answers", protocol.frame(FrameKind.SUBMIT, 0, b"".join(numbered)))
    put("replies", b"\x83" + b"".join(numbered[::-1]))


def write_python() -> None:
    """Write the seeds of the Python targets, as clients send them."""
    order = {"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "limit", "px": "50000.1", "sz": "0.01",
             "clOrdId": "e847386590ce4dBC", "tag": "e847386590ce4dBC", "tgtCcy": "", "stpMode": "cancel_maker"}  # fmt: skip
    amend = {
        "instIdCode": 1,
        "ordId": "16777216",
        "newPx": "50000.2",
        "newSz": 0.02,
        "reqId": "a",
        "cxlOnFail": False,
    }
    market = {
        **order,
        "ordType": "market",
        "tgtCcy": "quote_ccy",
        "sz": "100",
        "attachAlgoOrds": [],
    }
    sweep = {"instType": "SPOT", "instFamily": "BTC-USDT", "timeOut": "60", "lockInterval": "0"}
    for each in (
        order,
        [order, market],
        [amend],
        {"instId": "ETH-USDT", "clOrdId": "x", "newSz": "1"},
        sweep,
    ):
        put("items", _json(each))
        put("json_body", _json(each))
    put("json_body", b'{"a":[1,1.5,-0.0,1e5,true,null,"\\u00e9\\ud83d\\ude00",{"b":{"c":""}}]}')
    moved = {"ccy": "USDT", "amt": "1.5", "from": "6", "to": "18", "type": "0", "clientId": "a1"}
    for amount in ("1.5", 1.5, -1, 10**20):
        put("transfer", _json({**moved, "amt": amount}))
    for text in (
        b"0.00000001",
        b"1234567.125",
        b"50000.1",
        b"1e-7",
        b"99999999999999999999999999999999",
    ):
        put("amounts", text)
    for text in (
        b"instId=BTC-USDT&ordId=16777216&clOrdId=a",
        b"instType=SPOT&ordType=limit,post_only&state=filled&after=1&before=2&begin=3&end=4&limit=5&category=normal",
        b"ccy=BTC%2CUSDT&type=2&subType=1&mgnMode=cash&ctType=linear&instType=SPOT+&instId=%42TC-USDT",
    ):
        put("query", text)
    put("signature", b"alice\nopen sesame\nx\n2020-12-08T09:08:57.715Z")
    put("signature", _json({**login("1607418537")["args"][0], "sign": "x"}))
    for arg in (
        {"channel": "orders", "instType": "ANY", "instFamily": "x", "instId": "BTC-USDT"},
        {"channel": "account", "ccy": "BTC", "extraParams": '{"updateInterval":"0"}'},
        {"channel": "positions", "instType": "ANY", "extraParams": {"updateInterval": 2000}},
    ):
        put("subscriptions", _json(arg))
    talk = (
        login(1_607_418_537),
        {
            "id": "1512",
            "op": "subscribe",
            "args": [{"channel": "tickers", "instId": "BTC-USDT"}, {"channel": "account"}],
        },
        {"id": "7", "op": "order", "expTime": "1700000000000", "args": [order]},
        {"id": 8, "op": "batch-orders", "args": [order, order]},
        {
            "op": "unsubscribe",
            "args": [{"channel": "tickers", "instId": "BTC-USDT", "instType": None}],
        },
    )
    put("session", b"\n".join((*map(_json, talk), b"ping")))
    for said in talk:
        put("session", _json(said))
    body = _json(order)
    headers = signed(
        "POST", "/api/v5/trade/order", body.decode(), timestamp="2020-12-08T09:08:57.715Z"
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
    post = b"POST /api/v5/trade/order HTTP/1.1\r\nHost: x\r\n" + head
    put(
        "http",
        b"\7"
        + post
        + b"Content-Length: %d\r\n\r\n" % len(body)
        + body
        + b"GET /livez HTTP/1.0\r\n\r\n",
    )
    put(
        "http",
        b"\1"
        + post
        + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body),
    )
    put(
        "http",
        b"\5GET /ws/v5/public HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\x80",
    )
    put(
        "http",
        b"\5GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nExpect: 100-continue\r\n\r\n",
    )


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _golden_reply() -> str:
    """Find the bytes of a reply among the golden records."""
    golden = json.loads((ROOT / "tests/golden/records.json").read_text())
    return next(hex_ for hex_ in _texts(golden) if len(hex_) == 2 * 96)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


if __name__ == "__main__":
    write_rust()
    write_python()
