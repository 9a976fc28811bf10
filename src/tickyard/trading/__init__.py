"""Orders: place, amend, cancel, look up, follow.

A request comes in OKX's words. `wire` turns it into a command record, or refuses it before the core
hears of it; `orders` submits the records and answers with acknowledgements. What the book then makes
of an order comes back as events: `projection` keeps them as history in SQL, `tracker` as the open
orders of the accounts that somebody follows on the `orders` channel.

Queries ask the core for orders that live and `store` for those that are done. Nothing here decides
whether an order is good: the core does, and `errors` gives each of its refusals a code.
"""
