"""What must hold for any bytes at all: one plain function for each place where Python reads bytes.

A function takes whatever it is given and raises when a promise is broken; to refuse the bytes with the refusal that
is meant for it is none. The suite feeds them the corpus and mutations of it, `make fuzz` whatever finds new paths.
"""

import asyncio
import contextlib
import json
import struct
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from tests.support.order_desk import ALICE, CATALOG
from tests.support.session_desk import NOW_S, Sink, parts_of
from tests.support.wire import Keys, TinySlice, login, signed

from tickyard._core import Core
from tickyard.account.wire.bills import bill_filter, funding_filter, sub_account_filter
from tickyard.account.wire.funding import read_transfer
from tickyard.account.wire.subscriptions import account_stream, positions_stream
from tickyard.account.wire.values import currencies
from tickyard.base.amounts import TEXT_LENGTH_MAX, NotAnAmount, amount_text, parse_amount
from tickyard.base.clock import ManualClock
from tickyard.base.ids import AccountId
from tickyard.engine import event_codec, row_codec
from tickyard.engine.protocol import FrameReader
from tickyard.engine.records import Refusal
from tickyard.engine.replies import decode_replies
from tickyard.gateway import body
from tickyard.gateway.envelope import arg_json
from tickyard.gateway.exchange import Incoming
from tickyard.gateway.http_reader import BODY_BYTES_MAX, RequestReader
from tickyard.gateway.query import parse_query
from tickyard.gateway.route import ApiError
from tickyard.gateway.session import WebSocketSession
from tickyard.gateway.signature import Signatures
from tickyard.instruments import listing
from tickyard.instruments.grid import OffGrid, units_value
from tickyard.trading.wire import queries
from tickyard.trading.wire.requests import ItemReader
from tickyard.trading.wire.streams import fills_stream, orders_stream
from tickyard.users.seeding import seeding

AT = "2020-12-08T09:08:57.715Z"
AT_NS = 1_607_418_537_715 * 10**6
AMOUNT_MAX = 2**127 - 1
CLOCK = ManualClock(AT_NS)
READER = ItemReader(CATALOG, None)
SIGNATURES = Signatures(Keys(), wall=CLOCK, exchange=CLOCK)
CORE = Core()
CORE.apply(b"".join((*listing.definitions(CATALOG), *seeding(CATALOG))), AT_NS)


def http(data: bytes) -> None:
    """It does not matter how a stream is cut, and what arrives keeps within the limits."""
    size, stream = (data[0] % 61 + 1, data[1:]) if data else (1, b"")
    whole, pieces = RequestReader("x", CLOCK), RequestReader("x", CLOCK)
    arrived = _fed(whole, [stream])
    again = _fed(pieces, [stream[at : at + size] for at in range(0, len(stream), size)])
    for incoming in arrived:
        assert incoming.method.isupper() or b"-" in incoming.method
        assert incoming.target
        assert len(incoming.body) <= BODY_BYTES_MAX
    if whole.refused is None and pieces.refused is None and whole.upgrade is None:
        assert arrived == again


def json_body(data: bytes) -> None:
    """What is decoded is what others decode, and can be walked through and written again."""
    try:
        value = body.decode(data)
    except body.NotJson:
        return
    assert value == json.loads(data, parse_float=Decimal)
    arg_json(body.without_blanks(value, data))
    str(value)


def session(data: bytes) -> None:
    """Whatever is said, nothing is raised, and every answer is one of the wire."""
    asyncio.run(_talk(data.split(b"\n")))


def items(data: bytes) -> None:
    """What is read as an order is a command that the core understands."""
    value = _decoded(data)
    found = value if isinstance(value, list) else [value]
    found = [item for item in found if isinstance(item, dict)]
    if not found:
        return
    records = [
        READER.place(found, ALICE, 0, 0).records,
        READER.cancel(found, ALICE, 0).records,
        READER.amend(found, ALICE, 0, 0).records,
    ]
    for read in (READER.mass_cancel, READER.cancel_all_after):
        try:
            records.append(read(found[0], ALICE) or b"")
        except ApiError:
            continue
    replies, _ = CORE.apply(b"".join(map(bytes, records)), CORE.time_ns)
    assert all(reply.refusal is not Refusal.MALFORMED for reply in decode_replies(replies))
    CORE.check()


def transfer(data: bytes) -> None:
    """What is read as a transfer moves more than nothing, and no more than there can be."""
    value = _decoded(data)
    if isinstance(value, dict):
        try:
            found = read_transfer(value, CATALOG)
        except ApiError:
            return
        assert 0 < found.amount <= AMOUNT_MAX
        digits = found.asset.unit_digits
        assert units_value(found.amount, digits) == Decimal(amount_text(value["amt"]))
        assert len(found.client_id) <= TEXT_LENGTH_MAX


def amounts(data: bytes) -> None:
    """A number is read exactly, or not at all."""
    text = data.decode("utf-8", "replace")
    try:
        value = parse_amount(text)
    except NotAnAmount:
        value = None
    for pair in CATALOG.instruments[:3]:
        for grid in (pair.price_grid, pair.size_grid):
            try:
                assert grid.value(grid.count(text)) == value
            except NotAnAmount:
                assert value is None
            except OffGrid:
                assert value is not None
                assert 0 <= value - grid.value(grid.floor(text)) < grid.value(1)
    number = _decoded(data)
    if isinstance(number, int | Decimal):
        with contextlib.suppress(NotAnAmount):
            assert Decimal(amount_text(number)) == number


