"""The tables of the read side: those of every slice."""

from collections.abc import Sequence

from tickyard.account import store as account_store
from tickyard.engine.projection import Projection
from tickyard.marketdata import store as marketdata_store
from tickyard.trading import algo_store
from tickyard.trading import projection as trading_projection


def projections(*, to_compare: bool = False) -> Sequence[Projection]:
    """Return the tables of every slice; `to_compare` ones hold whatever a read database may hold."""
    return (
        trading_projection.OrdersProjection(forget_late=to_compare),
        algo_store.TriggersProjection(),
        account_store.BillsProjection(),
        marketdata_store.TradesProjection(),
    )
