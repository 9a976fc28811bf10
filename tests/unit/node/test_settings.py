from pathlib import Path

import pytest

from tickyard.node.home import Home
from tickyard.node.settings import Settings, SettingsWrong, load, write_defaults


def home_with(tmp_path: Path, text: str) -> Home:
    home = Home(tmp_path)
    home.settings.write_text(text)
    return home


def test_a_home_keeps_a_bounded_tail_unless_a_person_says_otherwise(tmp_path: Path) -> None:
    assert load(Home(tmp_path)).keep_bytes == 10**9


def test_the_file_that_is_written_says_what_holds_without_it(tmp_path: Path) -> None:
    write_defaults(Home(tmp_path))
    assert load(Home(tmp_path)) == Settings()


def test_what_a_person_wrote_is_never_overwritten(tmp_path: Path) -> None:
    home = home_with(tmp_path, 'keep = "all"')
    write_defaults(home)
    assert load(home).keep_bytes is None


@pytest.mark.parametrize(
    ("keep", "expected"), [("500MB", 500 * 10**6), ("2GB", 2 * 10**9), ("1 TB", 10**12)]
)
def test_sizes_are_decimal(keep: str, expected: int, tmp_path: Path) -> None:
    assert load(home_with(tmp_path, f'keep = "{keep}"')).keep_bytes == expected


@pytest.mark.parametrize(
    "text",
    [
        "keep = 5",
        'keep = "2"',
        'keep = "0GB"',
        'keep = "-1GB"',
        'keep = "1.5GB"',
        'keep = "2gb"',
        'keep = ""',
        'kept = "2GB"',
        'keep = "all"\nmore = 1',
        "keep = ",
        "\x00",
    ],
)
def test_a_slip_of_the_pen_is_refused_and_the_file_is_named(text: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match=r"settings\.toml"):
        load(home_with(tmp_path, text))
