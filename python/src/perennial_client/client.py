"""The client for programs without an event loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import monotonic, sleep
from types import TracebackType
from typing import TYPE_CHECKING, Any

import httpx

from . import wire
from .errors import ApiError, Unreachable
from .wire import KNOWN_WITHIN, Options, TaskInfo

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack


class Perennial:
    """A connection to the API of Perennial.

    Args:
        base_url: Address of the API, such as ``http://localhost:8080``.
        api_key: Key of an administrator (``ADMIN_API_KEY``), where the API has one.
        timeout: Seconds that a request may take.

    Example:
        >>> perennial = Perennial("http://localhost:8080", api_key)
        >>> perennial.task("samples.add").delay(1, 2).get(timeout=10)
        3
    """

    def __init__(self, base_url: str, api_key: str | None = None, *, timeout: float = 30.0) -> None:
        self.base_url = wire.base_url(base_url)
        headers = {} if api_key is None else {"Authorization": f"Bearer {api_key}"}
        self._http = httpx.Client(base_url=self.base_url, headers=headers, timeout=timeout)

    def __repr__(self) -> str:
        return f"Perennial({self.base_url!r})"

    def task(self, name: str) -> Task:
        """Returns a task by its name, which is looked up when it is called."""
        return Task(self, name)

    def result(self, task_id: str) -> AsyncResult:
        """Returns the result of a task or canvas that was started before, here or elsewhere."""
        return AsyncResult(self, task_id)

    def run_canvas(
        self,
        canvas: Mapping[str, Any],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        options: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> AsyncResult:
        """Starts a composition of tasks, given as Celery's JSON of a signature."""
        call = {"canvas": canvas, "args": args, "kwargs": kwargs or {}, "options": options or {}}
        return AsyncResult(self, self.start_canvas(wire.encode(call), idempotency_key))

    def start_canvas(self, body: bytes, idempotency_key: str | None = None) -> str:
        """Starts a canvas whose request is JSON already; returns the id of its run."""
        return str(self.send(wire.start_canvas(body, idempotency_key))["id"])

    def look(self, task_id: str, *, patience: float = 0.0) -> TaskInfo:
        """Returns where a task stands; waits up to ``patience`` seconds for an id to become known."""
        begun = monotonic()
        while True:
            try:
                return wire.task_info(self.send(wire.status(task_id)))
            except ApiError as error:
                if not wire.may_appear(error, begun, patience):
                    raise
            sleep(0.1)

    def revoke(self, task_id: str, *, terminate: bool = False) -> None:
        """Keeps a task from beginning; with ``terminate`` a running attempt is stopped as well."""
        self.send(wire.revoke(task_id, terminate))

    def send(self, request: wire.Request) -> Any:
        """Sends one request; returns the body of the answer."""
        try:
            response = self._http.request(
                request.method,
                request.path,
                content=request.body,
                params=request.query,
                headers={"Content-Type": "application/json", **request.headers},
            )
        except httpx.TransportError as error:
            raise Unreachable(f"{self.base_url} gave no answer: {error or type(error).__name__}") from error
        return wire.read(response)

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Task:
    """A task by its name."""

    def __init__(self, client: Perennial, name: str) -> None:
        self._client = client
        self.name = name

    def __repr__(self) -> str:
        return f"<Task {self.name}>"

    def delay(self, *args: Any, **kwargs: Any) -> AsyncResult:
        """Starts the task with these arguments."""
        return self.apply_async(args, kwargs)

    def apply_async(
        self, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None, **options: Unpack[Options]
    ) -> AsyncResult:
        """Starts the task. Raises InvalidInput, UnknownTask, Forbidden, Conflict, WrongKey, Unreachable."""
        answer = self._client.send(wire.execute(self.name, args, kwargs, **options))
        return AsyncResult(self._client, wire.started_task(answer))


class AsyncResult:
    """The result of a task that has been started. What it says comes from the server each time, until it is final."""

    def __init__(self, client: Perennial, task_id: str) -> None:
        self._client = client
        self._final: TaskInfo | None = None
        self.id = task_id

    def __repr__(self) -> str:
        return f"<AsyncResult: {self.id}>"

    def status(self) -> TaskInfo:
        """Returns all that is known. Raises NotFound for an id that nothing has."""
        return self._look()

    @property
    def state(self) -> str:
        """``PENDING``, ``STARTED``, ``RETRY``, ``SUCCESS``, ``FAILURE`` or ``REVOKED``."""
        return self._look().state

    @property
    def result(self) -> Any:
        """The result, the error of a task that did not succeed, or ``None`` before the end."""
        info = self._look()
        return info.error() or info.result

    @property
    def traceback(self) -> str | None:
        return self._look().traceback

    def ready(self) -> bool:
        return self._look().ready

    def successful(self) -> bool:
        return self.state == "SUCCESS"

    def failed(self) -> bool:
        return self.state == "FAILURE"

    def get(self, timeout: float | None = None, *, propagate: bool = True) -> Any:
        """Waits for the end and returns the result.

        Args:
            timeout: Seconds to wait at most; ``None`` waits for ever.
            propagate: ``False`` returns the error of a task that did not succeed.

        Raises:
            TaskFailed, TaskRevoked: The task did not succeed.
            ResultTimeout: It did not end in time.
        """
        for pause in wire.pauses(self.id, timeout):
            info = self._look(patience=KNOWN_WITHIN)
            if info.ready:
                return info.outcome() if propagate else info.error() or info.result
            sleep(pause)
        raise AssertionError("unreachable: pauses end by an error only")

    def revoke(self, *, terminate: bool = False) -> None:
        """Keeps the task from beginning; with ``terminate`` a running attempt is stopped as well."""
        self._client.revoke(self.id, terminate=terminate)

    def children(self) -> list[AsyncResult]:
        """Returns up to 500 tasks that this one started, as far as the index of the server knows them."""
        answer = self._client.send(wire.below(self.id))
        return [AsyncResult(self._client, found) for found in wire.ids_below(self.id, answer)]

    def forget(self) -> None:
        """Drops the copy of the result in this process; the server keeps it as long as its retention says."""
        self._final = None

    def _look(self, patience: float = 0.0) -> TaskInfo:
        if self._final is not None:
            return self._final
        info = self._client.look(self.id, patience=patience)
        if info.ready:
            self._final = info
        return info
