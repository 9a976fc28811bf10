"""A home may lie deeper than the address of a Unix socket is long."""

from pathlib import Path

from tests.support.core_host import CoreHost

from tickyard.engine import MarketView
from tickyard.engine.client import CoreClient
from tickyard.engine.feed import Feed


async def test_workers_reach_a_core_whose_socket_lies_deep(tmp_path: Path) -> None:
    with CoreHost(tmp_path / ("deep" * 40)) as host:
        client = await CoreClient.connect(host.socket)
        feed = await Feed.connect(host.socket, MarketView([]))
        assert (await client.status()).seq == 0
        host.kill()
        host.start()
        assert (await client.status()).seq == 0
        await feed.close()
        await client.close()
