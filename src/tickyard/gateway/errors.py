"""The refusals of the wire itself, and how any exception becomes a code, a text and an HTTP status.

Source: OKX v5, "Error Code"; the texts are ours.
"""

from typing import Any

from msgspec import Struct

from tickyard.base.errors import TickyardError
from tickyard.base.log import logger
from tickyard.gateway.route import ApiError

_OK = 200
_INTERNAL = "50026"
_TIMED_OUT = "50004"

_STATUS = {
    "50000": 400, "50001": 503, "50002": 400, "50004": 400, "50005": 404, "50006": 400,
    "50011": 429, "50013": 429, "50014": 400, "50015": 400, "50016": 400, "50026": 500,
    "50035": 403, "50061": 429,
    "50100": 400, "50101": 401, "50102": 401, "50103": 401, "50104": 401, "50105": 401,
    "50106": 401, "50107": 401, "50108": 401, "50109": 401, "50110": 401, "50111": 401,
    "50112": 401, "50113": 401, "50114": 401, "50115": 405, "50119": 401, "51000": 400,
    "51054": 500,
    "51113": 429, "51115": 429, "51149": 500, "51406": 400, "51501": 400, "52910": 500,
    "52911": 500, "52912": 500, "58102": 429, "58114": 400, "59105": 400,
}  # fmt: skip

_TEXT = {
    "50000": "Body for a POST request cannot be empty",
    "50002": "JSON syntax error",
    "50004": "Endpoint request timeout",
    "50005": "API is offline or unavailable",
    "50006": "Content-Type must be application/json",
    "50011": "Too many requests",
    "50013": "System is busy, please try again later",
    "50026": "System error, please try again later",
    "50036": "The expTime is in the past",
    "50100": "API key is frozen",
    "50102": "Timestamp request expired",
    "50103": "Request header OK-ACCESS-KEY cannot be empty",
    "50104": "Request header OK-ACCESS-PASSPHRASE cannot be empty",
    "50105": "Request header OK-ACCESS-PASSPHRASE incorrect",
    "50106": "Request header OK-ACCESS-SIGN cannot be empty",
    "50107": "Request header OK-ACCESS-TIMESTAMP cannot be empty",
    "50110": "Your IP is not in the trusted IP list of this API key",
    "50111": "Invalid OK-ACCESS-KEY",
    "50112": "Invalid OK-ACCESS-TIMESTAMP",
    "50113": "Invalid signature",
    "50115": "Invalid request method",
    "50119": "API key does not exist",
    "50120": "API key has no permission to use this function",
    "60004": "Invalid timestamp",
    "60005": "Invalid apiKey",
    "60006": "Timestamp request expired",
    "60007": "Invalid sign",
    "60009": "Login failed",
    "60011": "Please log in",
    "60013": "Invalid args",
    "60014": "Requests too frequent",
    "60024": "Wrong passphrase",
    "60028": "The current operation is not supported by this URL",
    "60031": "The connection is already logged in with another account",
    "60032": "API key does not exist",
}  # fmt: skip

_log = logger("gateway")


class Refused(ApiError):
    """A refusal of the wire: the request never reached a slice."""

    def __init__(self, code: str, message: str = "", *, status: int | None = None) -> None:
        super().__init__(code, message or _TEXT[code], status=status)


class Failure(Struct, frozen=True):
    """What is told to the sender of a request that was not carried out."""

    code: str
    message: str
    status: int
    data: list[Any] = []


def status_of(code: str) -> int:
    """Return the HTTP status that OKX documents for a code; 200 for most refusals."""
    return _STATUS.get(code, _OK)


def explain(error: Exception) -> Failure:
    """Turn what a handler raised into what its caller is told; a bug is logged and told nothing of."""
    if isinstance(error, ApiError):
        status = status_of(error.code) if error.status is None else error.status
        return Failure(error.code, error.message, status, error.data)
    if isinstance(error, TickyardError):
        return Failure(error.code, str(error), status_of(error.code))
    if isinstance(error, TimeoutError):
        return Failure(_TIMED_OUT, _TEXT[_TIMED_OUT], status_of(_TIMED_OUT))
    _log.error("handler.failed", exc_info=error)
    return Failure(_INTERNAL, _TEXT[_INTERNAL], status_of(_INTERNAL))
