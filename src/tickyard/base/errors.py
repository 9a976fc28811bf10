"""The root of every refusal: something a caller can act on, with a code and the facts.

A bug is not a refusal; it is an assertion or any other exception, and the request boundary answers
50026 for it.
"""


class TickyardError(Exception):
    """A refusal. Subclasses are named for what went wrong and carry their facts as attributes."""

    code: str = "50026"
    """The OKX code under which the gateway reports it."""


class OutcomeUnknown(TickyardError):
    """No answer came in time. The command may still take effect; ask before sending it again."""

    code = "50004"


class Busy(TickyardError):
    """Queues are full; nothing was recorded, and the same request may be sent again."""

    code = "50013"


class Unavailable(TickyardError):
    """A part of the exchange that is needed is stopped or unreachable; nothing was recorded."""

    code = "50001"
