"""Bodies of an unchanged Celery application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, NoReturn

from celery import Celery
from celery._state import _task_stack
from celery.app.task import Task
from celery.exceptions import Retry, SoftTimeLimitExceeded

from .app import Worker
from .body import Body
from .context import context
from .errors import PermanentError, RetryableError


class CeleryWorker(Worker):
    """Serves those tasks of a Celery application that have a contract, under the names that Celery knows."""

    soft_error = SoftTimeLimitExceeded
    needs_contracts = False

    def __init__(self, app: Celery) -> None:
        super().__init__()
        app.loader.import_default_modules()
        app.finalize()
        for name, task in app.tasks.items():
            if not name.startswith("celery."):
                self.add(Body.of(name, _body_of(task), like=task.run))


def worker_of(value: Any) -> CeleryWorker | None:
    """Makes the worker of an application; ``None`` for any other value."""
    return CeleryWorker(value) if isinstance(value, Celery) else None


def _body_of(task: Any) -> Callable[..., Any]:
    # A class of the application may wrap each call, such as in the context of a web framework.
    call = task if type(task).__call__ is not Task.__call__ else task.run
    task.update_state = _update_state
    task.replace = _replace

    def body(*args: Any, **kwargs: Any) -> Any:
        current = context()
        _task_stack.push(task)
        task.push_request(
            id=current.task_id,
            args=args,
            kwargs=kwargs,
            retries=current.attempt - 1,
            headers=dict(current.headers),
            delivery_info={"routing_key": current.queue},
            called_directly=False,
            # Its `retry` then raises in place of sending a message.
            is_eager=True,
        )
        try:
            return call(*args, **kwargs)
        except Retry as retry:
            raise _retried(retry) from retry.exc
        finally:
            task.pop_request()
            _task_stack.pop()

    return body


def _retried(retry: Any) -> RetryableError:
    when = retry.when
    if isinstance(when, datetime):
        when = (when - datetime.now(when.tzinfo or timezone.utc)).total_seconds()
    reason = "the body asked for another attempt" if retry.exc is None else type(retry.exc).__name__
    return RetryableError(reason, retry_after=max(0.0, float(when or 0)))


def _update_state(task_id: str | None = None, state: str | None = None, meta: Any = None, **_: Any) -> None:
    context().progress({"state": state, "meta": meta})


def _replace(*_: Any, **__: Any) -> NoReturn:
    raise PermanentError("replace: a task whose body is in Python cannot be replaced by a canvas")
