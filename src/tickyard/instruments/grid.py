"""Exact numbers at the edge: decimal text in, whole steps out, and back."""

import re
from decimal import Context, Decimal, Inexact, InvalidOperation

import msgspec

TEXT_LENGTH_MAX = 32
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
# Every ledger amount (39 digits) times any rate fits; what would round is a bug and raises.
EXACT = Context(prec=120, traps=[Inexact, InvalidOperation])


class NotADecimal(ValueError):
    """The text is no plain decimal number: digits, perhaps a point and digits, of at most 32 characters."""


class OffGrid(ValueError):
    """The number is no whole multiple of the step."""


def parse_plain(text: str | Decimal) -> tuple[int, int]:
    """Read a number that is zero or positive, without sign, exponent or surrounding space.

    Args:
        text: what stood on the wire; a JSON number arrives as a `Decimal` and is accepted.

    Returns:
        `(mantissa, digits)`; the number is mantissa × 10^-digits.

    Raises:
        NotADecimal: it is anything else.
    """
    plain = f"{text:f}" if isinstance(text, Decimal) else text
    if len(plain) > TEXT_LENGTH_MAX or _PLAIN.fullmatch(plain) is None:
        raise NotADecimal("a plain decimal number of at most 32 characters was expected")
    whole, _, fraction = plain.partition(".")
    return int(whole + fraction), len(fraction)


def parse_decimal(text: str | Decimal) -> Decimal:
    """Read a number as `parse_plain` does, as one `Decimal`.

    Raises:
        NotADecimal: it is no plain decimal number.
    """
    mantissa, digits = parse_plain(text)
    return units_value(mantissa, digits)


def units_text(units: int, digits: int) -> str:
    """Write units × 10^-digits as a plain decimal, without trailing zeros."""
    sign = "-" if units < 0 else ""
    if digits == 0:
        return f"{sign}{abs(units)}"
    figures = str(abs(units)).rjust(digits + 1, "0")
    fraction = figures[-digits:].rstrip("0")
    return f"{sign}{figures[:-digits]}.{fraction}" if fraction else f"{sign}{figures[:-digits]}"


def units_value(units: int, digits: int) -> Decimal:
    """Convert units × 10^-digits into a number, exactly."""
    return Decimal(units).scaleb(-digits, EXACT)


class Grid(msgspec.Struct, frozen=True):
    """The whole multiples of a positive step, e.g. all prices of a pair.

    The step is `mantissa` × 10^-`digits`. All arithmetic is on integers, so nothing can be rounded by accident.
    """

    mantissa: int
    digits: int

    @classmethod
    def of(cls, step: str) -> "Grid":
        """Make the grid of a step.

        Raises:
            ValueError: the step is not positive.
        """
        mantissa, digits = parse_plain(step)
        if mantissa == 0:
            raise ValueError(f"step {step} was not positive")
        while digits and mantissa % 10 == 0:
            mantissa, digits = mantissa // 10, digits - 1
        return cls(mantissa, digits)

    def times(self, other: "Grid") -> "Grid":
        """Make the grid of the product of both steps."""
        return Grid(self.mantissa * other.mantissa, self.digits + other.digits)

    def units(self, digits: int) -> int:
        """Count the units of 10^-digits in one step.

        Raises:
            OffGrid: the step is no whole number of units.
        """
        units, rest = divmod(self.mantissa * 10**digits, 10**self.digits)
        if rest:
            raise OffGrid(f"step {self.text(1)} was finer than {digits} digits")
        return units

    def count(self, value: str | Decimal) -> int:
        """Convert a number into steps.

        Raises:
            NotADecimal: it is no plain decimal number.
            OffGrid: it lies between two steps.
        """
        steps, rest = self._divide(value)
        if rest:
            raise OffGrid(f"{value} is no multiple of {self.text(1)}")
        return steps

    def floor(self, value: str | Decimal) -> int:
        """Convert a number into steps, rounding down.

        Raises:
            NotADecimal: it is no plain decimal number.
        """
        return self._divide(value)[0]

    def text(self, steps: int) -> str:
        """Write so many steps as a plain decimal."""
        return units_text(steps * self.mantissa, self.digits)

    def value(self, steps: int) -> Decimal:
        """Convert so many steps into a number, exactly."""
        return units_value(steps * self.mantissa, self.digits)

    def _divide(self, value: str | Decimal) -> tuple[int, int]:
        mantissa, digits = parse_plain(value)
        shift = self.digits - digits
        if shift >= 0:
            return divmod(mantissa * 10**shift, self.mantissa)
        return divmod(mantissa, self.mantissa * 10**-shift)
