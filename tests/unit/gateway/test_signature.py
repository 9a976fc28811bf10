from typing import Any

import pytest
from tests.support.wire import PASSPHRASE, SECRET, Keys, key, login, signature

from tickyard.base.clock import ManualClock
from tickyard.gateway.errors import Refused
from tickyard.gateway.route import Access
from tickyard.gateway.signature import Signatures, Signer

AT = b"2020-12-08T09:08:57.715Z"
AT_MS = 1_607_418_537_715
SECRET_2 = b"22582BD0CFF14C41EDBF1AB98506286D"
TARGET = b"/api/v5/account/balance?ccy=BTC"
ORDER = b'{"instId":"BTC-USDT","tdMode":"cash","side":"buy","ordType":"limit","px":"2.15","sz":"2"}'


@pytest.mark.parametrize(
    ("secret", "method", "target", "body", "expected"),
    [
        (
            b"chNOOS4KvNXR_Xq4k4c9qsfoKWvnDecLATCRlcBwyKDYnWgO",
            b"GET", b"/api/v5/account/balance", b"",
            b"PJ61e1nb2F2Qd7D8SPiaIcx2gjdELc+o0ygzre9z33k=",
        ),
        (SECRET_2, b"GET", TARGET, b"", b"HiZhvSfMtWJA3uUIVXV3a/bSXNPCWvYFXoGCVS8V4zY="),
        (
            SECRET_2, b"GET", b"/api/v5/account/balance?ccy=BTC,USDT", b"",
            b"FH2le+tPwHUcswHKssT+OcY0KtJ7u7QpHCjzXVaSAlw=",
        ),
        (
            SECRET_2, b"GET", b"/api/v5/account/balance?ccy=BTC%2CUSDT", b"",
            b"e99tDIrecHCm1Qq5VScki0Ga4+/RqdTip03v6+7trXM=",
        ),
        (
            SECRET_2, b"POST", b"/api/v5/trade/order", ORDER,
            b"iwrdSpN7pm4G4u8+fswZUyH6mOM48+sBF6WvKpj4Dvk=",
        ),
    ],
)  # fmt: skip
def test_published_signatures_of_requests(
    secret: bytes, method: bytes, target: bytes, body: bytes, expected: bytes
) -> None:
    assert Signer(secret).sign(AT + method + target + body) == expected


def test_published_signature_of_a_login() -> None:
    signed = Signer(SECRET_2).sign(b"1704876947GET/users/self/verify")
    assert signed == b"5/36BgGV6m/6pmdc20zdqk0mzF5ZalmzzPD2fo3wavU="


def judge(
    *, wall_ms: int = AT_MS, exchange_ms: int = AT_MS, keys: Keys | None = None
) -> Signatures:
    return Signatures(
        keys or Keys(),
        wall=ManualClock(wall_ms * 10**6),
        exchange=ManualClock(exchange_ms * 10**6),
    )


def headers(**changed: str | None) -> dict[bytes, bytes]:
    given = {
        "key": "alice",
        "sign": signature(f"{AT.decode()}GET{TARGET.decode()}"),
        "timestamp": AT.decode(),
        "passphrase": PASSPHRASE,
        **changed,
    }
    return {
        f"ok-access-{name}".encode(): value.encode("latin-1")
        for name, value in given.items()
        if value is not None
    }


def refused(given: dict[bytes, bytes], judge: Signatures, *, peer: str = "127.0.0.1") -> str:
    with pytest.raises(Refused) as refusal:
        judge.caller_of_request(given, b"GET", TARGET, b"", peer)
    return refusal.value.code


def test_a_signed_request_tells_who_calls() -> None:
    caller = judge().caller_of_request(headers(), b"GET", TARGET, b"", "127.0.0.1")
    assert (caller.account, caller.uid, caller.key) == (16, "10000000016", "alice")
    assert caller.permissions == {Access.READ, Access.TRADE}
    assert caller.ip == "127.0.0.1"


