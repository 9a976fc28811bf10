"""What this slice refuses."""

from tickyard.gateway.route import ApiError


class InstrumentNotFound(ApiError):
    """No instrument has this name or number."""

    def __init__(self) -> None:
        super().__init__("51001", "Instrument ID, Instrument ID code, or Spread ID doesn't exist.")


class ParameterMissing(ApiError):
    """A parameter that is needed was absent or empty."""

    def __init__(self, name: str) -> None:
        super().__init__("50014", f"Parameter {name} can not be empty.")
        self.name = name


class ParameterWrong(ApiError):
    """A parameter was none of the values that it may have."""

    def __init__(self, name: str) -> None:
        super().__init__("51000", f"Parameter {name} error")
        self.name = name
