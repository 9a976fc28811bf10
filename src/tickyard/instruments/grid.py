"""Exact numbers at the edge: decimal text in, whole steps out, and back."""

from decimal import Context, Decimal, Inexact, InvalidOperation

import msgspec

from tickyard.base.amounts import TEXT_LENGTH_MAX, amount_text, parse_amount, scaled_text

# Every ledger amount (39 digits) times any price or rate fits; what would round is a bug and raises.
EXACT = Context(prec=120, traps=[Inexact, InvalidOperation])


class OffGrid(ValueError):
    """The number is no whole multiple of the step."""


def units_value(units: int, digits: int) -> Decimal:
    """Convert units * 10^-digits into a number, exactly."""
    return Decimal(units).scaleb(-digits, EXACT)


class Grid(msgspec.Struct, frozen=True):
    """The whole multiples of a positive step, e.g. all prices of a pair.

    The step is `mantissa` * 10^-`digits`. All arithmetic is on integers, so nothing can be rounded by accident.
    """

    mantissa: int
    digits: int

    @classmethod
    def of(cls, step: str) -> "Grid":
        """Make the grid of a step.

        Raises:
            ValueError: the step is not positive.
        """
        mantissa, digits = _parse(step)
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
        units, rest = divmod(self.mantissa * _ten_to(digits), _ten_to(self.digits))
        if rest:
            raise OffGrid(f"step {self.text(1)} was finer than {digits} digits")
        return units

    def count(self, value: str | Decimal) -> int:
        """Convert a number into steps.

        Raises:
            NotAnAmount: it is no plain decimal number.
            OffGrid: it lies between two steps.
        """
        if self.mantissa == 1 and type(value) is str:
            # Nearly every number of every order comes this way, at a third of the cost.
            shifted = _shifted(value, self.digits)
            if shifted is not None:
                return shifted
        steps, rest = self._divide(value)
        if rest:
            raise OffGrid(f"{value} is no multiple of {self.text(1)}")
        return steps

    def floor(self, value: str | Decimal) -> int:
        """Convert a number into steps, rounding down.

        Raises:
            NotAnAmount: it is no plain decimal number.
        """
        return self._divide(value)[0]

    def text(self, steps: int) -> str:
        """Write so many steps as a plain decimal."""
        return scaled_text(steps * self.mantissa, self.digits)

    def value(self, steps: int) -> Decimal:
        """Convert so many steps into a number, exactly."""
        return units_value(steps * self.mantissa, self.digits)

    def _divide(self, value: str | Decimal) -> tuple[int, int]:
        mantissa, digits = _parse(value)
        shift = self.digits - digits
        if shift >= 0:
            return divmod(mantissa * _ten_to(shift), self.mantissa)
        return divmod(mantissa, self.mantissa * _ten_to(-shift))


def _parse(value: str | Decimal) -> tuple[int, int]:
    """Read a number as mantissa * 10^-digits."""
    text = amount_text(value)
    parse_amount(text)
    whole, _, fraction = text.partition(".")
    return int(whole + fraction), len(fraction)


def _shifted(text: str, digits: int) -> int | None:
    """Read a plain decimal of at most so many digits as a whole number of 10^-digits; else None."""
    whole, point, fraction = text.partition(".")
    missing = digits - len(fraction)
    if missing < 0 or len(text) > TEXT_LENGTH_MAX or not whole or (point and not fraction):
        return None
    figures = whole + fraction
    if not (figures.isascii() and figures.isdigit()):
        return None
    return int(figures) * _ten_to(missing)


def _ten_to(exponent: int) -> int:
    power: int = 10**exponent  # typed as anything, for exponents below zero
    return power
