"""How many connections of an account listen to the same private channel; more than thirty may not.

Source: OKX v5, "WebSocket", "Connection count limit".
"""

from typing import Final

from tickyard.base.ids import AccountId
from tickyard.gateway.channels import Session

CONNECTIONS_MAX: Final = 30
COUNTED: Final = frozenset(
    {
        "orders",
        "account",
        "positions",
        "balance_and_position",
        "liquidation-warning",
        "account-greeks",
    }
)
"""The channels whose connections are counted."""


class ChannelConnections:
    """The connections of one worker, by account and channel."""

    def __init__(self) -> None:
        self._listening: dict[tuple[AccountId, str], set[Session]] = {}

    def join(self, account: AccountId, channel: str, connection: Session) -> bool:
        """Count a connection; False when there are too many others."""
        listening = self._listening.setdefault((account, channel), set())
        if connection not in listening and len(listening) >= CONNECTIONS_MAX:
            return False
        listening.add(connection)
        return True

    def leave(self, account: AccountId, channel: str, connection: Session) -> None:
        """Count a connection no longer."""
        listening = self._listening.get((account, channel), set())
        listening.discard(connection)
        if not listening:
            self._listening.pop((account, channel), None)

    def count(self, account: AccountId, channel: str) -> int:
        """Count the connections that listen."""
        return len(self._listening.get((account, channel), ()))
