"""Errors of the client: what the API refuses, what cannot be reached, and how tasks end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class PerennialError(Exception):
    """Base of every error of this package."""


class Unreachable(PerennialError):
    """The API gave no answer: nothing listens there, the connection broke, or the time was over."""


class ResultTimeout(PerennialError, TimeoutError):
    """The task did not end within the time given. It goes on, and its result can be asked for again."""

    def __init__(self, task_id: str, seconds: float) -> None:
        super().__init__(f"No result of '{task_id}' within {seconds:g} s; the task goes on.")
        self.task_id = task_id
        self.seconds = seconds


class TaskFailed(PerennialError):
    """The task failed for good.

    Attributes:
        exc_type: Name of the failure, such as ``InvalidInput``.
        traceback: Stack of the last attempt, where one is known.
    """

    def __init__(self, task_id: str, exc_type: str, message: str, traceback: str | None = None) -> None:
        super().__init__(f"{exc_type}: {message}")
        self.task_id = task_id
        self.exc_type = exc_type
        self.message = message
        self.traceback = traceback


class TaskRevoked(PerennialError):
    """The task was revoked, or expired before it began."""

    def __init__(self, task_id: str, reason: str) -> None:
        super().__init__(f"The task '{task_id}' was revoked: {reason}")
        self.task_id = task_id
        self.reason = reason


@dataclass(frozen=True)
class FieldError:
    """One wrong field of a request."""

    field: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.field}: expected {self.expected}, got {self.got}"


class ApiError(PerennialError):
    """The API refused a request.

    Attributes:
        status: Status code of HTTP.
        title: What kind of error it is.
        detail: What is wrong this time.
        failure: Name of the failure in Perennial's registry, where it is one.
        remedy: What to do about it, where the API says so.
        errors: Each wrong field.
        instance: Id under which the log of the API holds the request, where there is one.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        failure = problem.get("failure") or {}
        self.status = status
        self.title = str(problem.get("title", ""))
        self.detail = str(problem.get("detail", ""))
        self.failure: str | None = failure.get("type")
        self.remedy: str | None = failure.get("remedy")
        self.errors: tuple[FieldError, ...] = tuple(
            FieldError(str(error["field"]), str(error["expected"]), str(error["got"]))
            for error in problem.get("errors") or []
        )
        self.instance: str | None = problem.get("instance")
        super().__init__(f"{status} {self.detail or self.title}")


class InvalidInput(ApiError):
    """Arguments or options are wrong: ``errors`` names each field, what was expected and what came."""


class WrongKey(ApiError):
    """The API key is missing or wrong."""


class Forbidden(ApiError):
    """The key may not do this, or the task may not be started from outside: it is not ``external``."""


class NotFound(ApiError):
    """No task or canvas has this id."""


class UnknownTask(ApiError):
    """No task has this name."""


class UnknownQueue(ApiError):
    """No worker serves a queue of this name; the message lists those that are served."""


class Conflict(ApiError):
    """The id or key belongs to other content, or what was asked is not possible in this state."""


class Unavailable(ApiError):
    """The API cannot do this at the moment.

    Attributes:
        retry_after: Seconds after which to try again, where the API says so.
    """

    retry_after: float | None = None


_BY_STATUS: Mapping[int, type[ApiError]] = {
    400: InvalidInput,
    401: WrongKey,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    422: InvalidInput,
    429: Unavailable,
    503: Unavailable,
}
_BY_FAILURE: Mapping[str, type[ApiError]] = {"UnknownQueue": UnknownQueue, "UnknownTask": UnknownTask}


def api_error(status: int, problem: Mapping[str, Any], retry_after: str | None = None) -> ApiError:
    """Makes the error of an answer: by its failure where that has a class of its own, else by its status."""
    error = ApiError(status, problem)
    kind = _BY_FAILURE.get(error.failure or "", _BY_STATUS.get(status, ApiError))
    if "fingerprints" in problem:
        # The status depends on how the other content was named: by a header or in the body.
        kind = Conflict
    made = kind(status, problem)
    if isinstance(made, Unavailable) and retry_after is not None and retry_after.isdigit():
        made.retry_after = float(retry_after)
    return made
