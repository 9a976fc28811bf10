"""The limits of orders. They are counted in Rust, item by item: `crates/entry/src/order_limits.rs`.

REST and WebSocket count together; placing, cancelling and amending apart, and so do requests of one item and the items of
others. Source: OKX v5, "Rate Limits", "Sub-account rate limit".
"""

from typing import Final

from tickyard.gateway.route import Limit

SINGLE: Final = Limit(60, 2_000, "user+instrument", is_per_item=True)
"""Requests with one item, of one verb."""
BATCH: Final = Limit(300, 2_000, "user+instrument", is_per_item=True)
"""Items of requests with more, of one verb."""
OF_ACCOUNT: Final = Limit(1_000, 2_000, "user", is_per_item=True)
"""New orders and amendments in all instruments. Cancellations are not counted."""
