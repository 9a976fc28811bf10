"""What comes from outside: what instruments are worth there."""

from struct import Struct

from tickyard.engine.commands.layout import HEADER
from tickyard.engine.records import CommandKind, InstrumentId

_SET_INDEX_PRICE = Struct(HEADER + "I4xqqq72x")


def set_index_price(
    *, instrument: InstrumentId, price: int, highest_buy: int = 0, lowest_sell: int = 0
) -> bytes:
    """Say what an instrument is worth outside, and bound the prices of its orders.

    Args:
        instrument: which.
        price: the index price in ticks; 0 when there is none.
        highest_buy: of buy orders, in ticks; 0 for the bound of the listing.
        lowest_sell: of sell orders, in ticks; 0 for the bound of the listing.
    """
    return _SET_INDEX_PRICE.pack(
        CommandKind.SET_INDEX_PRICE, 0, 0, instrument, price, highest_buy, lowest_sell
    )
