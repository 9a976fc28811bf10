"""Let freqtrade trade, with real orders: start the bot, wait until it has bought, left a stop-loss and sold, stop it.

Where and with which key: `TICKYARD_HTTP`, `_WS`, `_KEY`, `_SECRET`, `_PASSPHRASE`.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import ccxt

WITHIN_S = 240
PAIR = "BTC/USDT"
URLS = {"api": {"rest": os.environ["TICKYARD_HTTP"], "ws": os.environ["TICKYARD_WS"]}}
KEY, SECRET, PASSPHRASE = (
    os.environ[f"TICKYARD_{name}"] for name in ("KEY", "SECRET", "PASSPHRASE")
)
okx = ccxt.okx({"apiKey": KEY, "secret": SECRET, "password": PASSPHRASE, "urls": URLS})
PRICING = {"price_side": "other", "use_order_book": True, "order_book_top": 1}
CONFIG = {
    "max_open_trades": 1,
    "stake_currency": "USDT",
    "stake_amount": 100,
    "dry_run": False,
    "trading_mode": "spot",
    "entry_pricing": PRICING,
    "exit_pricing": PRICING,
    "exchange": {
        "name": "okx",
        "key": KEY,
        "secret": SECRET,
        "password": PASSPHRASE,
        "ccxt_config": {"urls": URLS},
        "ccxt_async_config": {},
        "pair_whitelist": [PAIR],
    },
    "pairlists": [{"method": "StaticPairList"}],
    "internals": {"process_throttle_secs": 2},
    "initial_state": "running",
}


def step(what: str, result: object) -> None:
    print(f"  ok  {what:<30} {result}", flush=True)


def wait_for_fill(side: str, since_ms: int, bot: subprocess.Popen[bytes]) -> dict:
    ends = time.monotonic() + WITHIN_S
    while time.monotonic() < ends and bot.poll() is None:
        for fill in okx.fetch_my_trades(PAIR, since=since_ms):
            if fill["side"] == side:
                return fill
        time.sleep(1)
    raise TimeoutError(f"no {side} fill" if bot.poll() is None else "the bot ended")


def stop_since(since_ms: int) -> dict:
    """Find the stop-loss that the bot left at the exchange, and cancelled when it sold."""
    for order in okx.fetch_canceled_orders(
        PAIR, params={"trigger": True, "ordType": "conditional"}
    ):
        if order["timestamp"] >= since_ms:
            return order
    raise TimeoutError("no stop-loss was left at the exchange")


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.json").write_text(json.dumps(CONFIG))
        program = str(Path(sys.executable).with_name("freqtrade"))
        userdir = ("--userdir", str(folder / "user_data"))
        subprocess.run([program, "create-userdir", *userdir], check=True, capture_output=True)
        since_ms = okx.fetch_time()
        step("exchange time", since_ms)
        with (folder / "bot.log").open("wb") as log:
            bot = subprocess.Popen(
                [
                    *(program, "trade", *userdir, "--config", str(folder / "config.json")),
                    *(
                        "--strategy",
                        "BuyAndSellAgain",
                        "--strategy-path",
                        str(Path(__file__).parent),
                    ),
                    *("--db-url", f"sqlite:///{folder / 'trades.sqlite'}"),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        step("freqtrade runs, dry_run false", f"process {bot.pid}")
        try:
            for what, side in (("it has bought", "buy"), ("it has sold again", "sell")):
                fill = wait_for_fill(side, since_ms, bot)
                step(what, f"{fill['amount']} BTC at {fill['price']} USDT, order {fill['order']}")
            stop = stop_since(since_ms)
            step(
                "its stop-loss was there", f"below {stop['stopLossPrice']} USDT, order {stop['id']}"
            )
        except TimeoutError as reason:
            print(f"  FAILED  {reason}; the bot said last:", file=sys.stderr)
            print("\n".join((folder / "bot.log").read_text().splitlines()[-15:]), file=sys.stderr)
            return 1
        finally:
            bot.send_signal(signal.SIGINT)
            bot.wait(30)
        step("it has stopped", f"exit status {bot.returncode}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
