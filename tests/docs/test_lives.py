"""A life story may only name code that exists: `path::name`."""

import re
from pathlib import Path

import pytest

STEPS = [
    (story.name, *step)
    for story in Path("docs/explanation/lives").glob("*.md")
    for step in re.findall(r"`([\w/]+\.(?:py|rs|tsx?))::(\w+)`", story.read_text())
]


def test_stories_are_found() -> None:
    assert STEPS, "no life story names any code"


@pytest.mark.parametrize(("story", "path", "name"), STEPS)
def test_step_exists(story: str, path: str, name: str) -> None:
    assert Path(path).is_file(), f"{story} names {path}, which is gone"
    assert re.search(
        rf"\b(def|class|fn|struct|enum|function|const) {name}\b", Path(path).read_text()
    )
