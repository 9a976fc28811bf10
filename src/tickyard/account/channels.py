"""The private channels `account`, `balance_and_position` and `positions`."""

from collections.abc import Awaitable, Callable, Sequence

from msgspec import Struct, json

from tickyard.account.balances import Portfolio
from tickyard.account.model import Holding
from tickyard.account.streams import BalanceStreams, Changes, Listener
from tickyard.account.wire.balance import (
    FILLED,
    SNAPSHOT,
    TRANSFERRED,
    balance_and_position_row,
    balance_row,
)
from tickyard.account.wire.pushes import snapshot_frame, update_frame
from tickyard.account.wire.subscriptions import (
    ACCOUNT,
    BALANCE_AND_POSITION,
    POSITIONS,
    Stream,
    account_stream,
    balance_and_position_stream,
    positions_stream,
)
from tickyard.base.ids import AccountId
from tickyard.gateway.channels import Arg, Channel, Session, push
from tickyard.gateway.route import Caller
from tickyard.instruments.catalog import Catalog


class Subscription(Struct, frozen=True):
    """What the listeners of the three channels have in common."""

    stream: Stream
    session: Session
    arg: Arg

    @property
    def account(self) -> AccountId:
        """Whose balances it wants."""
        return self.stream.account

    @property
    def is_regular(self) -> bool:
        """Whether it wants a push every few seconds also when nothing happens."""
        return self.stream.is_regular


class BalanceListener(Subscription, frozen=True):
    """A subscription to `account`: all balances first, then those that change, with the totals."""

    def snapshot(self, found: Portfolio) -> None:
        """Send all that the trading wallet holds."""
        row = balance_row(found.trading, self._wanted(found.trading), found.time_ms, is_push=True)
        self.session.send(snapshot_frame(self.arg, [row]))

    def changed(self, found: Portfolio, changed: Sequence[Holding], changes: Changes) -> None:
        """Send the currencies that changed, also those that are gone."""
        del changes  # why does not matter here
        wanted = self._wanted(changed)
        if wanted:
            row = balance_row(found.trading, wanted, found.time_ms, is_push=True)
            self.session.send(update_frame(self.arg, [row]))

    def regular(self, found: Portfolio) -> None:
        """Send everything again."""
        self.snapshot(found)

    def _wanted(self, holdings: Sequence[Holding]) -> list[Holding]:
        symbol = self.stream.symbol
        return [holding for holding in holdings if symbol in ("", holding.asset.symbol)]


class MovementListener(Subscription, frozen=True):
    """A subscription to `balance_and_position`: balances first, then those that trades and transfers move.

    Its stream is never a regular one.
    """

    def snapshot(self, found: Portfolio) -> None:
        """Send all that the trading wallet holds."""
        self._send([balance_and_position_row(found.trading, found.time_ms, event=SNAPSHOT)])

    def changed(self, found: Portfolio, changed: Sequence[Holding], changes: Changes) -> None:
        """Send the balances that were moved; what orders hold is of no interest here."""
        del changed  # holds count in it
        if not changes.assets:
            return
        moved = [holding for holding in found.holdings if holding.asset.asset in changes.assets]
        event = FILLED if changes.trades else TRANSFERRED
        row = balance_and_position_row(moved, found.time_ms, event=event, trades=changes.trades)
        self._send([row])

    def regular(self, found: Portfolio) -> None:
        """Send nothing."""

    def _send(self, rows: list[object]) -> None:
        self.session.send(push(self.arg, json.encode(rows)))


class PositionListener(Subscription, frozen=True):
    """A subscription to `positions`: there are none, which is said again and again.

    A client that hears nothing for long takes the connection for dead.
    """

    def snapshot(self, found: Portfolio) -> None:
        """Send no positions."""
        del found  # holds no positions
        self.session.send(snapshot_frame(self.arg, []))

    def changed(self, found: Portfolio, changed: Sequence[Holding], changes: Changes) -> None:
        """Send nothing."""

    def regular(self, found: Portfolio) -> None:
        """Send no positions again."""
        self.snapshot(found)


class BalanceChannel:
    """One of the three channels."""

    def __init__(
        self,
        name: str,
        stream: Callable[[Arg, AccountId, Catalog], Stream],
        listener: Callable[[Stream, Session, Arg], Listener],
        catalog: Catalog,
        streams: BalanceStreams,
    ) -> None:
        self.name = name
        self.is_private = True
        self._stream = stream
        self._listener = listener
        self._catalog = catalog
        self._streams = streams

    def key(self, arg: Arg, caller: Caller | None) -> Stream:
        """Name the stream that is asked for."""
        assert caller is not None, "Invariant: private channels have a caller"
        return self._stream(arg, caller.account, self._catalog)

    def opened(
        self, key: Stream, session: Session, arg: Arg, caller: Caller | None
    ) -> Awaitable[None]:
        """Follow the account and send the snapshot."""
        del caller  # is in the key
        return self._streams.open(self.name, key, session, self._listener(key, session, arg))

    def closed(self, key: Stream, session: Session) -> None:
        """Forget the listener; the account stays followed."""
        self._streams.close(self.name, key, session)


def channels(catalog: Catalog, streams: BalanceStreams) -> list[Channel]:
    """List this slice's channels.

    Args:
        catalog: the listing.
        streams: made by the caller, who hands it every batch of the feed and keeps `run` running.
    """
    return [
        BalanceChannel(ACCOUNT, account_stream, BalanceListener, catalog, streams),
        BalanceChannel(
            BALANCE_AND_POSITION, balance_and_position_stream, MovementListener, catalog, streams
        ),
        BalanceChannel(POSITIONS, positions_stream, PositionListener, catalog, streams),
    ]
