"""What the door to the core raises. A refusal by the core is no exception: it stands in the reply."""

from tickyard.base.errors import Busy, OutcomeUnknown, Unavailable


class CoreTimeout(OutcomeUnknown):
    """No answer came within five seconds."""

    def __init__(self) -> None:
        super().__init__("the core did not answer in time")


class CoreBusy(Busy):
    """Too much is in flight; nothing was sent, or the query was turned away."""

    def __init__(self) -> None:
        super().__init__("the core has too much to do")


class CoreClosed(Unavailable):
    """The client was closed while the call was waiting, or before it."""

    def __init__(self) -> None:
        super().__init__("the connection to the core is closed")
