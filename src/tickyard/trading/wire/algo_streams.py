"""Which stream of a channel of trigger orders a subscription means, and which streams an event goes to; see `streams`.

Source: OKX v5, WebSocket, "Algo orders channel" and "Advance algo orders channel", "Request parameters".
"""

from typing import Final

from msgspec import Struct

from tickyard.base.ids import AccountId, InstrumentId, TriggerId
from tickyard.engine.events import TriggerChanged
from tickyard.engine.records import TriggerKind, TriggerState
from tickyard.gateway.channels import Arg, NoSuchStream, Topics
from tickyard.gateway.route import Caller
from tickyard.instruments.catalog import Catalog
from tickyard.trading.needs import Prices
from tickyard.trading.wire.algo_rows import algo_push
from tickyard.trading.wire.streams import EVERYWHERE, PRODUCTS, instrument, product_and_family

ORDERS_ALGO: Final = "orders-algo"
ALGO_ADVANCE: Final = "algo-advance"
_ALL: Final = TriggerId(0)


class AlgoStream(Struct, frozen=True):
    """One stream of a channel, as it was asked for."""

    account: AccountId
    instrument: InstrumentId = EVERYWHERE
    """Trigger orders of this instrument only, unless 0."""
    product: str = ""
    family: str = ""
    trigger_id: TriggerId = _ALL
    """This one only, unless 0."""

    def shows(self, trigger: TriggerChanged) -> bool:
        """Tell whether a trigger order is in its snapshot: a trailing stop that lives."""
        return (
            trigger.kind is TriggerKind.TRAILING
            and trigger.state is TriggerState.LIVE
            and self.instrument in {EVERYWHERE, trigger.instrument}
            and self.trigger_id in {_ALL, trigger.trigger_id}
        )


def algo_stream(channel: str, arg: Arg, caller: Caller, catalog: Catalog) -> AlgoStream:
    """Read which trigger orders are asked for.

    Raises:
        NoSuchStream: instType, instId or algoId is wrong.
    """
    product, family = product_and_family(channel, arg)
    where = instrument(channel, arg, catalog)
    number = arg.get("algoId", "0") if channel == ALGO_ADVANCE else "0"
    if type(number) is not str or not (number.isascii() and number.isdigit()):
        raise NoSuchStream(channel, instId=arg.get("instId"))
    return AlgoStream(caller.account, where, product, family, TriggerId(int(number)))


def push(event: TriggerChanged, topics: Topics, catalog: Catalog, prices: Prices) -> None:
    """Send an event to every stream that it belongs to; it is written only when somebody listens."""
    is_trailing = event.kind is TriggerKind.TRAILING
    name = ALGO_ADVANCE if is_trailing else ORDERS_ALGO
    listening = [
        stream
        for product in PRODUCTS
        for where in (EVERYWHERE, event.instrument)
        for which in ((_ALL, event.trigger_id) if is_trailing else (_ALL,))
        if topics.has(name, stream := AlgoStream(event.account, where, product, trigger_id=which))
    ]
    if listening:
        data = algo_push(event, catalog, prices)
        for stream in listening:
            topics.publish(name, stream, data)
