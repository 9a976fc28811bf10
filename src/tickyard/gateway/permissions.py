"""What a caller may do. A key can always read; trading and withdrawing are given to it."""

from tickyard.gateway.errors import Refused
from tickyard.gateway.route import Access, Caller


def require(caller: Caller, access: Access) -> None:
    """Check that the caller's key has the permission.

    Raises:
        Refused: 50120 when it has not.
    """
    if access in caller.permissions or access is Access.READ or access is Access.PUBLIC:
        return
    raise Refused("50120")
