"""Orders and trigger orders: place, amend, cancel, look up, follow.

A request comes in OKX's words. `entry` has `wire` turn it into command records, or refuse it before the core hears of
it, and answers with acknowledgements; `algo_entry` does so for trigger orders. What the book then makes of an order
comes back as events: `projection` keeps them as history in SQL, `tracker` as the open orders of the accounts that
somebody follows on the `orders` channel; both go by the rules in `life`.

Queries (`order_queries`, `algo_queries`) ask the core for what lives and `store`, `algo_store` for what is done. Nothing
here decides whether an order is good: the core does, and `errors` gives each of its refusals a code. `model` and `filters`
are the nouns, `needs` is what the slice asks of others.
"""
