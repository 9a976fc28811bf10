"""The reference is what the code says: every endpoint, operation, channel, error code, setting and command."""

from tools import reference


def test_checked_in_pages_are_current() -> None:
    stale = [
        name
        for name, text in reference.pages().items()
        if not (reference.FOLDER / name).exists() or (reference.FOLDER / name).read_text() != text
    ]
    assert not stale, f"run: make reference  ({', '.join(stale)})"
