from zlib import crc32

import pytest

from tickyard.marketdata.checksum import checksum


# Source: OKX v5, "Order book channel", "Checksum".
@pytest.mark.parametrize(
    ("bids", "asks", "expected"),
    [
        ([b"3366.1:7", b"3366:6"], [b"3366.8:9", b"3368:8"], -1881014294),
        ([b"3366.1:7"], [b"3366.8:9", b"3368:8", b"3372:8"], 831078360),
    ],
)
def test_checksum_equals_the_vectors_of_okx(
    bids: list[bytes], asks: list[bytes], expected: int
) -> None:
    assert checksum(bids, asks) == expected


def test_an_empty_book_has_the_checksum_of_nothing() -> None:
    assert checksum([], []) == crc32(b"") == 0


def test_one_side_alone_is_summed_in_its_order() -> None:
    unsigned = crc32(b"3:1:2:1")
    assert checksum([b"3:1", b"2:1"], []) % 2**32 == unsigned
