"""What instruments are worth outside: index prices, and the prices that orders may have for them.

A process of its own asks several venues for their tickers, makes an index price for each pair, and has both enter the journal as
commands: the core bounds orders by them, everybody else learns of them by its events. What it was made of is published
in a file, for whoever wants to look.

- `sources`: which venues count, and what they say. `rule`, `limits`: the arithmetic; both are pure.
- `worker`: the process. `published`, `routes`: the components of an index.
"""
