"""The page of compatibility says what the tables of the tests say."""

from tools.compatibility import PAGE, page


def test_the_page_is_as_the_tables_are() -> None:
    assert PAGE.read_text() == page(), "run: python -m tools.compatibility"
