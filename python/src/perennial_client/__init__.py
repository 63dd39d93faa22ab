"""Calls tasks of Perennial over HTTP. ``perennial_client.celery`` does so for a Celery application."""

from .aio import AsyncPerennial, AwaitableResult, AwaitableTask
from .client import AsyncResult, Perennial, Task
from .errors import (
    ApiError,
    Conflict,
    FieldError,
    Forbidden,
    InvalidInput,
    NotFound,
    PerennialError,
    ResultTimeout,
    TaskFailed,
    TaskRevoked,
    Unavailable,
    UnknownQueue,
    UnknownTask,
    Unreachable,
    WrongKey,
)
from .wire import Options, TaskInfo

__all__ = [
    "ApiError",
    "AsyncPerennial",
    "AsyncResult",
    "AwaitableResult",
    "AwaitableTask",
    "Conflict",
    "FieldError",
    "Forbidden",
    "InvalidInput",
    "NotFound",
    "Options",
    "Perennial",
    "PerennialError",
    "ResultTimeout",
    "Task",
    "TaskFailed",
    "TaskInfo",
    "TaskRevoked",
    "Unavailable",
    "UnknownQueue",
    "UnknownTask",
    "Unreachable",
    "WrongKey",
]
