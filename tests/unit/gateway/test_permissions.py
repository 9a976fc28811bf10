import pytest

from tickyard.base.ids import AccountId
from tickyard.gateway.errors import Refused
from tickyard.gateway.permissions import require
from tickyard.gateway.route import Access, Caller


def caller(*permissions: Access) -> Caller:
    return Caller(
        account=AccountId(16),
        uid="1",
        master=AccountId(16),
        key="k",
        permissions=frozenset(permissions),
    )


def test_every_key_reads() -> None:
    require(caller(), Access.READ)
    require(caller(Access.TRADE), Access.READ)


@pytest.mark.parametrize("access", [Access.TRADE, Access.WITHDRAW])
def test_more_than_reading_must_be_given(access: Access) -> None:
    require(caller(access), access)
    with pytest.raises(Refused) as refusal:
        require(caller(Access.READ), access)
    assert refusal.value.code == "50120"


def test_trading_does_not_include_withdrawing() -> None:
    with pytest.raises(Refused):
        require(caller(Access.READ, Access.TRADE), Access.WITHDRAW)
