"""Puts the process together that serves pages, log-ins and keys."""

import asyncio
from collections.abc import Callable

from tickyard.base.clock import WallClock
from tickyard.engine.client import CoreClient
from tickyard.instruments import listing
from tickyard.node import records
from tickyard.node.home import Home
from tickyard.node.migration import migrate
from tickyard.site.app import site
from tickyard.site.serve import serve
from tickyard.users.keys import Keys
from tickyard.users.opening import Openings
from tickyard.users.people import People
from tickyard.users.sessions import Sessions
from tickyard.users.site import Door, site_routes


async def serve_site(home: Home, *, stop: asyncio.Event, on_ready: Callable[[], None]) -> None:
    """Bring the records up to date and serve until `stop` is set.

    Args:
        home: of the exchange.
        stop: ends it.
        on_ready: called once calls are answered.
    """
    wall = WallClock()
    await asyncio.to_thread(migrate, home)
    store, vault = records.people(home), records.vault(home)
    core = await CoreClient.connect(home.core_socket)
    try:
        openings = Openings(store.accounts, core, listing.load())
        await openings.open_all()
        door = Door(
            store=store,
            people=People(store.people, vault, wall),
            sessions=Sessions(store.sessions, wall),
            keys=Keys(store, vault, wall),
            openings=openings,
        )
        await serve(site(site_routes(door)), home.site_socket, stop, on_ready)
    finally:
        await core.close()
