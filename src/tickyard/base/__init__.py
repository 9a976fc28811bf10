"""What everything else stands on: amounts, ids, clocks, errors, settings, logging, the read database.

Nothing here knows a rule of the exchange. One module per concept:

- `amounts`: exact decimals, plain text in and out, roundings with names.
- `ids`: the types of the numbers that name things.
- `clock`: wall time and exchange time, both behind one Protocol.
- `errors`: the root of every refusal.
- `settings`: frozen structs from one TOML file; an unknown key is an error.
- `log`: structured events, secrets redacted in one place.
- `database`: SQLite through SQLAlchemy Core, migrations of each slice.
"""
