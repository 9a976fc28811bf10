"""The records of a home: which database holds them, and the key that opens what is sealed in it."""

from tickyard.base import database
from tickyard.node.home import Home
from tickyard.users.store import Store
from tickyard.users.vault import Vault


def people(home: Home) -> Store:
    """Open the records of people."""
    return Store(database.open_database(database.records_url(home.records)))


def vault(home: Home) -> Vault:
    """Open the vault; its key is made with the home."""
    return Vault.open(home.keys / "records.key")
