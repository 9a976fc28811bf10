"""Processes of an exchange: what they keep of the supervisor, and how their end is told."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tickyard.node import process


async def _run(
    tmp_path: Path, serve: Callable[[Sequence[str]], object], *inherited: int
) -> tuple[int, str]:
    with (tmp_path / "log").open("ab") as output:
        child = process.start(
            process.Plan(
                arguments=("role", "--option"),
                output=output.fileno(),
                inherited=inherited,
                ready=-1,
                variables={},
                nice=0,
            ),
            serve,
        )
    async with asyncio.timeout(10):
        code = await child.wait()
    return code, (tmp_path / "log").read_text()


async def test_a_child_runs_with_its_arguments_and_writes_its_log(tmp_path: Path) -> None:
    assert await _run(tmp_path, print) == (0, "('role', '--option')\n")


async def test_its_exit_status_is_told(tmp_path: Path) -> None:
    assert await _run(tmp_path, lambda _: sys.exit(3)) == (3, "")
    assert await _run(tmp_path, lambda _: sys.exit()) == (0, "")


async def test_what_it_dies_of_is_in_its_log(tmp_path: Path) -> None:
    code, said = await _run(tmp_path, lambda _: [].pop())
    assert code == 1
    assert said.splitlines()[-1] == "IndexError: pop from empty list"


async def test_what_it_dies_of_is_told_also_where_its_log_has_no_room() -> None:
    told, tell = os.pipe()
    full = os.open("/dev/full", os.O_WRONLY)
    plan = process.Plan(
        arguments=(), output=full, inherited=(tell,), ready=tell, variables={}, nice=0
    )
    child = process.start(plan, lambda _: [].pop())
    os.close(full)
    os.close(tell)
    async with asyncio.timeout(10):
        assert await child.wait() == 1
    with os.fdopen(told) as said:
        assert said.read().strip() == "IndexError: pop from empty list"


async def test_a_signal_that_ends_it_is_told_as_a_negative_number(tmp_path: Path) -> None:
    code, _ = await _run(tmp_path, lambda _: os.kill(os.getpid(), signal.SIGTERM))
    assert code == -signal.SIGTERM


async def test_it_keeps_what_is_named_and_nothing_else(tmp_path: Path) -> None:
    kept, other = os.pipe()

    def look(_: Sequence[str]) -> None:
        os.fstat(kept)
        try:
            os.fstat(other)
        except OSError:
            os.write(1, b"only what is named\n")

    try:
        assert await _run(tmp_path, look, kept) == (0, "only what is named\n")
    finally:
        os.close(kept)
        os.close(other)


async def test_no_signal_handler_of_the_supervisor_lives_in_it(tmp_path: Path) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, told.set)
    try:
        code, _ = await _run(tmp_path, lambda _: os.kill(os.getpid(), signal.SIGTERM))
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
    assert code == -signal.SIGTERM
    assert not told.is_set()


async def test_it_may_run_a_loop_of_its_own(tmp_path: Path) -> None:
    async def speak() -> None:
        await asyncio.sleep(0)
        os.write(1, b"spoken\n")

    assert await _run(tmp_path, lambda _: asyncio.run(speak())) == (0, "spoken\n")


async def test_it_is_killed_when_it_does_not_stop(tmp_path: Path) -> None:
    ready, say_ready = os.pipe()

    def deaf(_: Sequence[str]) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.write(say_ready, b"!")
        signal.pause()

    with (tmp_path / "log").open("ab") as output:
        plan = process.Plan(
            arguments=(),
            output=output.fileno(),
            inherited=(say_ready,),
            ready=say_ready,
            variables={},
            nice=0,
        )
        child = process.start(plan, deaf)
    await asyncio.to_thread(os.read, ready, 1)
    child.terminate()
    child.kill()
    async with asyncio.timeout(10):
        assert await child.wait() == -signal.SIGKILL
    # Nobody is left to be told.
    child.terminate()
    os.close(ready)
    os.close(say_ready)
