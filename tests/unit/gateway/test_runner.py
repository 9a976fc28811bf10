import asyncio

import pytest
from structlog.testing import capture_logs

from tickyard.gateway.runner import Runner


def unexpected(outcome: object) -> None:
    raise AssertionError(outcome)


both = pytest.mark.parametrize("is_direct", [True, False], ids=["direct", "task"])


@both
async def test_work_is_done_and_its_result_handed_over(*, is_direct: bool) -> None:
    loop = asyncio.get_running_loop()
    first: asyncio.Future[int] = loop.create_future()
    second: asyncio.Future[int] = loop.create_future()
    results: list[int] = []

    async def work() -> int:
        await asyncio.sleep(0)
        return await first + await second

    async with Runner() as runner:
        runner.start(work(), results.append, unexpected, is_direct=is_direct)
        first.set_result(1)
        await asyncio.sleep(0)
        second.set_result(2)
        await runner.drain(1)
    assert results == [3]


@both
async def test_what_is_awaited_may_fail_inside_the_work(*, is_direct: bool) -> None:
    awaited: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    results: list[str] = []

    async def work() -> str:
        try:
            await awaited
        except KeyError:
            return "caught"
        return "missed"

    async with Runner() as runner:
        runner.start(work(), results.append, unexpected, is_direct=is_direct)
        awaited.set_exception(KeyError())
        await runner.drain(1)
    assert results == ["caught"]


@both
async def test_what_the_work_raises_is_handed_over(*, is_direct: bool) -> None:
    errors: list[Exception] = []

    async def work() -> None:
        await asyncio.sleep(0)
        raise KeyError

    async with Runner() as runner:
        runner.start(work(), unexpected, errors.append, is_direct=is_direct)
        await runner.drain(1)
    assert [type(error) for error in errors] == [KeyError]


async def test_work_may_be_a_future_by_itself() -> None:
    results: list[int] = []
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    async with Runner() as runner:
        runner.start(future, results.append, unexpected, is_direct=True)
        future.set_result(1)
        await runner.drain(1)
    assert results == [1]


async def test_a_task_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tickyard.gateway.runner.WORK_S_MAX", 0)
    errors: list[Exception] = []
    never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    async with Runner() as runner:
        runner.start(never, unexpected, errors.append, is_direct=False)
        await runner.drain(1)
    assert [type(error) for error in errors] == [TimeoutError]


async def test_direct_work_begins_at_once_and_in_order() -> None:
    begun: list[int] = []

    async def work(number: int) -> None:
        begun.append(number)

    async with Runner() as runner:
        for number in range(3):
            runner.start(work(number), lambda _: None, unexpected, is_direct=True)
        assert begun == [0, 1, 2]


async def test_a_task_may_use_timeouts() -> None:
    results: list[bool] = []

    async def work() -> bool:
        try:
            async with asyncio.timeout(0):
                await asyncio.get_running_loop().create_future()
        except TimeoutError:
            return True
        return False

    async with Runner() as runner:
        runner.start(work(), results.append, unexpected, is_direct=False)
        await runner.drain(1)
    assert results == [True]


async def test_what_takes_too_long_is_cancelled_at_the_end() -> None:
    results: list[object] = []
    never: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def work() -> None:
        await never

    async with Runner() as runner:
        runner.start(work(), results.append, unexpected, is_direct=False)
        await runner.drain(0)
    assert results == []


async def test_a_bug_in_one_answer_ends_nothing_else() -> None:
    results: list[int] = []

    async def work() -> int:
        return 1

    def fails(_: int) -> None:
        raise ZeroDivisionError

    with capture_logs() as logged:
        async with Runner() as runner:
            runner.start(work(), fails, unexpected, is_direct=False)
            runner.start(work(), results.append, unexpected, is_direct=False)
            await runner.drain(1)
    assert results == [1]
    assert logged[0]["event"] == "answer.failed"
