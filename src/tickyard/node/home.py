"""The home folder: all state of one exchange. Copying it forks the exchange, deleting it resets it."""

import os
from pathlib import Path

import msgspec

HOME_VARIABLE = "TICKYARD_HOME"
DEFAULT_HOME = "~/.tickyard"


class Home(msgspec.Struct, frozen=True):
    """Where each part of the state lies. Only `create` touches the disk."""

    root: Path

    @classmethod
    def resolve(cls, given: str | os.PathLike[str] | None = None) -> "Home":
        """Return the home that was given, else that of the environment, else the default."""
        chosen = given or os.environ.get(HOME_VARIABLE) or DEFAULT_HOME
        return cls(Path(chosen).expanduser().absolute())

    def create(self) -> None:
        """Make the folders that are missing; only their owner may look inside."""
        for folder in (self.root, self.run, self.tls, self.read, self.records, self.keys):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root.chmod(0o700)

    @property
    def journal(self) -> Path:
        """Segments of the command log."""
        return self.root / "journal"

    @property
    def events(self) -> Path:
        """Segments of the events, derived from the log."""
        return self.root / "events"

    @property
    def snapshots(self) -> Path:
        """Snapshots of the core's state."""
        return self.root / "snapshots"

    @property
    def read(self) -> Path:
        """Databases of the read side; may be deleted and rebuilt."""
        return self.root / "read"

    @property
    def records(self) -> Path:
        """The database of people and their keys; nothing else holds what it holds."""
        return self.root / "records"

    @property
    def keys(self) -> Path:
        """Keys that encrypt what is in the records."""
        return self.root / "keys"

    @property
    def tls(self) -> Path:
        """The local certificate authority and the server's certificate."""
        return self.root / "tls"

    @property
    def run(self) -> Path:
        """Sockets, status and logs of the running processes."""
        return self.root / "run"

    @property
    def core_socket(self) -> Path:
        """Where the core host listens."""
        return self.run / "core.sock"

    def gateway_socket(self, number: int) -> Path:
        """Where an order-entry worker takes connections from the TLS process; counted from 1."""
        return self.run / f"gateway-{number}.sock"

    def fanout_socket(self, number: int) -> Path:
        """Where a fan-out worker takes connections from order-entry workers; counted from 1."""
        return self.run / f"fanout-{number}.sock"

    def vitals(self, role: str, number: int) -> Path:
        """Where a worker tells what it counts; counted from 1."""
        return self.run / f"{role}-{number}.vitals.sock"

    @property
    def site_socket(self) -> Path:
        """Where the process listens that serves pages and log-ins."""
        return self.run / "site.sock"

    @property
    def supervisor_lock(self) -> Path:
        """Held by the supervisor for as long as it lives."""
        return self.run / "supervisor.lock"

    @property
    def fee_day(self) -> Path:
        """The day, counted from 1970, on which fee levels were last found."""
        return self.root / "fee-day"

    @property
    def settings(self) -> Path:
        """What a person may choose for this home."""
        return self.root / "settings.toml"

    @property
    def status(self) -> Path:
        """What the supervisor last said of itself."""
        return self.run / "status.json"
