"""OKX's spelling of orders and fills, and ours. An abbreviation of OKX does not leave this package.

`requests` makes commands of items, `words` has the words of both directions, `queries` reads the parameters of a GET,
`streams` the args of a subscription; `acks` answers commands, `rows` writes orders and fills, `frames` the pushes of the
channels. Modules named `algo_...` do the same for trigger orders, `attached...` and `attaching` for those that are attached.
"""
