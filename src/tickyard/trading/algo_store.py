"""Trigger orders in the read database: how each is now, as the event that told it.

They are kept whether they have ended or not; live ones are asked of the core.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from tickyard.base.clock import NS_PER_MS
from tickyard.base.ids import AccountId, OrderId, Seq, TriggerId
from tickyard.engine.conditions import Conditions
from tickyard.engine.database import Connection
from tickyard.engine.events import EventBatch, TriggerChanged
from tickyard.engine.history import History
from tickyard.engine.projection import Table, delete_newer
from tickyard.engine.records import TriggerState
from tickyard.trading.filters import TriggerFilter

PROJECTION: Final = "triggers"
"""Names the cursor of the table; another shape needs another name."""

_TABLE: Final = (
    """CREATE TABLE IF NOT EXISTS triggers (
        trigger_id INTEGER PRIMARY KEY, account INTEGER NOT NULL, instrument INTEGER NOT NULL,
        kind INTEGER NOT NULL, state INTEGER NOT NULL, parent INTEGER NOT NULL,
        client_id TEXT NOT NULL, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
        record BLOB NOT NULL)""",
    # 3 to 5 are the states of those that have ended; an index takes no parameters.
    "CREATE INDEX IF NOT EXISTS triggers_done ON triggers (account, trigger_id) WHERE state >= 3",
    """CREATE INDEX IF NOT EXISTS triggers_by_client_id ON triggers (account, client_id, trigger_id)
        WHERE client_id <> ''""",
    "CREATE INDEX IF NOT EXISTS triggers_by_parent ON triggers (parent) WHERE parent <> 0",
)
_SAVE: Final = (
    "INSERT INTO triggers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (trigger_id) DO UPDATE"
    " SET state = excluded.state, updated_ms = excluded.updated_ms, record = excluded.record"
)
_ENDED: Final = int(TriggerState.EFFECTIVE)


class TriggersProjection:
    """Stores trigger orders."""

    name: Final = PROJECTION
    tables: Final = (Table("triggers", older="updated_ms <= :since_ms"),)

    def migrate(self, connection: Connection) -> None:
        """Create the table if it is not there."""
        for statement in _TABLE:
            connection.execute(statement)

    def rewind(self, connection: Connection, since: Mapping[str, int]) -> int:
        """Delete what came from the events that are kept; each event tells all of its trigger order."""
        return delete_newer(connection, self.tables, since)

    def apply(self, connection: Connection, batch: EventBatch) -> None:
        """Store how each is after the batch."""
        changed = {
            event.trigger_id: event for event in batch.events if isinstance(event, TriggerChanged)
        }
        connection.executemany(_SAVE, [_row(event) for event in changed.values()])


class TriggerStore:
    """Reads what the projection has stored."""

    def __init__(self, history: History) -> None:
        self._history = history

    async def find(
        self, account: AccountId, seq: Seq, trigger_id: TriggerId | None, client_id: str
    ) -> TriggerChanged | None:
        """Find one that has ended by its id, else the newest one of a client id."""
        conditions = Conditions("account = ?", account)
        if trigger_id is None:
            conditions.add("client_id <> '' AND client_id = ?", client_id)
        else:
            conditions.add("trigger_id = ?", trigger_id)
        found = await self._done(seq, conditions, 1)
        return found[0] if found else None

    async def done(
        self, account: AccountId, seq: Seq, wanted: TriggerFilter, *, since_ms: int
    ) -> Sequence[TriggerChanged]:
        """List those that ended at `since_ms` or later, newest first."""
        conditions = Conditions("account = ?", account)
        conditions.add("updated_ms >= ?", since_ms)
        conditions.add("state = ?", wanted.state)
        conditions.add("trigger_id = ?", wanted.trigger_id)
        conditions.add("instrument = ?", wanted.instrument)
        conditions.add("trigger_id < ?", wanted.older_than)
        conditions.add("trigger_id > ?", wanted.newer_than)
        conditions.among("kind", wanted.kinds)
        return await self._done(seq, conditions, wanted.limit)

    async def attached(
        self, account: AccountId, seq: Seq, orders: Sequence[OrderId]
    ) -> Sequence[TriggerChanged]:
        """List what is or was attached to some orders, whether it has ended or not, oldest first."""
        conditions = Conditions("account = ?", account)
        conditions.require("parent <> 0")
        conditions.among("parent", orders)
        query = f"SELECT record FROM triggers WHERE {conditions.text} ORDER BY trigger_id"  # noqa: S608  # no value is in it
        return await self._rows(seq, query, conditions.values)

    async def _done(self, seq: Seq, conditions: Conditions, limit: int) -> list[TriggerChanged]:
        conditions.require(f"state >= {_ENDED}")
        query = (
            f"SELECT record FROM triggers WHERE {conditions.text}"  # noqa: S608  # no value is in it
            " ORDER BY trigger_id DESC LIMIT ?"
        )
        return await self._rows(seq, query, (*conditions.values, limit))

    async def _rows(self, seq: Seq, query: str, values: Sequence[object]) -> list[TriggerChanged]:
        rows = await self._history.read(
            PROJECTION,
            seq,
            lambda connection: connection.execute(query, tuple(values)).fetchall(),
        )
        return [msgspec.msgpack.decode(record, type=TriggerChanged) for (record,) in rows]


def _row(event: TriggerChanged) -> tuple[Any, ...]:
    return (
        event.trigger_id,
        event.account,
        event.instrument,
        event.kind,
        event.state if event.has_lived else TriggerState.ATTACHED,
        event.parent,
        event.client_id.decode(),
        event.created_ns // NS_PER_MS,
        event.time_ns // NS_PER_MS,
        msgspec.msgpack.encode(event),
    )
