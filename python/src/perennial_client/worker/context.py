"""What a body can ask about the attempt that it is."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class TaskContext:
    """One attempt at a task."""

    task: str
    task_id: str
    """Id by which the client finds the task."""
    workflow_id: str
    attempt: int
    """Number of the attempt, from 1."""
    queue: str
    tenant: str | None
    headers: Mapping[str, Any]
    """What the caller sent along beside the arguments."""
    last_progress: Any
    """What the attempt before told last; ``None`` without one."""
    log: logging.LoggerAdapter[logging.Logger]
    """Lines with name, id and attempt of the task."""
    progress: Callable[[Any], None]
    """Tells how far the body is, as JSON; the next attempt finds it in ``last_progress``."""
    is_stopping: Callable[[], bool]
    """Whether the task was revoked, its soft limit has passed, or the worker stops."""

    @property
    def idempotency_key(self) -> str:
        """The same in every attempt, another for every task: for services that do an effect once for each key."""
        return self.task_id


_current: ContextVar[TaskContext] = ContextVar("perennial_task")


def context() -> TaskContext:
    """Returns the attempt that the caller is part of. Raises LookupError outside of a body."""
    try:
        return _current.get()
    except LookupError:
        raise LookupError("context(): expected to be called inside the body of a task that a worker runs") from None


def enter(current: TaskContext) -> None:
    """Makes an attempt the current one of this context."""
    _current.set(current)
