"""OKX's words for what a trigger order is, and the core's numbers for them."""

from typing import Final

from tickyard.engine.records import PriceType, TriggerKind, TriggerState

KINDS: Final = {
    "conditional": TriggerKind.CONDITIONAL,
    "oco": TriggerKind.ONE_CANCELS_OTHER,
    "trigger": TriggerKind.PLAIN,
    "move_order_stop": TriggerKind.TRAILING,
}
KIND_WORDS: Final = {kind: word for word, kind in KINDS.items()}
OTHER_KINDS: Final = frozenset({"chase", "iceberg", "twap", "smart_iceberg"})
"""What OKX knows and this exchange has not."""
STATES: Final = {
    "effective": TriggerState.EFFECTIVE,
    "canceled": TriggerState.CANCELED,
    "order_failed": TriggerState.FAILED,
}
STATE_WORDS: Final = {
    **{state: word for word, state in STATES.items()},
    TriggerState.LIVE: "live",
    TriggerState.ATTACHED: "live",
}
PRICE_TYPES: Final = {"last": PriceType.LAST, "index": PriceType.INDEX, "mark": PriceType.MARK}
PRICE_TYPE_WORDS: Final = {price_type: word for word, price_type in PRICE_TYPES.items()}
