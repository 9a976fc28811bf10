"""One order, amendment, cancellation, transfer or setting: what is right, and what is wrong with one member."""

from collections.abc import Mapping

from tests.hostile.values import MISSING, STRUCTURES, Hostile, each, texts, word


class Item:
    """What is right, as JSON of each member, and what is wrong with one member at a time."""

    def __init__(self, right: Mapping[str, str], fields: Mapping[str, Hostile]) -> None:
        self.right = right
        self.fields = fields


def setting(member: str, value: str, *other_modes: str) -> tuple[Item, ...]:
    """A setting that has one value in spot mode."""
    wrong = word(MISSING, "9", "-1", "01", case="X")
    return (Item({member: f'"{value}"'}, {member: {**wrong, **texts(other_modes, "51010")}}),)


def needing(code: str, *members: str) -> tuple[Item, ...]:
    """Something that is always refused, first of all for what is missing."""
    right = dict.fromkeys(members, '"1"')
    if not members:
        return (Item({}, {"x": each(('"1"', *STRUCTURES, "1e400"), code)}),)
    first = {members[0]: each(('"1"', "1", *STRUCTURES, "1e400"), code)}
    return (
        Item(right, first),
        Item(right, {member: each((None, '""', "null"), MISSING) for member in members}),
    )
