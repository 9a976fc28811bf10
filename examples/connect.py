"""How every example reaches the exchange: the addresses and the demo key that `tickyard up` prints, asked of `tickyard` itself."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import ccxt
import ccxt.pro

TICKYARD = os.environ.get("TICKYARD", str(Path(sys.executable).with_name("tickyard")))


def exchange(kind: Any = ccxt.okx, key: str = "alice") -> Any:
    """Make a client of ccxt for a demo account."""
    return kind(settings(key))


def settings(key: str) -> dict[str, Any]:
    """Return what ccxt wants to know."""
    status, secret = _ask("status"), _ask("keys", "show", key)
    return {
        "apiKey": secret["apiKey"],
        "secret": secret["secretKey"],
        "password": secret["passphrase"],
        "urls": {"api": {"rest": status["http"], "ws": status["ws"]}},
    }


def _ask(*arguments: str) -> dict[str, Any]:
    command = [TICKYARD, *arguments, "-o", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{done.stderr}Start the exchange with: tickyard up")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
