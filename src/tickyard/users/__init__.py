"""People: who they are, how they prove it, and the keys with which their programs trade.

- `people` (sign up, log in, second factor), `sessions`, `keys`: the verbs; `passwords`, `totp`, `vault`, `throttle`:
  what they stand on. `store` knows the SQL of the records, `records` the tables.
- `site`: the calls that pages make, `site_shapes`: in which shape; `routes` and `wire`: what the API has of sub-accounts
  (`sub_accounts`). `opening` tells the core of new accounts.
- `recorded_keys` and `keystore`: the keys as gateway workers know them.
- `demo`: accounts with fixed keys and starting money in `data/demo.toml`, so that every example works at once; they
  are public and exist in demo mode only. `crowd` makes those of the simulated participants from a table. `seeding`
  turns both into commands for the core.
"""

from tickyard.users.crowd import Member, crowd
from tickyard.users.demo import demo_accounts, demo_keys
from tickyard.users.keystore import DemoKeyStore, KeyStores
from tickyard.users.model import DemoAccount, DemoKey, uid_of
from tickyard.users.seeding import seeding

__all__ = [
    "DemoAccount",
    "DemoKey",
    "DemoKeyStore",
    "KeyStores",
    "Member",
    "crowd",
    "demo_accounts",
    "demo_keys",
    "seeding",
    "uid_of",
]
