"""What tests of the gateway share."""

from collections.abc import AsyncIterator

import pytest
from tests.support.http_desk import AT_NS, HttpClient
from tests.support.session_desk import NOW_S, Client, parts_of
from tests.support.wire import Keys, TinySlice

from tickyard.base.clock import ManualClock


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    clock = ManualClock(NOW_S * 10**9)
    tiny, keys = TinySlice(), Keys()
    gateway = tiny.gateway(wall=clock, exchange=clock, keys=keys)
    parts = parts_of(gateway)
    async with gateway.runner:
        yield Client(parts, tiny, clock, keys)
        await gateway.runner.drain(0)


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    clock = ManualClock(AT_NS)
    tiny = TinySlice()
    gateway = tiny.gateway(wall=clock, exchange=clock)
    async with gateway.runner:
        yield HttpClient(tiny, gateway, clock)
        await gateway.runner.drain(0)
