"""Whose money is where: balances, fees, ledger lines, transfers, and what OKX calls the account's settings.

Balances are asked of the core, which answers after everything that it has acknowledged. Ledger lines (OKX's
*bills*) come from the read database, where a projection of this slice puts them. Every account is in spot mode:
there are no positions, no borrowing and no leverage, and what would change that is refused with OKX's own code.

- `balances`, `sizes`, `transfers`, `demo_balance`: the verbs; `family` judges who may give to whom, `fee_review` finds
  everybody's fee level once a day; `model` has the nouns, and what this slice asks of others.
- `store`: ledger lines in SQL. `wire` knows how everything is spelled.
- `routes`, `funding_routes`, `sub_account_routes`, `fixed_settings`: REST, over the same `parts`. `streams` follows the
  feed for the three `channels`.
"""
