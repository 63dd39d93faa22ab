"""Requests to the API and what its answers mean, without any input or output."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal, TypedDict
from urllib.parse import quote
from uuid import UUID

import httpx

from .errors import ApiError, NotFound, PerennialError, ResultTimeout, TaskFailed, TaskRevoked, api_error

if TYPE_CHECKING:
    from typing_extensions import Unpack

#: States in which a task has ended.
READY_STATES = frozenset({"SUCCESS", "FAILURE", "REVOKED"})

#: Seconds within which an id is known everywhere: other processes of the API find calls of canvases by an index.
KNOWN_WITHIN = 2.0

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0


class Options(TypedDict, total=False):
    """Options of a call. Durations are in seconds, as in Celery."""

    countdown: float
    """Starts later; it excludes ``eta``."""
    eta: datetime | str
    """Starts at this time, which must not have passed."""
    expires: float | datetime | str
    """Is not begun any more after so many seconds, or after this time."""
    task_id: str
    """Id of the task; a second call with the same content is the first one."""
    idempotency_key: str
    """A second call of the task with the same key and content is the first one."""
    priority: int
    """1 to 10; 10 goes first."""
    queue: str
    region: str
    headers: Mapping[str, Any]
    """Sent along beside the arguments, readable by the task."""
    tenant: str
    tags: Sequence[str]
    limits: Sequence[Mapping[str, Any]]
    """Limits of rate and concurrency by key."""
    ignore_result: bool
    time_limit: float
    """Seconds after which an attempt is given up."""
    soft_time_limit: float
    """Seconds after which an attempt is told to stop."""
    link: Any
    """One or several signatures that are called with the result."""
    link_error: Any
    """One or several signatures that are called after the final failure."""
    on_failure: Literal["park"]
    """``park``: waits for a person in place of failing for good."""
    parked_for: float
    """Seconds that it waits then; 7 days if not given."""


#: Options whose name in the API differs.
_API_NAMES = {
    "task_id": "id",
    "ignore_result": "ignoreResult",
    "time_limit": "hardTimeLimit",
    "soft_time_limit": "softTimeLimit",
    "link_error": "linkError",
    "on_failure": "onFailure",
    "parked_for": "parkedFor",
}


@dataclass(frozen=True)
class Request:
    """One request to the API."""

    method: str
    path: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TaskInfo:
    """Where a task stands."""

    task_id: str
    task_name: str | None
    state: str
    result: Any
    traceback: str | None
    info: Any

    @property
    def ready(self) -> bool:
        return self.state in READY_STATES

    @property
    def reason(self) -> str:
        """Why a task was revoked."""
        reason = self.info.get("reason") if isinstance(self.info, Mapping) else None
        return str(reason or "no reason is known")

    def outcome(self) -> Any:
        """Returns the result. Raises TaskFailed or TaskRevoked when the task ended otherwise."""
        error = self.error()
        if error is not None:
            raise error
        return self.result

    def error(self) -> TaskFailed | TaskRevoked | None:
        if self.state == "REVOKED":
            return TaskRevoked(self.task_id, self.reason)
        if self.state != "FAILURE":
            return None
        info = self.info if isinstance(self.info, Mapping) else {}
        message = info.get("exc_message", self.result)
        return TaskFailed(self.task_id, str(info.get("exc_type", "Unexpected")), str(message), self.traceback)


def execute(name: str, args: Sequence[Any], kwargs: Mapping[str, Any] | None, **options: Unpack[Options]) -> Request:
    """Starts a task by name."""
    key = options.pop("idempotency_key", None)
    given = {_API_NAMES.get(option, option): value for option, value in options.items() if value is not None}
    body = {"task": name, "args": list(args), "kwargs": dict(kwargs or {}), **given}
    return Request("POST", "/v1/tasks", encode(body), _keyed(key))


def started_task(answer: Mapping[str, Any]) -> str:
    """Returns the id in the answer to :func:`execute`."""
    return str(answer["id"])


def _keyed(idempotency_key: str | None) -> dict[str, str]:
    return {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}


def start_canvas(body: bytes, idempotency_key: str | None = None) -> Request:
    """Starts a canvas, whose body is ``{"canvas": …, "args"?, "kwargs"?, "options"?, "priorityScale"?}``."""
    return Request("POST", "/v1/canvas", body, _keyed(idempotency_key))


def status(task_id: str) -> Request:
    return Request("GET", f"/v1/tasks/{quote(task_id, safe='')}")


def task_info(answer: Mapping[str, Any]) -> TaskInfo:
    return TaskInfo(
        task_id=answer["task_id"],
        task_name=answer["task_name"],
        state=answer["state"],
        result=answer["result"],
        traceback=answer["traceback"],
        info=answer["info"],
    )


def revoke(task_id: str, terminate: bool) -> Request:
    return Request("POST", f"/v1/tasks/{quote(task_id, safe='')}/revoke", encode({"terminate": terminate}))


def below(task_id: str) -> Request:
    """Asks for the tasks that a task has started, and itself."""
    return Request("GET", "/v1/tasks", query={"root": task_id, "limit": "500"})


def ids_below(task_id: str, answer: Mapping[str, Any]) -> list[str]:
    return [task["task_id"] for task in answer["items"] if task["task_id"] != task_id]


def encode(value: Any) -> bytes:
    """Writes JSON. Dates, UUIDs, decimals, bytes and sets become what the API reads them as; NaN is refused."""
    return json.dumps(value, default=_plain, allow_nan=False, ensure_ascii=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    raise TypeError(f"arguments must be JSON, and {type(value).__name__} is not")


def read(response: httpx.Response) -> Any:
    """Returns the body of an answer. Raises ApiError for a problem, PerennialError for what is no JSON."""
    try:
        body = response.json()
    except ValueError:
        body = None
    if response.status_code >= 400:
        problem = body if isinstance(body, Mapping) else {"title": response.reason_phrase}
        raise api_error(response.status_code, problem, response.headers.get("retry-after"))
    if body is None:
        raise PerennialError(
            f"{response.request.url.path} gave {response.status_code} without JSON: "
            "the base URL is not that of Perennial's API."
        )
    return body


def base_url(text: str) -> str:
    """Checks the address of an API. Raises ValueError."""
    url = httpx.URL(text)
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError("base_url: expected an address such as http://localhost:8080")
    if url.userinfo:
        raise ValueError("base_url: expected no user or password; give the key as api_key")
    return text.rstrip("/")


def pauses(task_id: str, timeout: float | None) -> Iterator[float]:
    """Yields how long to wait before each look. Raises ResultTimeout."""
    begun = monotonic()
    pause = _FIRST_PAUSE
    while True:
        left = pause if timeout is None else timeout - (monotonic() - begun)
        if left <= 0:
            raise ResultTimeout(task_id, timeout or 0)
        yield min(pause, left)
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def may_appear(error: ApiError, begun: float, patience: float) -> bool:
    """Says whether an unknown id may still become known."""
    return isinstance(error, NotFound) and monotonic() - begun < patience
