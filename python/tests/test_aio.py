"""The HTTP client for an event loop against a running stack."""

import asyncio
import time

import pytest
from conftest import ADMIN_KEY, URL

from perennial_client import (
    AsyncPerennial,
    Conflict,
    InvalidInput,
    NotFound,
    ResultTimeout,
    TaskFailed,
    TaskRevoked,
    Unreachable,
    WrongKey,
)


def test_many_tasks_at_once() -> None:
    async def add_all() -> list[int]:
        async with AsyncPerennial(URL, ADMIN_KEY) as perennial:
            add = perennial.task("samples.add")
            tasks = await asyncio.gather(*(add.delay(n, n) for n in range(10)))
            return await asyncio.gather(*(task.get(timeout=30) for task in tasks))

    assert asyncio.run(add_all()) == [2 * n for n in range(10)]


def test_state_revocation_and_time_out() -> None:
    async def look() -> None:
        async with AsyncPerennial(URL, ADMIN_KEY) as perennial:
            task = await perennial.task("samples.add").apply_async((1, 2), countdown=3600)
            assert (await task.state(), await task.ready()) == ("PENDING", False)
            with pytest.raises(ResultTimeout):
                await task.get(timeout=0.2)
            await task.revoke()
            with pytest.raises(TaskRevoked):
                await task.get(timeout=20)
            assert (await task.successful(), await task.failed()) == (False, False)
            with pytest.raises(Conflict):
                await perennial.revoke((await ended(perennial)).id)

    async def ended(perennial: AsyncPerennial) -> object:
        task = await perennial.task("samples.add").delay(1, 2)
        assert await task.get(timeout=20) == 3
        task.forget()
        assert (await task.status()).result == 3
        return task

    asyncio.run(look())


def test_canvases_and_children() -> None:
    async def run() -> None:
        async with AsyncPerennial(URL, ADMIN_KEY) as perennial:
            run = await perennial.run_canvas({"task": "samples.addOne", "args": ["one"]})
            with pytest.raises(TaskFailed, match="data: expected number"):
                await run.get(timeout=20)
            task = await perennial.task("samples.sumOfSquares").delay([1, 2])
            assert await task.get(timeout=20) == 5
            deadline = time.monotonic() + 20
            while not (children := await task.children()) and time.monotonic() < deadline:
                await asyncio.sleep(0.1)
            assert task.id not in [child.id for child in children]
            assert children

    asyncio.run(run())


def test_errors_are_those_of_the_other_client() -> None:
    async def fail() -> None:
        async with AsyncPerennial(URL, ADMIN_KEY) as perennial:
            with pytest.raises(InvalidInput, match=r"input\.b"):
                await perennial.task("samples.add").delay(1, "two")
            with pytest.raises(NotFound):
                await perennial.result("no-such-id").get(timeout=10)
        async with AsyncPerennial(URL, "a-key-that-nobody-has") as perennial:
            with pytest.raises(WrongKey):
                await perennial.task("samples.add").delay(1, 2)
            assert "nobody" not in repr(perennial)
        async with AsyncPerennial("http://127.0.0.1:9", ADMIN_KEY) as perennial:
            with pytest.raises(Unreachable):
                await perennial.task("samples.add").delay(1, 2)

    asyncio.run(fail())
