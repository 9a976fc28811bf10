"""The numbers that name things. They come from the core or from data files, never from chance."""

from typing import NewType

AccountId = NewType("AccountId", int)
"""A trading account: holds money, orders and later positions. Greater than zero."""

InstrumentId = NewType("InstrumentId", int)
"""What can be traded; `instIdCode` on the wire. Greater than zero."""

AssetId = NewType("AssetId", int)
"""What can be held. Greater than zero."""

OrderId = NewType("OrderId", int)
"""An order; `ordId` on the wire. Grows with time, so it serves as a cursor."""

TriggerId = NewType("TriggerId", int)
"""A trigger order; `algoId` on the wire. Grows with time, and is never the id of an order."""

TradeId = NewType("TradeId", int)
"""A trade of one instrument; `tradeId` on the wire. Counts from one per instrument."""

Seq = NewType("Seq", int)
"""The number of a command in the journal. Events carry that of the command that caused them."""
