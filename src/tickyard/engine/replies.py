"""What the sender of a command is told: `crates/types/src/reply.rs`."""

from collections.abc import Iterator
from struct import Struct
from typing import Final

import msgspec

from tickyard.engine.records import OrderId, Refusal, Seq

REPLY: Final = Struct("<QQQQQH6x32s16x")
_REFUSALS = {v.value: v for v in Refusal}


class Reply(msgspec.Struct, frozen=True, gc=False):
    """The answer to one command. It comes only when the command is durable and applied, or was refused."""

    counter: int
    """The sender's own count of the command."""
    seq: Seq
    """The command's place in the journal; 0 when it never reached it."""
    time_ns: int
    """Exchange time of its frame."""
    order_id: OrderId
    """The order placed, cancelled or amended; 0 otherwise."""
    value: int
    """Cancelled orders (mass cancel), trigger time in ms (cancel-all-after), 1 when a key had been used already."""
    refusal: Refusal | None
    """Why it was refused; None when it was accepted."""
    client_id: bytes
    """The order's own client id, also when it was named by order id."""


def decode_replies(payload: bytes | memoryview) -> Iterator[Reply]:
    """Decode replies that lie end to end."""
    for counter, seq, time_ns, order_id, value, refusal, client_id in REPLY.iter_unpack(payload):
        yield Reply(
            counter,
            seq,
            time_ns,
            order_id,
            value,
            _REFUSALS[refusal] if refusal else None,
            client_id.rstrip(b"\0"),
        )
