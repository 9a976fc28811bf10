"""Every unified method that ccxt claims for OKX: what works in spot is called, and its effect is looked at."""

import asyncio
from collections.abc import Callable, Iterator, Mapping

import ccxt
import ccxt.pro
import pytest
from tests.support.clients import ccxt_pro, ccxt_spot, ccxt_triggers
from tests.support.clients.ccxt_spot import ELSEWHERE, EMPTY, NOT_SPOT, REFUSED, WORKS, Stage
from tests.support.exchange import Exchange

PATIENCE_S = 30
NO_METHODS = frozenset(
    {"CORS", "future", "margin", "option", "privateAPI", "publicAPI", "sandbox", "spot", "swap"}
)
WATCHED = {**ccxt_pro.WORKS, **ccxt_pro.WITH}
TRIGGERS = {**ccxt_triggers.METHODS, **ccxt_triggers.WITH}
CALLED: Mapping[str, Callable[[Stage], None]] = {**WORKS, **EMPTY, **REFUSED}


@pytest.fixture(scope="module")
def stage(exchange: Exchange) -> Iterator[Stage]:
    made = Stage(exchange.ccxt("alice"), exchange.ccxt("bob"))
    yield made
    for client in (made.alice, made.bob):
        for order in client.fetch_open_orders(ccxt_spot.SYMBOL):
            client.cancel_order(order["id"], ccxt_spot.SYMBOL)


def test_every_method_that_is_claimed_is_called_or_said_not_to_be_of_spot() -> None:
    claimed = {name for name, has in ccxt.okx().has.items() if has} - NO_METHODS
    called = {**CALLED, **ccxt_triggers.METHODS}
    assert claimed == {*called} | NOT_SPOT | ELSEWHERE
    assert len(claimed) == len(called) + len(NOT_SPOT) + len(ELSEWHERE)


@pytest.mark.parametrize("method", CALLED)
def test_a_method_has_its_effect(stage: Stage, method: str) -> None:
    CALLED[method](stage)


@pytest.fixture(scope="module")
def trigger_stage(exchange: Exchange) -> ccxt_triggers.Stage:
    return ccxt_triggers.Stage(exchange.ccxt("alice"), exchange.ccxt("bob"))


@pytest.mark.parametrize("what", TRIGGERS)
def test_a_trigger_order_has_its_effect(trigger_stage: ccxt_triggers.Stage, what: str) -> None:
    trigger_stage.trade(ccxt_triggers.PRICE)
    try:
        TRIGGERS[what](trigger_stage)
    finally:
        trigger_stage.clear()


def test_every_stream_that_is_claimed_is_watched_or_said_not_to_be_of_spot() -> None:
    claimed = {
        name
        for name, has in ccxt.pro.okx().has.items()
        if has and name not in NO_METHODS and not ccxt.okx().has.get(name)
    }
    watched = {name for names in ccxt_pro.WORKS for name in names}
    assert claimed - {"ws"} == watched | ccxt_pro.NOT_SPOT


@pytest.mark.parametrize("names", WATCHED, ids=lambda names: names[0])
async def test_a_stream_has_its_effect(exchange: Exchange, names: tuple[str, ...]) -> None:
    alice, bob = exchange.ccxt_pro("alice"), exchange.ccxt_pro("bob")
    try:
        async with asyncio.timeout(PATIENCE_S):
            await WATCHED[names](ccxt_pro.Stage(alice, bob))
            for client in (alice, bob):
                for order in await client.fetch_open_orders(ccxt_pro.SYMBOL):
                    await client.cancel_order(order["id"], ccxt_pro.SYMBOL)
    finally:
        await alice.close()
        await bob.close()
