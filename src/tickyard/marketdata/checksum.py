"""The checksum by which clients find out that their copy of a book is wrong.

Source: OKX v5, "Order book channel", "Checksum"; clients of that time still verify it.
"""

from collections.abc import Iterable
from itertools import chain, zip_longest
from zlib import crc32

LEVELS = 25
"""So many levels of each side are summed."""

_SIGN_BIT = 1 << 31


def checksum(bids: Iterable[bytes], asks: Iterable[bytes]) -> int:
    """Sum up the best levels of both sides, bid and ask by turns.

    Args:
        bids: "price:size" of the best bids, best first, at most `LEVELS`.
        asks: the same of the asks.

    Returns:
        The CRC-32 of all of them joined with colons, as a signed 32-bit number.
    """
    turns = chain.from_iterable(zip_longest(bids, asks))
    unsigned = crc32(b":".join(level for level in turns if level is not None))
    return unsigned - ((unsigned & _SIGN_BIT) << 1)
