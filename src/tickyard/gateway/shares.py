"""What one account may use of a worker, so that nobody who floods holds up the others.

Two things are shared out. A turn of the loop takes so much work, about three milliseconds of it: each account that has
something to do gets an equal part, and what is beyond waits for the next turn, unread if it can be. When there are more
accounts than parts, those come first that were served longest ago. And so many commands may be in flight: an account
may have as many as there are places left, as in the core's queues. Where nobody has logged in, a connection has a share
of its own.
"""

import asyncio
from collections import deque
from typing import Final, Protocol
from weakref import WeakValueDictionary

from tickyard.base.ids import AccountId
from tickyard.engine import Items

TURN_BYTES: Final = 128 * 1024
"""What all together take in one turn; whoever has begun a message finishes it.

A command of somebody modest waits for one turn before it is sent on, and for one before it is answered: turns three
times as long make it wait three times as long, and save nothing.
"""
RESERVE_BYTES: Final = 32 * 1024
"""What those take beyond that who had nothing to do in the last turn, however many others wait."""
BREATHS: Final = 2
"""Passes of the loop before the next turn while somebody waits for it, in which only the sockets are served.

What the core has answered is read in one pass, acknowledged in the next and written in a third: without them each would
wait for a whole turn.
"""
SHARE_BYTES_MIN: Final = 4 * 1024
FRAME_BYTES: Final = 1024
"""A WebSocket message costs as much as so many bytes, beside its own."""
REQUEST_BYTES: Final = 4 * 1024
"""So does a REST request, which is signed."""
PLACES: Final = 16_384
"""Commands in flight of all accounts."""
COUNTED_MAX: Final = 32
"""A request counts as so many commands at most: one with more is refused by whoever takes it."""
_MANY: Final = (list, Items)


class Party(Protocol):
    """A connection that waits for its turn."""

    def go_on(self) -> None:
        """Do what waits, as long as `Share.take` allows; then `Share.wait` again, or read on."""
        ...


class Shares:
    """The shares of one worker."""

    def __init__(self) -> None:
        self.left = TURN_BYTES
        """What is left of this turn for all."""
        self.reserve = RESERVE_BYTES
        """What is left of this turn for those who had nothing to do in the last one."""
        self.is_crowded = False
        """Whether somebody waits for the next turn."""
        self.in_flight = 0
        """Commands of all accounts."""
        self.part = TURN_BYTES
        """What each may take in this turn."""
        self.turns = 0
        self._of_account: WeakValueDictionary[AccountId, Share] = WeakValueDictionary()
        self._used: list[Share] = []

    def alone(self) -> "Share":
        """Make the share of a connection of which nobody knows whose it is."""
        return Share(self)

    def of(self, account: AccountId) -> "Share":
        """Return the share of an account; it lives as long as anybody holds it."""
        share = self._of_account.get(account)
        if share is None:
            share = self._of_account[account] = Share(self)
        return share

    def use(self, share: "Share") -> None:
        """Count a share among those of this turn."""
        if not self._used:
            asyncio.get_running_loop().call_soon(self._pass, BREATHS)
        self._used.append(share)

    def _pass(self, breaths: int) -> None:
        if breaths and self.is_crowded:
            asyncio.get_running_loop().call_soon(self._pass, breaths - 1)
        else:
            self._begin()

    def _begin(self) -> None:
        used, self._used = self._used, []
        self.is_crowded = False
        self.left = TURN_BYTES
        self.part = max(SHARE_BYTES_MIN, TURN_BYTES // len(used))
        self.turns += 1
        # Parts have a least size, so that of very many accounts not all come in one turn.
        used.sort(key=Share.served)
        for share in used:
            share.end_turn()
        self.reserve = 0
        for share in used:
            share.go_on()
        self.reserve = RESERVE_BYTES


def commands_of(body: object) -> int:
    """Count the commands that a request may become."""
    return min(len(body), COUNTED_MAX) if isinstance(body, _MANY) else 1


class Share:
    """What one account uses."""

    __slots__ = ("__weakref__", "_is_used", "_left", "_served", "_shares", "_waiting", "in_flight")

    def __init__(self, shares: Shares) -> None:
        self._shares = shares
        self._left = 0
        self._is_used = False
        self._served = 0
        self._waiting: deque[Party] = deque()
        self.in_flight = 0
        """Commands that are not answered yet."""

    def take(self, size: int) -> bool:
        """Tell whether something may be done in this turn, and charge it then.

        Args:
            size: what it costs, in bytes.
        """
        if not self._is_used:
            self._use()
        shares = self._shares
        if self._left <= 0:
            return False
        if shares.left > 0:
            shares.left -= size
        elif shares.reserve > 0 and self._served < shares.turns - 1:
            shares.reserve -= size
        else:
            return False
        self._left -= size
        self._served = shares.turns
        return True

    def served(self) -> int:
        """Return the number of the last turn in which something was done."""
        return self._served

    def wait(self, party: Party) -> None:
        """Let a connection that was refused go on in a later turn; once until it does."""
        self._waiting.append(party)
        self._shares.is_crowded = True
        if not self._is_used:
            self._use()

    def enter(self, commands: int) -> bool:
        """Count commands as in flight, and tell whether there was room; `leave` follows in any case."""
        self.in_flight += commands
        self._shares.in_flight += commands
        return self.in_flight <= PLACES - self._shares.in_flight + commands

    def leave(self, commands: int) -> None:
        """Count commands as answered."""
        self.in_flight -= commands
        self._shares.in_flight -= commands

    def end_turn(self) -> None:
        """Begin anew with the next use."""
        self._is_used = False

    def go_on(self) -> None:
        """Let those that wait go on, the one that has waited longest first."""
        waiting = self._waiting
        if not waiting:
            return
        if not self._is_used:
            self._use()
        for _ in range(len(waiting)):
            if self._left <= 0:
                break
            waiting.popleft().go_on()
        if waiting:
            self._shares.is_crowded = True

    def _use(self) -> None:
        self._is_used = True
        # Who took more than was left pays it back.
        self._left = min(0, self._left) + self._shares.part
        self._shares.use(self)
