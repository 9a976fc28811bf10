"""OKX's spelling of orders and fills, and ours. An abbreviation of OKX does not leave this package.

`requests` makes commands of items, `words` has the words of both directions, `queries` reads the
parameters of a GET; `acks` answers commands, `rows` writes orders and fills, `frames` the pushes of the channels.
"""
