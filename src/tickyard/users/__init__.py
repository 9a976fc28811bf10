"""People and their keys; in this version those of the demo alone.

The demo has accounts with fixed keys and starting money, so that every example works at once. They stand in
`data/demo.toml`, are public, and exist in demo mode only. `keystore` shows them to the gateway, `seeding`
turns accounts and money into commands for the core.
"""

from tickyard.users.demo import demo_accounts, demo_keys
from tickyard.users.keystore import DemoKeyStore
from tickyard.users.model import DemoAccount, DemoKey, uid_of
from tickyard.users.seeding import seeding

__all__ = [
    "DemoAccount",
    "DemoKey",
    "DemoKeyStore",
    "demo_accounts",
    "demo_keys",
    "seeding",
    "uid_of",
]
