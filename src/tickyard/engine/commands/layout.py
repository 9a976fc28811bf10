"""What the records of all commands share."""

from typing import Final

HEADER: Final = "<BBxxI16x"
"""Kind, flags, account, and room for the origin, which the client stamps."""
CLIENT_ID_SIZE: Final = 32
TAG_SIZE: Final = 16


def name(text: bytes, size: int) -> bytes:
    """Check a name that `struct` would cut silently; it pads with zeros.

    Raises:
        ValueError: it is longer than its field.
    """
    if len(text) > size:
        raise ValueError(f"a name of at most {size} bytes was {len(text)} long")
    return text


def wide(amount: int) -> bytes:
    """Write an i128."""
    return amount.to_bytes(16, "little", signed=True)
