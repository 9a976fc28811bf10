from decimal import Decimal

from msgspec import Raw

from tickyard.gateway.envelope import (
    answer_json,
    arg_json,
    event_json,
    push_payload,
    reply_json,
    timed_answer_json,
)


def test_an_answer_is_code_msg_and_a_list() -> None:
    assert answer_json("0", "", [{"ts": "1"}]) == b'{"code":"0","msg":"","data":[{"ts":"1"}]}'


def test_encoded_data_is_passed_through() -> None:
    assert answer_json("0", "", Raw(b'[{"a":1}]')) == b'{"code":"0","msg":"","data":[{"a":1}]}'
    assert answer_json("0", "", [Raw(b"[1]")]) == b'{"code":"0","msg":"","data":[[1]]}'


def test_times_are_microseconds_as_text() -> None:
    assert timed_answer_json("0", "", [], 1, 2).endswith(b'"data":[],"inTime":"1","outTime":"2"}')


def test_a_reply_names_its_request() -> None:
    assert reply_json("7", "order", "0", "", [], 1, 2) == (
        b'{"id":"7","op":"order","code":"0","msg":"","data":[],"inTime":"1","outTime":"2"}'
    )


def test_a_reply_to_a_request_without_id_has_none() -> None:
    assert reply_json(None, "order", "60013", "Invalid args", [], 1, 2).startswith(
        b'{"op":"order","code":"60013","msg":"Invalid args"'
    )


def test_reasons_that_stand_in_items_stand_nowhere_else() -> None:
    for code in ("1", "2"):
        assert b'"msg":""' in reply_json("7", "order", code, "All operations failed", [], 1, 2)


def test_events_hold_what_belongs_to_them() -> None:
    assert event_json("login", "a4d3ae55", code="0", msg="") == (
        b'{"event":"login","code":"0","msg":"","connId":"a4d3ae55"}'
    )
    assert event_json(
        "subscribe", "a4d3ae55", id_="1512", arg={"channel": "x", "instId": None}
    ) == (
        b'{"id":"1512","event":"subscribe","arg":{"channel":"x","instId":null},"connId":"a4d3ae55"}'
    )
    assert event_json("error", "a4d3ae55", code="60018", msg="no") == (
        b'{"event":"error","code":"60018","msg":"no","connId":"a4d3ae55"}'
    )


def test_an_arg_comes_back_as_it_was_sent() -> None:
    assert arg_json({"channel": "x", "n": 1, "f": Decimal("1.50")}) == (
        b'{"channel":"x","n":1,"f":1.50}'
    )


def test_only_books_have_an_action() -> None:
    assert push_payload(b"{}", b"[1]") == b'{"arg":{},"data":[1]}'
    assert push_payload(b"{}", b"[1]", "update") == b'{"arg":{},"action":"update","data":[1]}'
