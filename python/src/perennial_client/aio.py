"""The client for programs with an event loop."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Mapping, Sequence
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any

import httpx

from . import wire
from .errors import ApiError, Unreachable
from .wire import KNOWN_WITHIN, Options, TaskInfo

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack


class AsyncPerennial:
    """As :class:`perennial_client.Perennial`, for ``async`` functions.

    Example:
        >>> async with AsyncPerennial("http://localhost:8080", api_key) as perennial:
        ...     task = await perennial.task("samples.add").delay(1, 2)
        ...     print(await task.get(timeout=10))
    """

    def __init__(self, base_url: str, api_key: str | None = None, *, timeout: float = 30.0) -> None:
        self.base_url = wire.base_url(base_url)
        headers = {} if api_key is None else {"Authorization": f"Bearer {api_key}"}
        self._http = httpx.AsyncClient(base_url=self.base_url, headers=headers, timeout=timeout)

    def __repr__(self) -> str:
        return f"AsyncPerennial({self.base_url!r})"

    def task(self, name: str) -> AwaitableTask:
        """Returns a task by its name, which is looked up when it is called."""
        return AwaitableTask(self, name)

    def result(self, task_id: str) -> AwaitableResult:
        """Returns the result of a task or canvas that was started before, here or elsewhere."""
        return AwaitableResult(self, task_id)

    async def run_canvas(
        self,
        canvas: Mapping[str, Any],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        options: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> AwaitableResult:
        """Starts a composition of tasks, given as Celery's JSON of a signature."""
        call = {"canvas": canvas, "args": args, "kwargs": kwargs or {}, "options": options or {}}
        answer = await self.send(wire.start_canvas(wire.encode(call), idempotency_key))
        return AwaitableResult(self, str(answer["id"]))

    async def look(self, task_id: str, *, patience: float = 0.0) -> TaskInfo:
        """Returns where a task stands; waits up to ``patience`` seconds for an id to become known."""
        begun = monotonic()
        while True:
            try:
                return wire.task_info(await self.send(wire.status(task_id)))
            except ApiError as error:
                if not wire.may_appear(error, begun, patience):
                    raise
            await sleep(0.1)

    async def revoke(self, task_id: str, *, terminate: bool = False) -> None:
        """Keeps a task from beginning; with ``terminate`` a running attempt is stopped as well."""
        await self.send(wire.revoke(task_id, terminate))

    async def send(self, request: wire.Request) -> Any:
        """Sends one request; returns the body of the answer."""
        try:
            response = await self._http.request(
                request.method,
                request.path,
                content=request.body,
                params=request.query,
                headers={"Content-Type": "application/json", **request.headers},
            )
        except httpx.TransportError as error:
            raise Unreachable(f"{self.base_url} gave no answer: {error or type(error).__name__}") from error
        return wire.read(response)

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class AwaitableTask:
    """A task by its name."""

    def __init__(self, client: AsyncPerennial, name: str) -> None:
        self._client = client
        self.name = name

    def __repr__(self) -> str:
        return f"<AwaitableTask {self.name}>"

    async def delay(self, *args: Any, **kwargs: Any) -> AwaitableResult:
        """Starts the task with these arguments."""
        return await self.apply_async(args, kwargs)

    async def apply_async(
        self, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None, **options: Unpack[Options]
    ) -> AwaitableResult:
        """Starts the task. Raises InvalidInput, UnknownTask, Forbidden, Conflict, WrongKey, Unreachable."""
        answer = await self._client.send(wire.execute(self.name, args, kwargs, **options))
        return AwaitableResult(self._client, wire.started_task(answer))


class AwaitableResult:
    """The result of a task that has been started."""

    def __init__(self, client: AsyncPerennial, task_id: str) -> None:
        self._client = client
        self._final: TaskInfo | None = None
        self.id = task_id

    def __repr__(self) -> str:
        return f"<AwaitableResult: {self.id}>"

    async def status(self) -> TaskInfo:
        """Returns all that is known. Raises NotFound for an id that nothing has."""
        return await self._look()

    async def state(self) -> str:
        """``PENDING``, ``STARTED``, ``RETRY``, ``SUCCESS``, ``FAILURE`` or ``REVOKED``."""
        return (await self._look()).state

    async def ready(self) -> bool:
        return (await self._look()).ready

    async def successful(self) -> bool:
        return await self.state() == "SUCCESS"

    async def failed(self) -> bool:
        return await self.state() == "FAILURE"

    async def get(self, timeout: float | None = None, *, propagate: bool = True) -> Any:
        """Waits for the end and returns the result; see :meth:`perennial_client.AsyncResult.get`."""
        for pause in wire.pauses(self.id, timeout):
            info = await self._look(patience=KNOWN_WITHIN)
            if info.ready:
                return info.outcome() if propagate else info.error() or info.result
            await sleep(pause)
        raise AssertionError("unreachable: pauses end by an error only")

    async def revoke(self, *, terminate: bool = False) -> None:
        """Keeps the task from beginning; with ``terminate`` a running attempt is stopped as well."""
        await self._client.revoke(self.id, terminate=terminate)

    async def children(self) -> list[AwaitableResult]:
        """Returns up to 500 tasks that this one started, as far as the index of the server knows them."""
        answer = await self._client.send(wire.below(self.id))
        return [AwaitableResult(self._client, found) for found in wire.ids_below(self.id, answer)]

    def forget(self) -> None:
        """Drops the copy of the result in this process; the server keeps it as long as its retention says."""
        self._final = None

    async def _look(self, patience: float = 0.0) -> TaskInfo:
        if self._final is not None:
            return self._final
        info = await self._client.look(self.id, patience=patience)
        if info.ready:
            self._final = info
        return info
