"""Every metric that an exchange has; the reference is written from this list."""

from typing import Final

from tickyard.node.exposition import Measure

_WORKER: Final = ("role", "worker")

READY: Final = Measure("ready", "gauge", "1 when every process is ready")
COMMANDS: Final = Measure(
    "commands_total",
    "counter",
    "Commands in the journal; its rate is what the exchange carries out",
)
COMMANDS_APPENDED: Final = Measure(
    "core_commands_appended_total",
    "counter",
    "Commands that became durable since the core started",
)
COMMANDS_REFUSED: Final = Measure(
    "core_commands_refused_total",
    "counter",
    "Commands that were not admitted since the core started: no room (full), waited too long (late), expired",
    ("reason",),
)
COMMANDS_WAITING: Final = Measure(
    "core_commands_waiting",
    "gauge",
    "Commands in the queues before the journal, by class of admission",
    ("class",),
)
COMMITS: Final = Measure(
    "core_commit_seconds",
    "histogram",
    "How long commits to the journal took, sync included",
)
OPEN_ORDERS: Final = Measure("core_open_orders", "gauge", "Live orders")
TRIGGERS: Final = Measure("core_trigger_orders", "gauge", "Trigger orders that have not ended")
ACCOUNTS: Final = Measure("core_accounts", "gauge", "Accounts of users")
INSTRUMENTS: Final = Measure("core_instruments", "gauge", "Instruments")
PROJECTION_BEHIND: Final = Measure(
    "projection_behind_commands",
    "gauge",
    "Commands that tables of the read database have not seen: how far history lags behind",
    ("projection",),
)
CONNECTIONS: Final = Measure(
    "connections",
    "gauge",
    "Open connections of all workers together, of order entry and fan-out, by protocol",
    ("protocol",),
)
HTTP_CONNECTIONS: Final = Measure(
    "http_connections", "gauge", "Open HTTP connections of a worker", _WORKER
)
WEBSOCKETS: Final = Measure(
    "websockets", "gauge", "Open WebSocket connections of a worker", _WORKER
)
WEBSOCKETS_OPENED: Final = Measure(
    "websockets_opened_total",
    "counter",
    "WebSocket connections since the worker started; its rate shows clients that connect again and again",
    _WORKER,
)
ANSWERS: Final = Measure(
    "answers_total",
    "counter",
    "Answers of REST endpoints since the worker started, by class of status",
    (*_WORKER, "status"),
)
LOOP_LATE: Final = Measure(
    "loop_late_seconds",
    "gauge",
    "How late a worker's last beat was: what orders wait for when it is busy",
    _WORKER,
)
LOOP_LATE_MAX: Final = Measure(
    "loop_late_max_seconds", "gauge", "The latest beat since the worker started", _WORKER
)
CPU: Final = Measure("process_cpu_seconds_total", "counter", "Processor time of a process", _WORKER)
MEMORY: Final = Measure("process_resident_bytes", "gauge", "Memory in use by a process", _WORKER)
STARTED: Final = Measure(
    "process_started_seconds",
    "gauge",
    "When a process started, in seconds after the machine did; a change is a restart",
    _WORKER,
)
INDEX_VENUE_PAIRS: Final = Measure(
    "index_venue_pairs",
    "gauge",
    "Pairs whose index a venue has a part in; 0 when the venue is away, stale or an outlier",
    ("venue",),
)
INDEX_VENUES_LEAST: Final = Measure(
    "index_venues_least",
    "gauge",
    "Venues of the index that the fewest have a part in; 0 when some pair has no index",
)
INDEX_AGE: Final = Measure(
    "index_age_seconds", "gauge", "Age of the newest index prices, wall time"
)
FILES: Final = Measure("files_bytes", "gauge", "What parts of the home take on the disk", ("part",))
SNAPSHOT_AGE: Final = Measure(
    "snapshot_age_seconds",
    "gauge",
    "Age of the newest snapshot: a restart replays what came after",
)
DISK_FREE: Final = Measure("disk_free_bytes", "gauge", "Free on the disk of the home")

ALL: Final = (
    READY,
    COMMANDS,
    COMMANDS_APPENDED,
    COMMANDS_REFUSED,
    COMMANDS_WAITING,
    COMMITS,
    OPEN_ORDERS,
    TRIGGERS,
    ACCOUNTS,
    INSTRUMENTS,
    PROJECTION_BEHIND,
    CONNECTIONS,
    HTTP_CONNECTIONS,
    WEBSOCKETS,
    WEBSOCKETS_OPENED,
    ANSWERS,
    LOOP_LATE,
    LOOP_LATE_MAX,
    CPU,
    MEMORY,
    STARTED,
    INDEX_VENUE_PAIRS,
    INDEX_VENUES_LEAST,
    INDEX_AGE,
    FILES,
    SNAPSHOT_AGE,
    DISK_FREE,
)
