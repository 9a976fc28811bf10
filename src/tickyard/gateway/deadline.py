"""The caller's deadline: a request that is late is not carried out at all.

Source: OKX v5, "Trade", `expTime`: "Request effective deadline, Unix timestamp in milliseconds".
"""

from tickyard.base.clock import Clock
from tickyard.gateway.errors import Refused

_DIGITS_MAX = 16


def parse_deadline(text: str, exchange: Clock) -> int:
    """Read `expTime`.

    Args:
        text: milliseconds of exchange time; empty for no deadline.
        exchange: tells whether it has passed already.

    Returns:
        The deadline to hand on to the core; 0 for none.

    Raises:
        Refused: 51000 when it is no number, 50036 when it has passed.
    """
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX):
        raise Refused("51000", "Parameter expTime error")
    deadline_ms = int(text)
    if deadline_ms <= exchange.now_ms():
        raise Refused("50036")
    return deadline_ms
