"""What everything else stands on: amounts, ids, clocks, errors, logging.

Nothing here knows a rule of the exchange. One module per concept:

- `amounts`: exact decimals, plain text in and out, roundings with names.
- `ids`: the types of the numbers that name things.
- `clock`: wall time and exchange time, both behind one Protocol.
- `errors`: the root of every refusal.
- `log`: structured events, secrets redacted in one place.
"""
