"""Examples, scripts of `tickyard try` and the code of the tutorial run as they are written."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.exchange import Exchange

from tickyard.node import status, trial
from tickyard.node.home import Home
from tickyard.users import demo_keys

EXAMPLES = sorted(Path("examples").glob("[0-9]*.py"))
BOT = Path("examples/03_a_bot.py")
SHOWN = {
    Path("docs/tutorial/a-bot-in-ten-minutes.md"): BOT,
    Path("docs/howto/use-trigger-orders.md"): Path("examples/04_trigger_orders.py"),
}
"""The example from which the code of a page is taken."""
HERE = ("ccxt", "python-okx")
"""Clients that the tests have; freqtrade is tried by `make long`."""


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs(exchange: Exchange, example: Path) -> None:
    arguments = ("2",) if example == BOT else ()
    done = subprocess.run(
        (sys.executable, str(example), *arguments),
        env={**os.environ, "TICKYARD_HOME": str(exchange.home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout


@pytest.mark.parametrize("name", HERE)
def test_a_client_can_be_tried(
    exchange: Exchange, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    now = status.read(Home(exchange.home))
    alice = next(key for key in demo_keys() if key.name == "alice")
    assert trial.run(Path(sys.executable), name, now, alice) == 0
    assert "cancel it" in capfd.readouterr().out


def test_trying_without_an_exchange_says_how_to_start_one(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "tickyard.node", "try", "ccxt", "--home", str(tmp_path))
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "tickyard up" in done.stderr


@pytest.mark.parametrize("page", SHOWN, ids=lambda path: path.stem)
def test_the_code_of_a_page_is_that_of_its_example(page: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    assert blocks
    for block in blocks:
        assert block in SHOWN[page].read_text()
