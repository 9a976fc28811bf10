"""How busy the market is at a time of day and week."""

from datetime import UTC, datetime
from typing import Final

from tickyard.base.clock import HOUR_MS
from tickyard.world.profiles import market

_SATURDAY: Final = 5


def season(time_ms: int, day: float = 1.0) -> float:
    """How busy it is, about 1 on average.

    Args:
        time_ms: when, in exchange time.
        day: how much of the pattern counts; with 0 it is always 1.
    """
    how = market()
    hour, within = divmod(time_ms, HOUR_MS)
    here, there = how.hours[hour % 24], how.hours[(hour + 1) % 24]
    found = here + (there - here) * within / HOUR_MS
    if datetime.fromtimestamp(time_ms // 1000, UTC).weekday() >= _SATURDAY:
        found *= how.weekend
    return 1 + day * (found - 1)
