"""What this slice refuses. Source: OKX v5, "Error Code"; the texts are ours."""

from collections.abc import Mapping
from typing import Final

from tickyard.engine.records import Refusal
from tickyard.gateway.route import ApiError


class TooManyValues(ApiError):
    """A parameter that is a list has more members than it may."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__("50025", f"Parameter {name} can have at most {most} values")
        self.name = name
        self.most = most


class TooOften(ApiError):
    """Something was done as often as it may be in a day."""

    def __init__(self) -> None:
        super().__init__("50040", "Too frequent operations, please try again later")


class DemoMoneyRefused(ApiError):
    """Demo money was neither added nor taken."""

    def __init__(self, code: str, message: str, *, why: Refusal | None = None) -> None:
        super().__init__(code, message)
        self.why = why


class OnlyMaster(ApiError):
    """The key is not of a master account."""

    def __init__(self) -> None:
        super().__init__("59500", "Only keys of the main account may do this")


class SubAccountNotFound(ApiError):
    """The caller has no sub-account of this name."""

    def __init__(self) -> None:
        super().__init__("59510", "The sub-account does not exist")


class TransferRefused(ApiError):
    """Money was not moved."""


class TransferNotFound(ApiError):
    """No transfer of the account has this id."""

    def __init__(self, parameter: str) -> None:
        super().__init__("51000", f"Parameter {parameter} error")


SAME_WALLET: Final = ("58123", "Parameters from and to must not be the same")
NOT_POSITIVE: Final = ("58114", "The transfer amount must be greater than 0")
NO_SUB_ACCOUNT: Final = ("58115", "The sub-account does not exist")
NOT_FOR_THIS_KEY: Final = ("58129", "Parameter type does not fit the account of this key")
MAY_NOT_GIVE: Final = ("58119", "The sub-account may not transfer out")
NOT_TWO_SUB_ACCOUNTS: Final = (
    "59507",
    "The accounts must be two different sub-accounts of the main account",
)
FUNDING_TOO_SMALL: Final = ("58350", "The funding balance is insufficient")
TRADING_TOO_SMALL: Final = ("58116", "The amount exceeds what can be transferred")

_FAILED: Final = ("58112", "The transfer failed")
_STATE: Final = ("50012", "The account's state does not allow this")

TRANSFER: Mapping[Refusal, tuple[str, str]] = {
    **dict.fromkeys(Refusal, _FAILED),
    Refusal.AMOUNT_NOT_POSITIVE: NOT_POSITIVE,
    Refusal.SAME_WALLET: SAME_WALLET,
    Refusal.OVERFLOW: TRADING_TOO_SMALL,
    Refusal.UNKNOWN_ACCOUNT: _STATE,
    Refusal.NOT_RELATED: NO_SUB_ACCOUNT,
    Refusal.UNKNOWN_ASSET: ("51012", "The token does not exist"),
    Refusal.KEY_REUSED: ("51000", "Parameter clientId error: it was used for another transfer"),
    Refusal.INSUFFICIENT_BALANCE: TRADING_TOO_SMALL,
    Refusal.INTERNAL: ("50026", "System error"),
    Refusal.BUSY: ("50013", "The system is busy, try again later"),
    Refusal.UNAVAILABLE: ("50001", "The service is temporarily unavailable"),
    Refusal.ORIGIN_FORGOTTEN: ("50004", "The outcome of the request is unknown"),
}
"""What the sender of a transfer is told for each refusal of the core."""

DEMO_MONEY: Mapping[Refusal, tuple[str, str]] = {
    **TRANSFER,
    Refusal.OVERFLOW: ("51000", "Parameter amt error"),
    Refusal.INSUFFICIENT_BALANCE: ("59200", "The account balance is insufficient"),
}
"""What somebody who adjusts a demo balance is told for each refusal of the core."""
