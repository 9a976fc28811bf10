"""A PostgreSQL server of the tests' own: in a temporary folder, on a Unix socket, without syncs."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tickyard.engine.postgres import Address, PostgresDatabase

_USER = "tickyard"
_DEBIAN = "/usr/lib/postgresql"
_SETTINGS = "-c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=50"


class PostgresServer:
    """Runs from `start` to `stop`; what it holds stays meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._data = folder / "data"
        self._schemas = count(1)
        # A server refuses to run as root.
        self._owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if self._owner is not None:
            os.chown(folder, self._owner.pw_uid, self._owner.pw_gid)
        self._run(
            "initdb", "-D", str(self._data), "-A", "trust", "-U", _USER, "--no-sync", "-E", "UTF8"
        )
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-k {self.folder} {_SETTINGS}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self._data), "-w", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        """Stop it as a crash would."""
        self._run("pg_ctl", "-D", str(self._data), "-w", "-m", "immediate", "stop")

    def address(self, schema: str = "") -> str:
        """Return an address as settings have it, of a schema that no other test has."""
        schema = schema or f"home_{next(self._schemas)}"
        return f"postgresql://{_USER}@/postgres?host={self.folder}&schema={schema}"

    def database(self, home: Path) -> PostgresDatabase:
        """Return room for the tables of a home."""
        return PostgresDatabase(home, Address.parse(self.address()))

    def _run(self, program: str, *arguments: str) -> None:
        owner = self._owner
        done = subprocess.run(
            [_binary(program), *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            user=owner and owner.pw_uid,
            group=owner and owner.pw_gid,
            extra_groups=[] if owner else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{program}: {done.stderr}"


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a server, and remove it with all that it holds."""
    # Not in a folder of pytest, into which no other user may look.
    with tempfile.TemporaryDirectory(prefix="tickyard-postgres-") as folder:
        server = PostgresServer(Path(folder))
        try:
            yield server
        finally:
            server.stop()


def _binary(program: str) -> str:
    places = [str(path) for path in sorted(Path(_DEBIAN).glob("*/bin"), reverse=True)]
    found = shutil.which(program) or shutil.which(program, path=os.pathsep.join(places))
    assert found is not None, f"{program} was not found: tools/needs.sh installs PostgreSQL"
    return found
