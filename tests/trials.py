"""`tickyard try` of every client, from PyPI, on a market that lives: `python -m tests.trials [CLIENT ...]`."""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.exchange import COMMAND, Exchange

from tickyard.node.trial import CLIENTS


def main() -> int:
    """Try them one after the other; exit 1 when one did not get through."""
    failed = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Exchange(Path(folder) / "home", profile="living") as exchange,
    ):
        for name in sys.argv[1:] or CLIENTS:
            done = subprocess.run(
                (*COMMAND, "try", name, "--home", str(exchange.home)), check=False
            )
            if done.returncode:
                failed.append(name)
    sys.stdout.write(f"failed: {', '.join(failed) or 'none'}\n")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
