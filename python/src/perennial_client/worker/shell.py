"""The shell around every task: the same policies as those of the other workers."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Iterator, Mapping, MutableMapping, Sequence
from concurrent.futures import Executor
from contextlib import asynccontextmanager, contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

from temporalio import activity
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from . import retry
from .body import Body, LimitPassed, Run
from .checks import Checked, plain_json
from .context import TaskContext, enter
from .contract import Contract, TaskContract
from .errors import TaskError
from .failures import Classified, classify
from .sealing import SealingCodec, find_sealed, marked, unmarked

_LOG = logging.getLogger("perennial.task")
_MEMBER = "task:"
_RUN_TASK = "runTask"
#: As the other workers send it: what the SDK for Python makes of ``None`` has no value at all for them.
_NULL = RawValue(Payload(metadata={"encoding": b"json/plain"}, data=b"null"))


@dataclass(frozen=True)
class _Served:
    """A task of this worker."""

    contract: TaskContract
    body: Body
    input: Checked
    output: Checked


@dataclass(frozen=True)
class _Attempt:
    """One attempt, by what the server and the calling run tell of it."""

    task_id: str
    workflow_id: str
    number: int
    facts: Mapping[str, Any]
    last_progress: Any

    @staticmethod
    def current(facts: Mapping[str, Any]) -> _Attempt:
        info = activity.info()
        workflow_id = info.workflow_id or "none"
        task_id = f"{workflow_id}/{info.activity_id}"
        if info.activity_id.startswith(_MEMBER):
            task_id = info.activity_id[len(_MEMBER) :]
        elif info.workflow_type == _RUN_TASK:
            task_id = workflow_id
        last = info.heartbeat_details[0] if info.heartbeat_details else facts.get("lastHeartbeat")
        return _Attempt(
            task_id=task_id,
            workflow_id=facts.get("runId") or info.workflow_id or task_id,
            number=info.attempt + int(facts.get("attemptsBefore") or 0),
            facts=facts,
            last_progress=last,
        )


class _Log(logging.LoggerAdapter[logging.Logger]):
    """Puts the attempt in front of each line."""

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        extra = self.extra or {}
        kwargs["extra"] = {**extra, **(kwargs.get("extra") or {})}
        return f"{extra['task_name']} {extra['task_id']} attempt {extra['attempt']}: {msg}", kwargs


class Shell:
    """Runs bodies for a server.

    Args:
        bodies: Functions by the names of their tasks.
        pool: Threads of bodies that are not ``async``.
        soft_error: What is raised in them when their soft limit has passed.
        scale: Multiplies every delay before another attempt.
    """

    def __init__(
        self,
        bodies: Mapping[str, Body],
        contract: Contract,
        sealing: SealingCodec,
        pool: Executor,
        *,
        soft_error: type[BaseException],
        scale: float = 1.0,
    ) -> None:
        self._served = {
            task["name"]: _Served(
                task,
                bodies[task["name"]],
                Checked(task["input"], task["name"], "input"),
                Checked(task["output"], task["name"], "output"),
            )
            for task in contract["tasks"]
            if task["name"] in bodies
        }
        self._classes = contract["failures"]
        self._sealing = sealing
        self._pool = pool
        self._soft_error = soft_error
        self._scale = scale

    @activity.defn(dynamic=True)
    async def run(self, args: Sequence[RawValue]) -> Any:
        """Runs the task whose name the activity has."""
        name = activity.info().activity_type
        given, facts = _values(args)
        attempt = _Attempt.current(facts)
        log = _Log(_LOG, {"task_name": name, "task_id": attempt.task_id, "attempt": attempt.number})
        served = self._served.get(name)
        if served is None:
            raise _unknown(name, self._served)
        begun = monotonic()
        log.info("started")
        try:
            output = await self._output(served, attempt, given, log)
        except asyncio.CancelledError:
            log.info("stopped after %.3f s", monotonic() - begun)
            if activity.is_worker_shutdown():
                raise _worker_stopped() from None
            raise
        except Exception as error:
            failure = self._failure(served.contract, attempt, error)
            log.warning("failed after %.3f s with %s: %s", monotonic() - begun, failure.type, failure.message)
            raise failure from failure.__cause__
        log.info("succeeded after %.3f s", monotonic() - begun)
        return output

    async def _output(self, served: _Served, attempt: _Attempt, given: Any, log: _Log) -> Any:
        name = served.contract["name"]
        found = find_sealed(given, "input")
        if found is not None:
            raise TaskError(
                "SealedValueUnreadable",
                f"{found[0]}: expected a value sealed with a key of this worker, got one of the key {found[1]}; "
                "add that key to SEAL_KEYS, behind the first",
            )
        plain = unmarked(given)
        served.input.check(plain)
        arguments = served.body.arguments(plain)
        limits = served.contract["limits"]
        soft_seconds = float(attempt.facts.get("softMs") or limits["softMs"]) / 1000
        run = Run(served.body, soft_seconds, self._pool, self._soft_error)
        async with _heartbeats(limits["heartbeatMs"] / 1000, attempt.last_progress) as beat:
            with _entered(name, attempt, log, beat, run, self._sealing):
                result = await run.result(arguments)
        output = plain_json(result, name)
        served.output.check(output)
        if served.contract["sealOutput"]:
            output = marked(output)
        self._sealing.require_keys(output)
        return _NULL if output is None else output

    def _failure(self, task: TaskContract, attempt: _Attempt, error: Exception) -> ApplicationError:
        found = classify(error)
        if isinstance(error, LimitPassed):
            soft_ms = attempt.facts.get("softMs") or task["limits"]["softMs"]
            found = Classified("TimeLimit", f"The soft time limit of {soft_ms} ms has passed.")
        kind, message = found.kind, found.message
        if kind not in self._classes:
            kind, message = "Unexpected", f"{kind}, which is no failure of this installation: {message}"
        failed = retry.Failed(kind, self._classes[kind], found.retry_after_ms)
        decision = retry.decide(task["retry"], failed, attempt.number, random.random())
        if decision.final_kind is not None:
            kind, message = decision.final_kind, f"Too many retries: {message}"
        delay = decision.delay_ms
        failure = ApplicationError(
            message,
            type=kind,
            non_retryable=delay is None,
            next_retry_delay=None if delay is None else timedelta(milliseconds=max(1, round(delay * self._scale))),
        )
        failure.__cause__ = _without_message(error)
        return failure


def _values(args: Sequence[RawValue]) -> tuple[Any, Mapping[str, Any]]:
    """Input and facts of a call."""
    converter = activity.payload_converter()
    values = [converter.from_payload(arg.payload) for arg in args[:2]]
    facts = values[1] if len(values) > 1 and isinstance(values[1], dict) else {}
    return (values[0] if values else None), facts


def _unknown(name: str, served: Mapping[str, _Served]) -> ApplicationError:
    """No attempt at this worker would help: what it serves is checked when it starts."""
    return ApplicationError(
        f"{name}: expected a task whose body is in Python, as the workers of the queue "
        f"'{activity.info().task_queue}' have ({', '.join(sorted(served))}); or they began before it was defined",
        type="InvalidInput",
        non_retryable=True,
    )


def _worker_stopped() -> ApplicationError:
    return ApplicationError(
        "The worker was stopped before the task had ended.",
        type="TemporaryError",
        next_retry_delay=timedelta(milliseconds=1),
    )


def _without_message(error: BaseException) -> ApplicationError:
    """Keeps the stack but not the message, because libraries put contents and addresses into messages."""
    shown = error.__cause__ if isinstance(error, LimitPassed) and error.__cause__ is not None else error
    kept = ApplicationError(type(shown).__name__, type=type(shown).__name__)
    return kept.with_traceback(shown.__traceback__)


@contextmanager
def _entered(name: str, attempt: _Attempt, log: _Log, progress: Any, run: Run, sealing: SealingCodec) -> Iterator[None]:
    loop, here = asyncio.get_running_loop(), copy_context()

    def tell(given: Any) -> None:
        details = plain_json(given, name)
        sealing.require_keys(details)
        try:
            is_loop = asyncio.get_running_loop() is loop
        except RuntimeError:
            is_loop = False
        if is_loop:
            progress(details)
        else:
            loop.call_soon_threadsafe(progress, details, context=here)

    enter(
        TaskContext(
            task=name,
            task_id=attempt.task_id,
            workflow_id=attempt.workflow_id,
            attempt=attempt.number,
            queue=activity.info().task_queue,
            tenant=attempt.facts.get("tenant"),
            headers=attempt.facts.get("headers") or {},
            last_progress=attempt.last_progress,
            log=log,
            progress=tell,
            is_stopping=lambda: run.is_stopping,
        )
    )
    yield


@asynccontextmanager
async def _heartbeats(timeout: float, last: Any) -> AsyncIterator[Any]:
    """Sends heartbeats with the latest details; a body that blocks the loop, or holds the interpreter, misses them."""
    details = last

    def beat(given: Any) -> None:
        nonlocal details
        details = given
        activity.heartbeat(details)

    async def beating() -> None:
        while True:
            # A single lost one must not make a living worker look dead.
            await asyncio.sleep(timeout / 3)
            if details is None:
                activity.heartbeat()
            else:
                activity.heartbeat(details)

    if details is not None:
        activity.heartbeat(details)
    task = asyncio.create_task(beating())
    try:
        yield beat
    finally:
        task.cancel()
