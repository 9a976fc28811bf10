import re
from hashlib import sha256

from tickyard.engine import commands
from tickyard.engine.records import FIRST_USER_ACCOUNT, CommandKind, Wallet
from tickyard.gateway.route import Access
from tickyard.instruments import listing
from tickyard.users import DemoKeyStore, crowd, demo_accounts, demo_keys, seeding, uid_of

CATALOG = listing.load()
KEYS = {key.name: key for key in demo_keys()}


def test_the_cast_of_the_demo_is_there() -> None:
    assert {"alice", "bob", "whale", "mm1", "alice-readonly", "quoter1"} <= KEYS.keys()
    assert KEYS["alice-readonly"].account == "alice"


def test_account_numbers_are_dense_from_the_first_user() -> None:
    numbers = [account.id for account in demo_accounts()]
    assert numbers == list(range(FIRST_USER_ACCOUNT, FIRST_USER_ACCOUNT + len(numbers)))
    assert uid_of(numbers[0]) == "10000000016"


def test_keys_look_like_those_of_okx() -> None:
    for key in demo_keys():
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", key.api_key)
        assert re.fullmatch(r"[0-9A-F]{32}", key.secret_key)
    assert len({key.api_key for key in demo_keys()}) == len(demo_keys())
    assert len({key.secret_key for key in demo_keys()}) == len(demo_keys())


def test_permissions_are_joined_as_okx_joins_them() -> None:
    assert KEYS["alice"].wire()["permissions"] == "read_only,trade"
    assert KEYS["alice-readonly"].wire() == {
        "apiKey": KEYS["alice-readonly"].api_key,
        "secretKey": KEYS["alice-readonly"].secret_key,
        "passphrase": KEYS["alice-readonly"].passphrase,
        "permissions": "read_only",
    }


def test_the_gateway_finds_demo_keys_and_no_others() -> None:
    store = DemoKeyStore()
    record = store.lookup(KEYS["alice-readonly"].api_key)
    assert record is not None
    assert record.account == record.master == FIRST_USER_ACCOUNT
    assert record.permissions == {Access.READ}
    assert record.secret == KEYS["alice-readonly"].secret_key.encode()
    assert record.passphrase_sha256 == sha256(b"tickyard-demo").digest()
    assert record.label == "alice-readonly"
    assert store.lookup("00000000-0000-4000-8000-000000000000") is None


def test_quoters_and_people_share_no_account() -> None:
    assert all(key.account == key.name for key in demo_keys() if key.name != "alice-readonly")


def test_seeding_opens_accounts_before_it_pays_into_them() -> None:
    told = list(seeding(CATALOG))
    assert told[0] == commands.define_account(
        account=FIRST_USER_ACCOUNT, master=FIRST_USER_ACCOUNT, fee_level=0
    )
    usdt = CATALOG.asset_by_symbol("USDT")
    assert usdt is not None
    paid = [command for command in told if command[0] == CommandKind.CREDIT]
    everybody = [*demo_accounts(), *(member.account(CATALOG) for member in crowd())]
    assert len(paid) == sum(len(a.trading) + len(a.funding) for a in everybody)
    first = commands.credit(
        account=FIRST_USER_ACCOUNT,
        asset=usdt.asset,
        amount=100_000 * 10**18,
        wallet=Wallet.TRADING,
        key=paid[0][48:64],
    )
    assert paid[0] == first


def test_seeding_twice_sends_the_same_keys() -> None:
    told = list(seeding(CATALOG))
    assert told == list(seeding(CATALOG))
    keys = [command[48:64] for command in told if command[0] == CommandKind.CREDIT]
    assert len(set(keys)) == len(keys)
    assert all(any(key) for key in keys)
