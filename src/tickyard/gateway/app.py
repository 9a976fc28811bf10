"""The gateway of one worker: everything that slices contribute, and the state they share."""

from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version

from tickyard.base.clock import Clock
from tickyard.engine import Counters
from tickyard.gateway.channels import Channel, Topics
from tickyard.gateway.heartbeat import Heartbeat
from tickyard.gateway.keys import KeyStore
from tickyard.gateway.limits import Limits
from tickyard.gateway.openapi import Shape, document
from tickyard.gateway.operations import Operations
from tickyard.gateway.pages import pages
from tickyard.gateway.rest import Rest
from tickyard.gateway.route import Operation, Route
from tickyard.gateway.runner import Runner
from tickyard.gateway.shares import Shares
from tickyard.gateway.signature import Signatures
from tickyard.gateway.site_proxy import SiteProxy
from tickyard.gateway.subscriptions import Switchboard


def _always() -> bool:
    return True


class Gateway:
    """What a `Server` serves. Made once per worker process by whoever knows all slices."""

    def __init__(
        self,
        *,
        routes: Iterable[Route],
        operations: Iterable[Operation],
        channels: Iterable[Channel],
        topics: Topics,
        keys: KeyStore,
        wall: Clock,
        exchange: Clock,
        worker: int = 0,
        is_ready: Callable[[], bool] = _always,
        site: SiteProxy | None = None,
        shapes: Mapping[str, Shape] | None = None,
        counters: Counters | None = None,
    ) -> None:
        """Put the contributions together.

        Args:
            routes: REST endpoints of all slices.
            operations: WebSocket operations of all slices.
            channels: WebSocket channels of all slices.
            topics: through which the channels publish.
            keys: the API keys.
            wall: for signatures, idle limits and `inTime`.
            exchange: for `expTime`, and as the other clock of signatures.
            worker: number of this worker, so that names of connections differ between workers.
            is_ready: what /readyz tells.
            site: where requests go that are not the API's; None when there are no pages.
            shapes: what routes take and give, for the OpenAPI document.
            counters: where calls are counted, over all workers; None to limit nothing.
        """
        self.routes, operations = tuple(routes), tuple(operations)
        self.wall = wall
        self.worker = worker
        self.heartbeat = Heartbeat(wall)
        self.runner = Runner()
        shares = Shares()
        self.limits = Limits(counters, self.routes, operations)
        self.signatures = Signatures(keys, wall=wall, exchange=exchange)
        self.rest = Rest(
            self.routes,
            pages=pages(
                is_ready, lambda: document(self.routes, shapes or {}, version=version("tickyard"))
            ),
            site=site,
            signatures=self.signatures,
            shares=shares,
            limits=self.limits,
            wall=wall,
            exchange=exchange,
            runner=self.runner,
        )
        self.operations = Operations(
            operations,
            shares=shares,
            limits=self.limits,
            wall=wall,
            exchange=exchange,
            runner=self.runner,
        )
        self.switchboard = Switchboard(
            channels, topics, self.runner, counts_connections=counters is not None
        )
