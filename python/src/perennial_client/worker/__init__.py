"""Serves tasks of Perennial whose bodies are in Python. Needs ``perennial-client[worker]``.

::

    from perennial_client.worker import Worker, context

    worker = Worker()


    @worker.task(name="texts.score")
    def score(text: str) -> float:
        context().log.info("scoring")
        return text.count("!") / len(text)

It is started with ``perennial-python worker -A shop.worker``.
"""

from .app import Worker
from .context import TaskContext, context
from .errors import (
    InvalidSettings,
    PermanentError,
    RetryableError,
    SoftTimeLimit,
    Stopped,
    TaskError,
    TemporaryError,
)

__all__ = [
    "InvalidSettings",
    "PermanentError",
    "RetryableError",
    "SoftTimeLimit",
    "Stopped",
    "TaskContext",
    "TaskError",
    "TemporaryError",
    "Worker",
    "context",
]
