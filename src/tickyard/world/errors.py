"""What may go wrong between a participant and the exchange."""


class Lost(Exception):
    """There was no answer; whatever was asked may have been done."""


class Refused(Exception):
    """The exchange said no."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
