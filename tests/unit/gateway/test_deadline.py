import pytest

from tickyard.base.clock import ManualClock
from tickyard.gateway.deadline import parse_deadline
from tickyard.gateway.errors import Refused

NOW_MS = 1_600_000_000_000


def deadline(text: str) -> int:
    return parse_deadline(text, ManualClock(NOW_MS * 10**6))


def test_a_deadline_ahead_is_handed_on() -> None:
    assert deadline(str(NOW_MS + 1)) == NOW_MS + 1


def test_none_is_no_deadline() -> None:
    assert deadline("") == 0


@pytest.mark.parametrize("text", [str(NOW_MS), "1", "0"])
def test_a_deadline_that_has_passed_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        deadline(text)
    assert refusal.value.code == "50036"


@pytest.mark.parametrize("text", ["soon", "-1", "+1", "1.5", "1e12", "\u0661", "9" * 17, " 1"])
def test_a_deadline_is_a_plain_number(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        deadline(text)
    assert refusal.value.code == "51000"