def query(data: bytes) -> None:
    """Parameters are read or refused, whatever they are."""
    params = parse_query(data)
    assert all(value for value in params.values())
    _refused_at_most(
        lambda: queries.order_name(params, CATALOG),
        lambda: queries.pending(params, CATALOG),
        lambda: queries.done(params, CATALOG),
        lambda: queries.fills(params, CATALOG, needs_product=False),
        lambda: bill_filter(params, CATALOG, oldest_ms=0),
        lambda: funding_filter(params, CATALOG, is_master=True),
        lambda: sub_account_filter(params, CATALOG, frozenset({AccountId(1024)})),
        lambda: currencies(CATALOG, params),
    )


def signature(data: bytes) -> None:
    """Nobody gets in without the secret."""
    lines = [*data.split(b"\n"), b"", b"", b"", b""]
    headers = {
        b"ok-access-key": lines[0],
        b"ok-access-passphrase": lines[1],
        b"ok-access-sign": lines[2],
        b"ok-access-timestamp": lines[3],
    }
    _nobody(lambda: SIGNATURES.caller_of_request(headers, b"GET", b"/x", b"", "127.0.0.1"))
    right = signed("GET", "/x", timestamp=AT)
    for name in headers:
        known = {key.lower().encode(): value.encode() for key, value in right.items()}
        if known[name] != lines[0] and name != b"ok-access-key":
            known[name] = lines[0]
            _nobody(partial(SIGNATURES.caller_of_request, known, b"GET", b"/x", b"", "x"))
    value = _decoded(data)
    if isinstance(value, dict):
        _nobody(lambda: SIGNATURES.caller_of_login(value, "127.0.0.1"))


def subscriptions(data: bytes) -> None:
    """A subscription names a stream that can be compared, or is refused."""
    value = _decoded(data)
    if not isinstance(value, dict):
        return
    caller = SIGNATURES.caller_of_login(login(str(NOW_S))["args"][0], "x")
    arg, codes = body.without_blanks(value, data), list[str]()
    for read in (
        lambda: account_stream(arg, ALICE, CATALOG),
        lambda: positions_stream(arg, ALICE, CATALOG),
        lambda: orders_stream(arg, caller, CATALOG),
        lambda: fills_stream(arg, caller, CATALOG),
    ):
        try:
            hash(read())
        except ApiError as refusal:
            codes.append(refusal.code)
    assert set(codes) <= {"60013", "60018"}


def core_answers(data: bytes) -> None:
    """What comes from the core is read, or found to make no sense; nothing else is raised."""
    for kind, _, payload in FrameReader().feed(data):
        assert 0 <= kind <= 255
        _sensible(partial(list, decode_replies(payload)))
    for decode in (
        event_codec.decode,
        row_codec.decode_orders,
        row_codec.decode_triggers,
        row_codec.decode_balances,
        row_codec.decode_book,
        row_codec.decode_account,
        row_codec.decode_definitions,
        row_codec.decode_status,
        row_codec.decode_counts,
    ):
        _sensible(partial(decode, data))


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    each.__name__: each
    for each in (
        http, json_body, session, items, transfer, amounts, query, signature, subscriptions, core_answers,
    )
}  # fmt: skip
"""All of them, by the name of their corpus."""


def _fed(reader: RequestReader, pieces: list[bytes]) -> list[Incoming]:
    found: list[Incoming] = []
    for piece in pieces:
        if reader.feed(piece) is not None:
            break
        found += reader.arrived
        reader.arrived.clear()
    return found


def _decoded(data: bytes) -> Any:
    try:
        return body.without_blanks(body.decode(data), data)
    except body.NotJson:
        return None


async def _talk(texts: list[bytes]) -> None:
    gateway = TinySlice().gateway(wall=CLOCK, exchange=CLOCK)
    async with gateway.runner as runner:
        sink = Sink()
        parts = parts_of(gateway)
        talk = WebSocketSession(parts, sink, conn_id="1", path="/ws/v5/private", peer="x")
        talk.receive(json.dumps(login(NOW_S)).encode())
        for text in texts:
            # Operations and channels that are broken on purpose are no promise.
            if b"fail" not in text and b"broken" not in text:
                talk.receive(text)
        await runner.drain(1)
        await asyncio.sleep(0)
    for answer in sink.texts:
        if answer == b"pong":
            continue
        value = json.loads(answer)
        assert {"event", "op", "arg"} & set(value)
        assert value.get("code") != "50026", answer


def _refused_at_most(*reads: Callable[[], object]) -> None:
    for read in reads:
        try:
            read()
        except ApiError:
            continue


def _nobody(enter: Callable[[], object]) -> None:
    try:
        who = enter()
    except ApiError:
        return
    raise AssertionError(f"{who} got in")


def _sensible(read: Callable[[], object]) -> None:
    try:
        read()
    except (ValueError, struct.error, KeyError, UnicodeDecodeError):
        return
