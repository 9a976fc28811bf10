"""The header of a WebSocket text frame as a server sends it.

Frames are put together here and joined, because one write for many of them costs a fraction of one
write each. Source: RFC 6455, section 5.2.
"""

_TEXT = 0x81  # final fragment, text
_SHORT_MAX = 125
_MEDIUM_MAX = 0xFFFF
_MEDIUM = 126
_LONG = 127


def text_frame(payload: bytes) -> bytes:
    """Return `payload` with the header of an unmasked, unfragmented text frame before it."""
    size = len(payload)
    if size <= _SHORT_MAX:
        return bytes((_TEXT, size)) + payload
    if size <= _MEDIUM_MAX:
        return _HEADERS[size] + payload if size < len(_HEADERS) else _medium(size) + payload
    return bytes((_TEXT, _LONG)) + size.to_bytes(8, "big") + payload


def _medium(size: int) -> bytes:
    return bytes((_TEXT, _MEDIUM)) + size.to_bytes(2, "big")


# Headers of the sizes that nearly all frames have, made once.
_HEADERS = [_medium(size) for size in range(4096)]
