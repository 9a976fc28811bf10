import io
import json
from collections.abc import Iterator

import pytest
import structlog

from tickyard.base import log

CANARY = "canary-7f3a"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    log.configure("test", stream=stream)
    yield stream
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_a_line_says_what_where_and_when(written: io.StringIO) -> None:
    log.logger("gateway").info("worker.started", port=8080)
    line = json.loads(written.getvalue())
    assert line["event"] == "worker.started"
    assert line["source"] == "gateway"
    assert line["process"] == "test"
    assert line["port"] == 8080
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    "name", ["secret", "secretKey", "passphrase", "OK-ACCESS-SIGN", "password", "session_token"]
)
def test_secrets_are_never_written(written: io.StringIO, name: str) -> None:
    log.logger("users").warning("key.refused", **{name: CANARY}, headers=[{name: CANARY}])
    assert CANARY not in written.getvalue()
    assert log.REDACTED in written.getvalue()


def test_addresses_are_never_written(written: io.StringIO) -> None:
    log.logger("users").info("mail.sent", detail="to alice.b@example.org at noon", email="x@y.zz")
    assert "alice.b@" not in written.getvalue()
    assert "x@y.zz" not in written.getvalue()


def test_what_a_client_caused_is_not_written_by_default(written: io.StringIO) -> None:
    log.logger("gateway").debug("request.refused")
    assert written.getvalue() == ""


def test_exceptions_are_written_as_text(written: io.StringIO) -> None:
    try:
        dict[str, str]()["gone"]
    except KeyError:
        log.logger("gateway").exception("handler.failed")
    assert "KeyError" in json.loads(written.getvalue())["exception"]
