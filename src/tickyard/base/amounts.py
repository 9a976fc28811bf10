"""Exact decimal amounts: plain text in, plain text out.

Prices, sizes and balances are integers inside the core and text on the wire; between the two they
are `Decimal`. Nothing here is approximate or rounds: what would lose digits is refused.
"""

import re
from decimal import Decimal

TEXT_LENGTH_MAX = 32
"""Longest amount that is accepted, in characters."""
PPB_DIGITS = 9
"""Rates and ratios are whole parts per billion."""

_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)


class NotAnAmount(ValueError):
    """The text is not a plain decimal: ASCII digits with at most one point between digits."""


def parse_amount(text: str) -> Decimal:
    """Parse a plain decimal: no sign, exponent, underscore, space or digit of another script.

    Args:
        text: e.g. "0.00010"; at most 32 characters.

    Returns:
        The exact value; trailing zeros are kept.

    Raises:
        NotAnAmount: anything else, NaN and infinity included.
    """
    if len(text) > TEXT_LENGTH_MAX or _PLAIN.fullmatch(text) is None:
        raise NotAnAmount(f"not a plain decimal of at most {TEXT_LENGTH_MAX} characters")
    return Decimal(text)


def amount_text(value: object) -> str:
    """Return the text of an amount as a client sent it, be it JSON text or a JSON number.

    OKX says string, clients also send numbers. The result is not parsed yet: give it to
    `parse_amount` or to an instrument.

    Raises:
        NotAnAmount: neither text nor number, or a number that has no plain form of 32 characters.
    """
    if type(value) is str:
        return value
    if type(value) is int and 0 <= value < 10**TEXT_LENGTH_MAX:
        return str(value)
    # A huge exponent must not become a huge text before it is refused.
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < TEXT_LENGTH_MAX:
        return format_amount(value)
    raise NotAnAmount("neither text nor a number of at most 32 digits")


def format_amount(value: Decimal) -> str:
    """Write a finite decimal without exponent, keeping its trailing zeros.

    Raises:
        ValueError: NaN or infinity.
    """
    if not value.is_finite():
        raise ValueError("only finite amounts can be written")
    return format(value, "f")


def scaled_text(units: int, digits: int) -> str:
    """Write an integer amount of 10^-`digits` units as a decimal without trailing zeros.

    Args:
        units: e.g. 1_500_000 for 1.5 at six digits; may be negative.
        digits: decimal places that one unit stands for, zero or more.
    """
    if digits == 0:
        return str(units)
    sign = "-" if units < 0 else ""
    text = str(abs(units)).zfill(digits + 1)
    whole, fraction = text[:-digits], text[-digits:].rstrip("0")
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def ppb_text(ppb: int) -> str:
    """Write parts per billion as a plain number, e.g. 1_000_000 as "0.001"."""
    return scaled_text(ppb, PPB_DIGITS)
