"""What is hostile in sub-accounts and their keys; the accounts there are none of."""

from typing import Final

from tests.hostile.items.item import Item
from tests.hostile.values import MISSING, NO_JSON, NOT_JSON, STRUCTURES, WRONG, each, texts

_NEEDED_WORD: Final = {
    **each(NO_JSON, NOT_JSON),
    **each((None, '""', "null"), MISSING),
    **each((*STRUCTURES, "1.5", "1e400"), WRONG),
}
_NO_ACCOUNTS: Final = {**_NEEDED_WORD, **texts(("nobody", "a,b", "' OR 1=1--", "\0"), "59510")}
_SUB: Final = {"subAcct": '"nobody"'}
_NAMED_KEY: Final = (
    Item({**_SUB, "apiKey": '"x"'}, {"subAcct": _NO_ACCOUNTS, "apiKey": _NEEDED_WORD}),
)

NEW_SUB_ACCOUNT: Final = (
    Item(
        {"subAcct": '"fresh"', "type": '"1"'},
        {
            "subAcct": {**_NEEDED_WORD, **texts(("a b", "x" * 21, "\u00e9", "a,b", "-"), WRONG)},
            "type": {
                **_NEEDED_WORD,
                **texts(("0", "2", "01", "X"), WRONG),
                **texts(("5",), "59515"),
            },
            "label": {**each(STRUCTURES, WRONG), **texts(("x" * 51, "a\u0000"), WRONG)},
        },
    ),
)

TRANSFER_OUT: Final = (
    Item(
        _SUB,
        {
            "subAcct": _NO_ACCOUNTS,
            "canTransOut": {**texts(("yes", "0"), WRONG), **each(("0", "[]"), WRONG)},
        },
    ),
)

NEW_KEY: Final = (
    Item(
        {**_SUB, "label": '"x"', "passphrase": '"open-sesame"'},
        {
            "subAcct": _NO_ACCOUNTS,
            "label": _NEEDED_WORD,
            "passphrase": _NEEDED_WORD,
            "perm": {
                **each(STRUCTURES, WRONG),
                **texts(("root", "withdraw", "read_only trade"), WRONG),
            },
            "ip": each(STRUCTURES, WRONG),
        },
    ),
)

CHANGED_KEY: Final = (
    *_NAMED_KEY,
    Item(
        {**_SUB, "apiKey": '"x"'},
        {"perm": texts(("root", "withdraw"), WRONG), "label": each(STRUCTURES, WRONG)},
    ),
)
DELETED_KEY: Final = _NAMED_KEY
