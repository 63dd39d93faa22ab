"""The Celery application whose tasks Perennial runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar

from celery import Celery
from celery.utils import uuid
from kombu.utils import json

from .. import errors
from ..client import Perennial as Client
from . import compositions
from .backend import PerennialBackend
from .errors import NotSupported, Unreachable
from .options import sent_options

_REDIS = ("redis:", "rediss:", "sentinel:")
_Value = TypeVar("_Value")


class Perennial(Celery):
    """A Celery application whose tasks and canvases run in Perennial.

    Everything of Celery that starts tasks works: ``delay``, ``apply_async``, ``send_task``, ``chain``, ``group``,
    ``chord``, ``map``, ``starmap`` and ``chunks``. Results are Celery's own classes. Workers are Perennial's.

    Args:
        base_url: Address of the API; default ``PERENNIAL_URL`` of the environment.
        api_key: Key of an administrator; default ``PERENNIAL_API_KEY`` of the environment.
        priority_scale: What the numbers of ``priority`` mean: ``rabbitmq`` (0 to 9, 9 first), ``redis`` (0 to 9, 0
            first) or ``perennial`` (1 to 10, 10 first). Default: that of the broker in the configuration, which is
            not used otherwise.
    """

    control_cls = "perennial_client.celery.control:PerennialControl"

    def __init__(
        self,
        main: str | None = None,
        *args: Any,
        base_url: str | None = None,
        api_key: str | None = None,
        priority_scale: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(main, *args, **kwargs)
        compositions.install()
        self._base_url = base_url
        self._api_key = api_key
        self._priority_scale = priority_scale
        self._client: Client | None = None
        self._client_pid = 0

    @property
    def client(self) -> Client:
        """The connection to the API. Each process has its own, because a connection must not be shared by a fork."""
        if self._client is None or self._client_pid != os.getpid():
            url = self._base_url or os.environ.get("PERENNIAL_URL")
            if not url:
                raise ValueError("base_url: expected the address of Perennial's API, here or as PERENNIAL_URL")
            self._client = Client(url, self._api_key or os.environ.get("PERENNIAL_API_KEY"))
            self._client_pid = os.getpid()
        return self._client

    @property
    def priority_scale(self) -> str:
        if self._priority_scale is not None:
            return self._priority_scale
        return "redis" if str(self.conf.broker_url or "").startswith(_REDIS) else "rabbitmq"

    def send_task(
        self,
        name: str,
        args: Sequence[Any] | None = None,
        kwargs: Mapping[str, Any] | None = None,
        countdown: float | None = None,
        eta: Any = None,
        task_id: str | None = None,
        producer: Any = None,
        connection: Any = None,
        router: Any = None,
        result_cls: Callable[[str], Any] | None = None,
        *,
        task_type: Any = None,
        **options: Any,
    ) -> Any:
        """Starts a task by its name; see :meth:`celery.Celery.send_task`. What belongs to a broker is ignored."""
        if options.get("chain") or options.get("chord"):
            raise NotSupported("send_task has no options 'chain' and 'chord'; build the canvas with celery.chain")
        task_id = task_id or uuid()
        given = {**options, "countdown": countdown, "eta": eta, "task_id": task_id}
        defaults = {} if task_type is not None else self.options_of(name)
        signature = {
            "task": name,
            "args": list(args or ()),
            "kwargs": dict(kwargs or {}),
            "options": {**defaults, **sent_options(given)},
            "subtask_type": None,
            "immutable": False,
        }
        self.start_canvas(signature)
        result = (result_cls or self.AsyncResult)(task_id)
        result.ignored = options.get("ignore_result")
        return result

    def options_of(self, name: str) -> dict[str, Any]:
        """Options that the decorator of a task gives it, such as ``@app.task(priority=3)``."""
        task = self._tasks.get(name)
        if task is None:
            return {}
        return sent_options({**task._get_exec_options(), "ignore_result": task.ignore_result or None})

    def start_canvas(
        self,
        canvas: Mapping[str, Any],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> str:
        """Posts a signature as Celery writes it; returns the id of the run."""
        call = {
            "canvas": canvas,
            "args": list(args),
            "kwargs": dict(kwargs or {}),
            "options": dict(options or {}),
            "priorityScale": self.priority_scale,
        }
        body: str = json.dumps(call)  # type: ignore[no-untyped-call]  # kombu has no types
        return self.reach(lambda: self.client.start_canvas(body.encode()))

    def reach(self, ask: Callable[[], _Value]) -> _Value:
        """Calls the API; an API that gives no answer raises the error that Celery has for a broker."""
        try:
            return ask()
        except errors.Unreachable as error:
            raise Unreachable(str(error)) from error

    def _get_backend(self) -> PerennialBackend:
        return PerennialBackend(app=self)

    @property
    def Worker(self) -> NoReturn:  # noqa: N802 - Celery's name
        raise NotSupported(
            "Perennial's own workers run the tasks: start them with `perennial worker`, and for bodies "
            "in Python with `perennial-python worker -A MODULE`."
        )
