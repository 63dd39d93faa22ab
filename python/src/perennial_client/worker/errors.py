"""What a body raises to say whether another attempt may help, and what stops a body."""

from __future__ import annotations

from ..errors import PerennialError


class TaskError(PerennialError):
    """A failure of Perennial's registry, or of the application (``defineFailures``), by its type.

    Args:
        kind: Type of the failure, such as ``OutOfStock``; its class says whether the task is tried again.
        message: For people: what was expected, what was found. Histories show it, so it has no contents and addresses.
        retry_after: Seconds after which another attempt may help, where the other side said so.
    """

    def __init__(self, kind: str, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.retry_after = retry_after


class PermanentError(TaskError):
    """No other attempt would help: the task has failed."""

    def __init__(self, message: str) -> None:
        super().__init__("PermanentError", message)


class TemporaryError(TaskError):
    """Another attempt may help: the task is tried again by its retry rule."""

    def __init__(self, message: str) -> None:
        super().__init__("TemporaryError", message)


class RetryableError(TaskError):
    """The task is tried again after ``retry_after`` seconds."""

    def __init__(self, message: str, *, retry_after: float = 60.0) -> None:
        super().__init__("RetryableError", message, retry_after=retry_after)


class SoftTimeLimit(Exception):
    """Raised inside a body when its soft time limit has passed. A body may catch it to clean up, or to return."""


class Stopped(BaseException):
    """Raised inside a body whose task was revoked, or whose worker stops. It is no ``Exception``: few catch it."""


class InvalidSettings(PerennialError):
    """The worker cannot be started as it is; the message has everything that is wrong."""
