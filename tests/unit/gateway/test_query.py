import pytest

from tickyard.gateway.query import parse_query


@pytest.mark.parametrize(
    ("query", "params"),
    [
        (b"", {}),
        (b"instType=SPOT&uly=BTC-USD", {"instType": "SPOT", "uly": "BTC-USD"}),
        (b"ccy=BTC,USDT", {"ccy": "BTC,USDT"}),
        (b"ccy=BTC%2CUSDT", {"ccy": "BTC,USDT"}),
        (b"a=x+y%20z", {"a": "x y z"}),
        (b"instType=SPOT&uly=&instId&ccy=", {"instType": "SPOT"}),
        (b"a=1&a=2", {"a": "2"}),
        (b"a=b=c", {"a": "b=c"}),
        (b"&&a=1&", {"a": "1"}),
        (b"a%3D=1", {"a=": "1"}),
        (b"a=%FF", {"a": "\ufffd"}),
        (b"a=\xff", {"a": "\ufffd"}),
        (b"a=%zz", {"a": "%zz"}),
    ],
)
def test_a_query_is_names_and_values_without_blanks(query: bytes, params: dict[str, str]) -> None:
    assert parse_query(query) == params
