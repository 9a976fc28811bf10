"""OKX's spelling of orders and fills, and ours. An abbreviation of OKX does not leave this package.

`values` reads single members, `requests` makes commands of items, `queries` reads the parameters of
a GET; `acks` answers commands, `rows` writes orders and fills, `frames` the pushes of the channels.
"""
