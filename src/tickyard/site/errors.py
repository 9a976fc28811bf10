"""What a person's browser is told when something cannot be done: a status, a name for programs, a sentence."""

from typing import ClassVar

from tickyard.base.errors import TickyardError


class SiteRefusal(TickyardError):
    """The root of every slice's refusals towards the browser."""

    status: ClassVar[int] = 400
    name: ClassVar[str]
    """For programs; never changes."""
    message: ClassVar[str] = ""
    """For people, when the class knows all there is to say."""
    retry_after_s: int = 0
    """When trying again can help; 0 for not said."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or type(self).message)


class ForeignOrigin(SiteRefusal):
    """Another site's page has sent this."""

    status = 403
    name = "foreign_origin"
    message = "This request came from another site."


class NotJson(SiteRefusal):
    """The body is not the JSON object that was expected."""

    name = "body_invalid"

    def __init__(self, why: str) -> None:
        super().__init__(f"The body is not what was expected: {why}.")


class Overloaded(SiteRefusal):
    """Too much of the same is being done."""

    status = 503
    name = "busy"
    message = "Too many people are logging in. Try again in a moment."
    retry_after_s = 2
