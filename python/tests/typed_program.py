"""A program whose types are checked against the installed package; it is never run."""

from typing_extensions import assert_type

from perennial_client import AsyncPerennial, AsyncResult, AwaitableResult, FieldError, InvalidInput, Perennial

perennial = Perennial("http://localhost:8080")
assert_type(perennial.task("samples.add").delay(1, 2), AsyncResult)
task = perennial.task("samples.add").apply_async((1, 2), countdown=1, headers={"a": 1})
assert_type(task.state, str)
assert_type(task.children(), list[AsyncResult])
perennial.task("samples.add").apply_async((1, 2), countdown="1")  # type: ignore[arg-type]
perennial.task("samples.add").apply_async((1, 2), count_down=1)  # type: ignore[call-arg]


def fields(error: InvalidInput) -> tuple[FieldError, ...]:
    return error.errors


async def start(client: AsyncPerennial) -> None:
    assert_type(await client.task("samples.add").delay(1, 2), AwaitableResult)
