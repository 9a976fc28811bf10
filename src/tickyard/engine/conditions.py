"""What rows of the read database must fulfil, as SQL with its values."""

from collections.abc import Collection


class Conditions:
    """Conditions that all hold, with the values for their question marks. Their texts are ours; values may be a client's."""

    def __init__(self, condition: str, value: object) -> None:
        """Begin with a condition that has one question mark."""
        self._conditions = [condition]
        self.values = [value]

    @property
    def text(self) -> str:
        """All of it as SQL."""
        return " AND ".join(self._conditions)

    def add(self, condition: str, value: object | None) -> None:
        """Add a condition with one question mark, unless the value is None, which means any."""
        if value is not None:
            self._conditions.append(condition)
            self.values.append(value)

    def among(self, column: str, values: Collection[int] | None) -> None:
        """Add that a column has one of some values, unless they are None, which means any."""
        if values is None:
            return
        # PostgreSQL knows no empty list.
        marks = ", ".join("?" * len(values))
        self._conditions.append(f"{column} IN ({marks})" if marks else "FALSE")
        self.values.extend(sorted(values))

    def require(self, condition: str) -> None:
        """Add a condition without values."""
        self._conditions.append(condition)