@pytest.mark.parametrize(
    ("name", "code"),
    [("key", "50103"), ("passphrase", "50104"), ("sign", "50106"), ("timestamp", "50107")],
)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_header_is_named(name: str, code: str, value: str | None) -> None:
    assert refused(headers(**{name: value}), judge()) == code


@pytest.mark.parametrize(
    "timestamp",
    [
        "1607418537.715", "1607418537715", "2020-12-08", "2020-12-08 09:08:57.715Z",
        "2020-12-08T09:08:57.715", "2020-12-08T09:08:57.715+00:00", "2020-13-08T09:08:57.715Z",
        "2020-12-08T25:08:57.715Z", "2020-12-08T09:08:57.715z", "\u00b22020", "x" * 10_000,
    ],
)  # fmt: skip
def test_a_timestamp_must_be_iso_in_utc(timestamp: str) -> None:
    assert refused(headers(timestamp=timestamp), judge()) == "50112"


def test_a_timestamp_may_leave_out_milliseconds() -> None:
    timestamp = "2020-12-08T09:08:57Z"
    given = headers(timestamp=timestamp, sign=signature(f"{timestamp}GET{TARGET.decode()}"))
    assert judge().caller_of_request(given, b"GET", TARGET, b"", "").account == 16


@pytest.mark.parametrize("off_ms", [-30_000, 30_000])
def test_thirty_seconds_off_is_accepted(off_ms: int) -> None:
    signatures = judge(wall_ms=AT_MS + off_ms, exchange_ms=AT_MS + off_ms)
    assert signatures.caller_of_request(headers(), b"GET", TARGET, b"", "").account == 16


@pytest.mark.parametrize("off_ms", [-30_001, 30_001])
def test_more_than_thirty_seconds_off_is_refused(off_ms: int) -> None:
    assert refused(headers(), judge(wall_ms=AT_MS + off_ms, exchange_ms=AT_MS + off_ms)) == "50102"


def test_either_clock_will_do() -> None:
    hours = 8 * 3_600_000
    for signatures in (judge(wall_ms=AT_MS + hours), judge(exchange_ms=AT_MS + hours)):
        assert signatures.caller_of_request(headers(), b"GET", TARGET, b"", "").account == 16


@pytest.mark.parametrize("name", ["a b", "al\u00efce", "x" * 65, "../alice", "alice;"])
def test_a_malformed_key_is_told_from_an_unknown_one(name: str) -> None:
    assert refused(headers(key=name), judge()) == "50111"
    assert refused(headers(key="nobody"), judge()) == "50119"


def test_an_expired_key_is_unknown() -> None:
    keys = Keys(key("old", account=16, expires_at_ms=AT_MS))
    assert refused(headers(key="old"), judge(keys=keys)) == "50119"


def test_a_bound_key_works_from_its_addresses_only() -> None:
    keys = Keys(key("bound", account=16, ips=("192.0.2.1", "10.1.0.0/16", "2001:db8::/32")))
    judged = judge(keys=keys)
    for peer in ("192.0.2.1", "10.1.200.3", "2001:db8::5"):
        assert judged.caller_of_request(headers(key="bound"), b"GET", TARGET, b"", peer).ip == peer
    for peer in ("192.0.2.2", "10.2.0.1", "::1"):
        assert refused(headers(key="bound"), judged, peer=peer) == "50110"


def test_the_passphrase_is_judged_before_the_signature() -> None:
    assert refused(headers(passphrase="wrong", sign="wrong"), judge()) == "50105"


@pytest.mark.parametrize(
    "sent", ["wrong", "\u00fc", "PJ61e1nb2F2Qd7D8SPiaIcx2gjdELc+o0ygzre9z33k="]
)
def test_a_signature_must_match(sent: str) -> None:
    assert refused(headers(sign=sent), judge()) == "50113"


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        (b"POST", TARGET, b""),
        (b"GET", b"/api/v5/account/balance?ccy=ETH", b""),
        (b"GET", b"/api/v5/account/balance?ccy=BTC&a=b", b""),
        (b"GET", b"/api/v5/account/balance%3Fccy=BTC", b""),
        (b"GET", b"/api/v5/account/config?ccy=BTC", b""),
    ],
)
def test_everything_on_the_request_line_is_signed(
    method: bytes, target: bytes, body: bytes
) -> None:
    with pytest.raises(Refused, match="signature"):
        judge().caller_of_request(headers(), method, target, body, "")


