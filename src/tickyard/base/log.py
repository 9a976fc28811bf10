"""Structured logging: one JSON object a line; secrets and personal addresses never reach it.

Events are `noun.verb` and never change. `error`: our malfunction; `warning`: degraded; `info`: life
cycle; `debug`: caused by a client.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Any, TextIO

import structlog

REDACTED = "[redacted]"

_SECRET_NAMES = (
    "secret",
    "passphrase",
    "password",
    "sign",
    "token",
    "cookie",
    "authorization",
    "email",
    "phone",
    "private_key",
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,255}\.[\w.]{1,64}", re.ASCII)


def configure(process: str, *, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Set up logging of this process, once, at its start.

    Args:
        process: its role, e.g. "gateway-1"; on every line.
        level: least level that is written.
        stream: where to; standard error by default.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
            structlog.processors.JSONRenderer(default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lines(stream or sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)
    # Libraries log in their own way; what they say below a warning is of no use to anybody here.
    logging.basicConfig(level=logging.WARNING, stream=stream or sys.stderr, force=True)


def lines(stream: TextIO) -> structlog.PrintLoggerFactory:
    """Return what writes lines to a stream, and goes on when it cannot: a full disk stops nobody for the log's sake."""
    return structlog.PrintLoggerFactory(_Tolerant(stream))  # type: ignore[arg-type]  # print() needs no more


class _Tolerant:
    """The part of a text stream that is written to; what does not go through is dropped."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """Return a logger that says where its events come from.

    Args:
        name: the package or concept, e.g. "gateway".
    """
    # Bound on first use, so that a logger made at import time obeys `configure`.
    made: structlog.typing.FilteringBoundLogger = structlog.get_logger(source=name)
    return made


def redact(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace what must not be written: a processor of structlog."""
    for name, value in event.items():
        event[name] = _clean(name, value)
    return event


def _clean(name: str, value: object) -> object:
    lowered = name.lower()
    if any(secret in lowered for secret in _SECRET_NAMES):
        return REDACTED
    if isinstance(value, Mapping):
        return {key: _clean(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean("", item) for item in value]
    if isinstance(value, str):
        return _EMAIL.sub(REDACTED, value)
    return value
