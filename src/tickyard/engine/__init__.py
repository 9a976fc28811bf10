"""The one door to the core: commands in, events out, private reads, replay.

Nothing else imports `tickyard._core`. A slice builds a command (`commands`), submits it through a `CoreClient`, reads
open orders and balances through the same client, follows a `Feed` of live events, or resumes from the event segments
with a `segments.SegmentReader`.
"""

from tickyard._core import Acknowledgement
from tickyard.engine.client import CoreClient
from tickyard.engine.errors import CoreBusy, CoreClosed, CoreTimeout
from tickyard.engine.event_codec import decode as decode_events
from tickyard.engine.events import (
    AccountDefined,
    AssetDefined,
    Event,
    EventBatch,
    FeeLevelDefined,
    InstrumentDefined,
    LevelChanged,
    OrderAccepted,
    OrderAmended,
    OrderClosed,
    Posted,
    TimerChanged,
    Traded,
)
from tickyard.engine.feed import Feed
from tickyard.engine.records import (
    EXTERNAL_ACCOUNT,
    FEE_ACCOUNT,
    FIRST_USER_ACCOUNT,
    ROUNDING_ACCOUNT,
    AccountId,
    AmendResult,
    AssetId,
    CancelSource,
    InstrumentId,
    InstrumentState,
    OrderId,
    OrderState,
    OrderType,
    PostingReason,
    Refusal,
    SelfTrade,
    Seq,
    Side,
    TradeId,
    TradeMode,
    Wallet,
)
from tickyard.engine.replies import Reply
from tickyard.engine.rows import (
    AccountRow,
    BalanceRow,
    Balances,
    BookRow,
    CoreStatus,
    Definitions,
    OpenOrders,
    OrderRow,
)

__all__ = [
    "EXTERNAL_ACCOUNT",
    "FEE_ACCOUNT",
    "FIRST_USER_ACCOUNT",
    "ROUNDING_ACCOUNT",
    "AccountDefined",
    "AccountId",
    "AccountRow",
    "Acknowledgement",
    "AmendResult",
    "AssetDefined",
    "AssetId",
    "BalanceRow",
    "Balances",
    "BookRow",
    "CancelSource",
    "CoreBusy",
    "CoreClient",
    "CoreClosed",
    "CoreStatus",
    "CoreTimeout",
    "Definitions",
    "Event",
    "EventBatch",
    "FeeLevelDefined",
    "Feed",
    "InstrumentDefined",
    "InstrumentId",
    "InstrumentState",
    "LevelChanged",
    "OpenOrders",
    "OrderAccepted",
    "OrderAmended",
    "OrderClosed",
    "OrderId",
    "OrderRow",
    "OrderState",
    "OrderType",
    "Posted",
    "PostingReason",
    "Refusal",
    "Reply",
    "SelfTrade",
    "Seq",
    "Side",
    "TimerChanged",
    "TradeId",
    "TradeMode",
    "Traded",
    "Wallet",
    "decode_events",
]