def test_the_body_of_a_post_is_signed_as_it_was_sent() -> None:
    given = headers(sign=signature(f'{AT.decode()}POST/api/v5/trade/order{{"a": "b"}}'))
    judged = judge()
    order = b"/api/v5/trade/order"
    assert judged.caller_of_request(given, b"POST", order, b'{"a": "b"}', "").account == 16
    with pytest.raises(Refused, match="signature"):
        judged.caller_of_request(given, b"POST", order, b'{"a":"b"}', "")


def test_a_key_that_was_changed_is_judged_anew() -> None:
    keys = Keys()
    judged = judge(keys=keys)
    assert judged.caller_of_request(headers(), b"GET", TARGET, b"", "").account == 16
    keys.replace(key("alice", account=16, secret=b"another"))
    assert refused(headers(), judged) == "50113"
    keys.replace(key("alice", account=18))
    assert judged.caller_of_request(headers(), b"GET", TARGET, b"", "").account == 18


def test_a_frozen_key_is_told_so_only_when_it_signed() -> None:
    keys = Keys(key("frozen", account=16, is_frozen=True))
    assert refused(headers(key="frozen"), judge(keys=keys)) == "50100"
    assert refused(headers(key="frozen", sign="wrong"), judge(keys=keys)) == "50113"


NOW_S = AT_MS // 1_000


def login_code(signatures: Signatures, frame: dict[str, Any], peer: str = "127.0.0.1") -> str:
    with pytest.raises(Refused) as refusal:
        signatures.caller_of_login(frame["args"][0], peer)
    return refusal.value.code


@pytest.mark.parametrize("timestamp", [NOW_S, str(NOW_S), f"{NOW_S}.25", f"{NOW_S}.1234567"])
def test_seconds_of_a_login_may_be_text_or_number(timestamp: str | int) -> None:
    assert judge().caller_of_login(login(timestamp)["args"][0], "").account == 16


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"apiKey": ""}, "60005"),
        ({"apiKey": 5}, "60005"),
        ({"apiKey": "a b"}, "60005"),
        ({"apiKey": "nobody"}, "60032"),
        ({"passphrase": None}, "60024"),
        ({"passphrase": "wrong"}, "60024"),
        ({"sign": None}, "60007"),
        ({"sign": "wrong"}, "60007"),
        ({"sign": "\u00fc"}, "60007"),
        ({"timestamp": None}, "60004"),
        ({"timestamp": "soon"}, "60004"),
        ({"timestamp": True}, "60004"),
        ({"timestamp": -5}, "60004"),
        ({"timestamp": "2020-12-08T09:08:57.715Z"}, "60004"),
        ({"timestamp": NOW_S - 31}, "60006"),
        ({"timestamp": NOW_S + 32}, "60006"),
        ({"timestamp": AT_MS}, "60004"),
    ],
)
def test_what_is_wrong_with_a_login_is_named(changed: dict[str, Any], code: str) -> None:
    assert login_code(judge(), login(NOW_S, **changed)) == code


def test_a_bound_key_logs_in_from_its_addresses_only() -> None:
    keys = Keys(key("bound", account=16, ips=("192.0.2.1",)))
    assert login_code(judge(keys=keys), login(NOW_S, name="bound")) == "50110"


def test_secrets_appear_in_no_refusal() -> None:
    for given in (headers(sign="wrong"), headers(passphrase="wrong")):
        with pytest.raises(Refused) as refusal:
            judge().caller_of_request(given, b"GET", TARGET, b"", "")
        assert SECRET not in str(refusal.value)
        assert PASSPHRASE not in str(refusal.value)
