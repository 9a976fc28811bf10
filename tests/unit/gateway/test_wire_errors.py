import pytest
from structlog.testing import capture_logs

from tickyard.base.errors import Busy, OutcomeUnknown, TickyardError, Unavailable
from tickyard.gateway.errors import explain, status_of
from tickyard.gateway.route import ApiError


class Own(TickyardError):
    code = "58116"


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (ApiError("51000", "Parameter px error"), "51000", 400),
        (ApiError("51001", "Instrument does not exist"), "51001", 200),
        (ApiError("51001", "Instrument does not exist", status=404), "51001", 404),
        (Own("too much"), "58116", 200),
        (OutcomeUnknown("no answer"), "50004", 400),
        (Busy("too much to do"), "50013", 429),
        (Unavailable("stopped"), "50001", 503),
        (TimeoutError(), "50004", 400),
    ],
)
def test_a_refusal_has_its_code_and_status(error: Exception, code: str, status: int) -> None:
    with capture_logs() as logged:
        failure = explain(error)
    assert (failure.code, failure.status, failure.data) == (code, status, [])
    assert failure.message
    assert logged == []


def test_a_refusal_may_carry_items() -> None:
    assert explain(ApiError("1", "failed", data=[{"sCode": "51000"}])).data == [{"sCode": "51000"}]


def test_a_bug_is_logged_and_its_details_are_not_told() -> None:
    with capture_logs() as logged:
        failure = explain(KeyError("secret detail"))
    assert (failure.code, failure.status) == ("50026", 500)
    assert "secret detail" not in failure.message
    assert logged[0]["event"] == "handler.failed"
    assert logged[0]["log_level"] == "error"


def test_most_refusals_are_http_200() -> None:
    assert status_of("51008") == 200
