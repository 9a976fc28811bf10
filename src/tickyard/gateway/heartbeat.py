"""The worker's coarse time: whole seconds, good enough for idle limits and the Date header."""

from email.utils import formatdate

from tickyard.base.clock import Clock

_NS_PER_S = 1_000_000_000


class Heartbeat:
    """Seconds that are read often and updated once a second."""

    def __init__(self, wall: Clock) -> None:
        self._wall = wall
        self.now_s = 0
        """Seconds since 1970-01-01 UTC."""
        self.date = b""
        """The value of the Date header."""
        self.beat()

    def beat(self) -> None:
        """Take the time; called once a second."""
        self.now_s = self._wall.now_ns() // _NS_PER_S
        self.date = formatdate(self.now_s, usegmt=True).encode()
