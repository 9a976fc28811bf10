"""What the market looks like from outside: bid and ask of every pair, in one request."""

from collections.abc import Iterable, Mapping

import msgspec

from tickyard.world.client import Exchange, Row


class Ticker(msgspec.Struct, frozen=True):
    """The best prices of a pair, and how much there is at each."""

    bid: float
    ask: float
    bid_size: float
    ask_size: float

    @property
    def middle(self) -> float:
        """Between the two, nearer to where there is less."""
        both = self.bid_size + self.ask_size
        return (self.bid * self.ask_size + self.ask * self.bid_size) / both


async def look(exchange: Exchange) -> Mapping[str, Ticker]:
    """Ask for all pairs that have both sides.

    Raises:
        Lost: no answer.
        Refused: the exchange said no.
    """
    return dict(_tickers(await exchange.get("market/tickers", instType="SPOT")))


def _tickers(rows: Iterable[Row]) -> Iterable[tuple[str, Ticker]]:
    for row in rows:
        if row["bidPx"] and row["askPx"]:
            yield (
                row["instId"],
                Ticker(
                    bid=float(row["bidPx"]),
                    ask=float(row["askPx"]),
                    bid_size=float(row["bidSz"]),
                    ask_size=float(row["askSz"]),
                ),
            )
