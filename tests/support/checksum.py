"""The checksum of a book as a client computes it from its copy. Source: OKX v5, "Order book channel", "Checksum"."""

from collections.abc import Sequence
from itertools import chain, zip_longest
from zlib import crc32


def checksum(bids: Sequence[bytes], asks: Sequence[bytes]) -> int:
    """Sum up the best 25 levels of both sides, "price:size" of bid and ask by turns, as a signed 32-bit number."""
    turns = chain.from_iterable(zip_longest(bids[:25], asks[:25]))
    unsigned = crc32(b":".join(level for level in turns if level is not None))
    return unsigned - 2**32 if unsigned >= 2**31 else unsigned
