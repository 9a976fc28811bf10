"""Rust and Python agree on every record and every number."""

import re
from collections.abc import Callable
from enum import IntEnum
from struct import pack_into
from typing import Any

import pytest
from tests.support import golden

from tickyard.engine import commands, event_codec, events, records, replies
from tickyard.engine.records import CommandKind, EventKind

GOLDEN = golden.read("records.json")

ENUMS = {
    name: value
    for name, value in vars(records).items()
    if isinstance(value, type) and issubclass(value, IntEnum) and value is not IntEnum
}


def test_every_enum_has_the_numbers_of_the_core() -> None:
    assert {name: {item.name: item.value for item in enum} for name, enum in ENUMS.items()} == {
        name: {golden.spelled(variant): number for variant, number in variants.items()}
        for name, variants in GOLDEN["enums"].items()
    }


# How the fields of a record become the arguments of a function, where they are not the same.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "PlaceOrder": lambda f: (
        f
        | {
            "size_in_quote": bool(f["flags"] & commands.SIZE_IN_QUOTE),
            "ban_amend": bool(f["flags"] & commands.BAN_AMEND),
            "clamp_price": bool(f["flags"] & commands.CLAMP_PRICE),
        }
    ),
    "AmendOrder": lambda f: (
        f
        | {
            "cancel_on_fail": bool(f["flags"] & commands.CANCEL_ON_FAIL),
            "clamp_price": bool(f["flags"] & commands.CLAMP_PRICE),
        }
    ),
    "PlaceTrigger": lambda f: f | {"size_in_quote": bool(f["flags"] & commands.SIZE_IN_QUOTE)},
    "AmendTrigger": lambda f: f | {"cancel_on_fail": bool(f["flags"] & commands.CANCEL_ON_FAIL)},
    "Transfer": lambda f: {
        {"from": "from_account", "to": "to_account"}.get(name, name): value
        for name, value in f.items()
    },
}
HAS_NO_ACCOUNT = {
    "DefineAsset",
    "DefineInstrument",
    "SetInstrumentState",
    "DefineFeeLevel",
    "SetIndexPrice",
}


def encoded(name: str, fields: dict[str, Any]) -> bytes:
    """Build a command with its function, then write the header fields that the function leaves to others."""
    if name == "PlaceOrderAttached":
        fields = dict(fields)
        attachments = [
            (tuple(legs), size, client_id.encode())
            for legs, size, client_id in (
                (entry[:4] if isinstance(entry[0], int) else entry[0], *entry[-2:])
                for entry in fields.pop("attachments")
            )
        ]
        plain_order = encoded("PlaceOrder", fields)
        return commands.attach(plain_order, attachments)
    if name == "AmendOrderAttached":
        fields = dict(fields)
        changes = [
            (trigger_id, tuple(legs), size) for trigger_id, legs, size in fields.pop("changes")
        ]
        return commands.amend_attached(encoded("AmendOrder", fields), changes)
    arguments = ARGUMENTS.get(name, dict)(fields)
    left_out = {"flags", "boot", "counter"} | ({"account"} if name in HAS_NO_ACCOUNT else set())
    function = getattr(commands, re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower())
    record = bytearray(
        function(
            **{
                key: value.encode() if isinstance(value, str) else value
                for key, value in arguments.items()
                if key not in left_out
            }
        )
    )
    pack_into("<IQQ", record, 4, fields["account"], fields["boot"], fields["counter"])
    return bytes(record)


# The host alone tells the time.
SENT = [name for name in GOLDEN["commands"] if name != "AdvanceTime"]


@pytest.mark.parametrize("name", SENT)
def test_a_command_has_the_bytes_of_the_core(name: str) -> None:
    sample = GOLDEN["commands"][name]
    record = encoded(name, sample["fields"])
    assert record.hex() == sample["hex"]
    assert len(record) == sample["size"]
    assert CommandKind(record[0]).name == golden.spelled(name)


def plain(value: object) -> object:
    """A field as the golden file writes it."""
    match value:
        case bytes():
            return value.decode()
        case tuple():
            return list(value)
        case _:
            return value


@pytest.mark.parametrize("name", list(GOLDEN["events"]))
def test_an_event_has_the_fields_of_the_core(name: str) -> None:
    sample = GOLDEN["events"][name]
    (event,) = event_codec.decode(bytes.fromhex(sample["hex"]))
    assert type(event).__name__ == name
    assert type(event) is getattr(events, name)
    found = {field: plain(getattr(event, field)) for field in event.__struct_fields__}
    assert found == sample["fields"]


def test_every_kind_of_event_is_decoded() -> None:
    assert [golden.spelled(name) for name in GOLDEN["events"]] == [kind.name for kind in EventKind]
    joined = b"".join(bytes.fromhex(sample["hex"]) for sample in GOLDEN["events"].values())
    assert [type(event).__name__ for event in event_codec.decode(joined)] == list(GOLDEN["events"])


def test_the_reply_has_the_fields_of_the_core() -> None:
    sample = GOLDEN["reply"]
    (reply,) = replies.decode_replies(bytes.fromhex(sample["hex"]))
    found = {field: getattr(reply, field) for field in reply.__struct_fields__}
    assert found == sample["fields"] | {"client_id": sample["fields"]["client_id"].encode()}


def test_an_accepted_command_has_no_refusal() -> None:
    reply = bytearray(bytes.fromhex(GOLDEN["reply"]["hex"]))
    pack_into("<H", reply, 40, 0)
    assert next(replies.decode_replies(bytes(reply))).refusal is None


def test_a_name_that_is_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(ValueError, match="at most 16"):
        commands.cancel_all_after(account=records.AccountId(16), timeout_ms=0, tag=b"x" * 17)


def test_a_key_has_16_bytes() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        commands.credit(
            account=records.AccountId(16), asset=records.AssetId(1), amount=1, key=b"short"
        )


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-1], lambda b: b"\xff" + b[1:], lambda b: b + b"\x01\x00\x80\x00"]
)
def test_bytes_that_are_no_events_are_refused(damage: Callable[[bytes], bytes]) -> None:
    event = bytes.fromhex(GOLDEN["events"]["OrderAccepted"]["hex"])
    with pytest.raises(ValueError, match="no event at byte"):
        event_codec.decode(damage(event))
