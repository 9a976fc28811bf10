"""HTTP statuses of error codes. Source: OKX v5, "Error Code", as transcribed in vectors/."""

import json
from pathlib import Path

import pytest

from tickyard.gateway.errors import status_of

DOCUMENTED: dict[str, int] = json.loads(
    (Path(__file__).parent / "vectors" / "http_status.json").read_text()
)
OURS = {
    "50005": 404,  # documented as 410; an unknown path is simply not found
    "50108": 401,
    "50109": 401,
}


@pytest.mark.parametrize("code", sorted(DOCUMENTED))
def test_a_code_has_its_documented_status(code: str) -> None:
    assert status_of(code) == OURS.get(code, DOCUMENTED[code])


def test_an_unknown_key_fails_like_every_other_failed_authentication() -> None:
    # The table says 200, which no other failure of a signature has.
    assert status_of("50119") == 401


@pytest.mark.parametrize("code", ["50011", "50061"])
def test_what_came_too_often_is_429(code: str) -> None:
    # The table says 200; OKX answers with either, and clients know both.
    assert status_of(code) == 429


@pytest.mark.parametrize("code", ["0", "1", "2", "50036", "50120", "51008", "51603"])
def test_all_others_are_200(code: str) -> None:
    assert status_of(code) == 200
