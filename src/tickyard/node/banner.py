"""What a person sees when the exchange is ready."""

import os
import shutil
import sys
from pathlib import Path

from tickyard.node.home import Home
from tickyard.node.status import Status
from tickyard.users import DemoKey


def banner(home: Home, status: Status, key: DemoKey, *, is_detached: bool) -> str:
    """Return URLs, a key, a snippet to paste, and the next command."""
    if status.profile == "empty":
        market = "empty: no simulated participants, an order at any accepted price rests"
    else:
        market = f"{status.profile}, seed {status.seed}"
    command = _command()
    stop = "it runs in the background" if is_detached else "Ctrl-C stops it, nothing is lost"
    home_option = "" if home == Home.resolve() else f" --home {home.root}"
    return f"""
  Tickyard {status.version} is ready                       {stop}

    REST       {status.http}/api/v5            {status.https}/api/v5
    WebSocket  {status.ws}/{{public,private,business}}
               {status.wss}/{{public,private,business}}
    CA         {status.ca}
    state      {home.root} (kept until you delete it)
    market     {market}

    demo key   {key.name}
      apiKey      {key.api_key}
      secretKey   {key.secret_key}
      passphrase  {key.passphrase}
    more keys  {command} keys list

  Trade with ccxt (pip install ccxt):

    import ccxt
    okx = ccxt.okx({{
        'apiKey': '{key.api_key}', 'secret': '{key.secret_key}', 'password': '{key.passphrase}',
        'urls': {{'api': {{'rest': '{status.http}', 'ws': '{status.ws}'}}}},
    }})
    print(okx.create_order('BTC/USDT', 'market', 'buy', 0.01))
    print(okx.fetch_balance()['total'])

  Next       {command} status{home_option}
             {command} verify{home_option}
             {command} down{home_option}

  This is a demonstration with simulated money. It listens on this machine only; never expose its ports.
"""


def _command() -> str:
    """Return how this command line is called from where the reader stands."""
    if shutil.which("tickyard"):
        return "tickyard"
    return os.path.relpath(Path(sys.executable).parent / "tickyard")
