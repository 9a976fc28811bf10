"""Commands as the bytes that go into the journal.

Each function returns one record of `crates/types/src/command`, file by file, with a zero origin; the client stamps the
origin when it sends the record. Numbers outside their field raise `struct.error`, names that are too long `ValueError`;
what the numbers mean is judged by the core alone.
"""

from tickyard.engine.commands.definitions import (
    define_account,
    define_asset,
    define_fee_level,
    define_instrument,
    set_instrument_state,
)
from tickyard.engine.commands.inputs import set_index_price
from tickyard.engine.commands.money import credit, debit, transfer
from tickyard.engine.commands.orders import (
    ATTACHED,
    BAN_AMEND,
    BY_LEG,
    BY_TRAILING,
    CANCEL_ON_FAIL,
    CLAMP_PRICE,
    SIZE_IN_QUOTE,
    TRIGGERED,
    amend_order,
    cancel_all_after,
    cancel_order,
    mass_cancel,
    place_order,
)
from tickyard.engine.commands.triggers import (
    DROP_LEG,
    MARKET,
    MAX_ATTACHMENTS,
    Legs,
    amend_attached,
    amend_trigger,
    attach,
    cancel_trigger,
    instrument_of,
    place_trigger,
    price_and_size,
)

__all__ = [
    "ATTACHED",
    "BAN_AMEND",
    "BY_LEG",
    "BY_TRAILING",
    "CANCEL_ON_FAIL",
    "CLAMP_PRICE",
    "DROP_LEG",
    "MARKET",
    "MAX_ATTACHMENTS",
    "SIZE_IN_QUOTE",
    "TRIGGERED",
    "Legs",
    "amend_attached",
    "amend_order",
    "amend_trigger",
    "attach",
    "cancel_all_after",
    "cancel_order",
    "cancel_trigger",
    "credit",
    "debit",
    "define_account",
    "define_asset",
    "define_fee_level",
    "define_instrument",
    "instrument_of",
    "mass_cancel",
    "place_order",
    "place_trigger",
    "price_and_size",
    "set_index_price",
    "set_instrument_state",
    "transfer",
]
