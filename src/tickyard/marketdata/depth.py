"""The order book of one instrument as the public sees it: price levels, no orders."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from tickyard.base.ids import Seq
from tickyard.engine import LevelChanged, Side


class Level:
    """One price level.

    `rendered` belongs to the wire: it keeps the encoded level, which most frames repeat unchanged.
    """

    __slots__ = ("orders", "price", "rendered", "size")

    def __init__(self, price: int, size: int, orders: int) -> None:
        self.price = price
        self.size = size
        self.orders = orders
        self.rendered: tuple[bytes, bytes] | None = None


class Ladder:
    """The levels of one side, best first."""

    def __init__(self, side: Side) -> None:
        # A rank grows with the distance from the best price on both sides, so one order serves both.
        self._sign = 1 if side is Side.SELL else -1
        self._ranks: list[int] = []
        self._levels: dict[int, Level] = {}

    def __len__(self) -> int:
        return len(self._ranks)

    def __iter__(self) -> Iterator[Level]:
        return (self._levels[rank] for rank in self._ranks)

    def set(self, price: int, size: int, orders: int) -> None:
        """Take over what rests at a price, in lots; a size of 0 removes the level."""
        rank = price * self._sign
        known = rank in self._levels
        if size:
            self._levels[rank] = Level(price, size, orders)
            if not known:
                self._ranks.insert(bisect_left(self._ranks, rank), rank)
        elif known:
            del self._levels[rank]
            del self._ranks[bisect_left(self._ranks, rank)]

    def best(self) -> Level | None:
        """The level nearest to the other side."""
        return self._levels[self._ranks[0]] if self._ranks else None

    def top(self, count: int) -> list[Level]:
        """The best levels, at most so many."""
        levels = self._levels
        return [levels[rank] for rank in self._ranks[:count]]


class Depth:
    """Both sides, and which command changed them last.

    `seq` is the newest applied command that changed this book. It is the same in every worker, because it
    depends on the journal alone, and the same on every channel and endpoint.
    """

    def __init__(self) -> None:
        self.bids = Ladder(Side.BUY)
        self.asks = Ladder(Side.SELL)
        self.seq = Seq(0)
        self.time_ms = 0
        self._read_at = Seq(0)

    def load(
        self,
        *,
        read_at: Seq,
        changed_at: Seq,
        time_ms: int,
        bids: Iterable[tuple[int, int, int]],
        asks: Iterable[tuple[int, int, int]],
    ) -> None:
        """Replace everything by a picture of the book.

        Args:
            read_at: the newest command that the picture contains; older changes are in it already.
            changed_at: the newest command not above `read_at` that changed this book.
            time_ms: exchange time of the picture.
            bids: price in ticks, size in lots, number of orders; in any order.
            asks: the same.
        """
        self.bids = Ladder(Side.BUY)
        self.asks = Ladder(Side.SELL)
        for ladder, levels in ((self.bids, bids), (self.asks, asks)):
            for price, size, orders in levels:
                ladder.set(price, size, orders)
        self._read_at = read_at
        self.seq = changed_at
        self.time_ms = time_ms

    def apply(self, change: LevelChanged) -> bool:
        """Take over a change; False when the loaded picture contained it."""
        if change.seq <= self._read_at:
            self.seq = max(self.seq, change.seq)
            return False
        ladder = self.bids if change.side is Side.BUY else self.asks
        ladder.set(change.price, change.size, change.orders)
        self.seq = change.seq
        self.time_ms = change.time_ns // 1_000_000
        return True
