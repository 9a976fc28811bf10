"""What this slice refuses; unknown instruments and wrong parameters are refused as by `instruments`."""

from tickyard.base.errors import TickyardError, Unavailable
from tickyard.gateway.route import ApiError


class BeforeByTime(ApiError):
    """Trades that are paged by time can only be paged backwards."""

    def __init__(self) -> None:
        super().__init__("50039", "Parameter before is not supported when type is 2")


class NotLoaded(Unavailable):
    """This worker has just started and has no books yet."""

    def __init__(self) -> None:
        super().__init__("market data is being loaded")


class HistoryAway(TickyardError):
    """The read database cannot be reached; what memory has is still answered."""

    code = "50004"

    def __init__(self) -> None:
        super().__init__("history cannot be read at the moment, try again")
