"""What this slice refuses."""

from tickyard.gateway.route import ApiError


class InstrumentNotFound(ApiError):
    """No instrument has this name or number."""

    def __init__(self) -> None:
        super().__init__("51001", "Instrument ID, Instrument ID code, or Spread ID doesn't exist.")


class CurrencyNotFound(ApiError):
    """No asset has this name."""

    def __init__(self, symbol: str) -> None:
        super().__init__("51012", f"Token {symbol} does not exist")
        self.symbol = symbol


class ParameterMissing(ApiError):
    """A parameter that is needed was absent or empty."""

    def __init__(self, name: str) -> None:
        super().__init__("50014", f"Parameter {name} can not be empty.")
        self.name = name


class EitherIsNeeded(ApiError):
    """Neither of two parameters was given."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__("50015", f"Either parameter {one} or {other} is required")


class ParameterWrong(ApiError):
    """A parameter was none of the values that it may have."""

    def __init__(self, name: str) -> None:
        super().__init__("51000", f"Parameter {name} error")
        self.name = name


class OfAnotherType(ApiError):
    """The instrument is not of the type that was asked for."""

    def __init__(self) -> None:
        super().__init__("51015", "The instrument ID does not match the instrument type")


class NotInSpotMode(ApiError):
    """The request is for accounts in another mode."""

    def __init__(self) -> None:
        super().__init__("51010", "This is not supported under the current account mode")


class NotInDemo(ApiError):
    """The request needs a product, or rails to the outside, that a demo does not have."""

    def __init__(self) -> None:
        super().__init__("50038", "This is not available in demo trading")
