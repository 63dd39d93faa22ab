"""Runs the function of a task, and stops it: one that is ``async`` in the loop, any other in a thread."""

from __future__ import annotations

import asyncio
import contextvars
import ctypes
import inspect
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from .errors import Stopped, TaskError


@dataclass(frozen=True)
class Body:
    """The function of a task."""

    name: str
    function: Callable[..., Any]
    signature: inspect.Signature
    """What it is called with, apart from ``self`` of Celery."""
    is_async: bool

    @staticmethod
    def of(name: str, function: Callable[..., Any], like: Callable[..., Any] | None = None) -> Body:
        """Describes a function; ``like`` has its arguments, where it takes any."""
        signature = inspect.signature(like or function)
        return Body(name, function, signature, inspect.iscoroutinefunction(function))

    def arguments(self, given: Any) -> inspect.BoundArguments:
        """The fields of the input by name; an input that is no object is the only argument. Raises TaskError."""
        args: Sequence[Any] = () if given is None or isinstance(given, Mapping) else (given,)
        kwargs: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
        try:
            return self.signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TaskError("InvalidInput", f"{self.name}: the function takes other arguments: {error}") from None


class LimitPassed(Exception):
    """The soft time limit of a body has passed, and it ended with an error."""


class Run:
    """One call of a body. It is stopped once: by its soft limit, or because the attempt is cancelled."""

    def __init__(self, body: Body, soft_seconds: float, pool: Executor, soft_error: type[BaseException]) -> None:
        self._body = body
        self._soft_seconds = soft_seconds
        self._pool = pool
        self._soft_error = soft_error
        self._limit_passed = False
        self._cancelled = False

    @property
    def is_stopping(self) -> bool:
        return self._limit_passed or self._cancelled

    async def result(self, arguments: inspect.BoundArguments) -> Any:
        """Waits for the end of the body, also of one that is stopped. Raises LimitPassed, or what it raised."""
        loop = asyncio.get_running_loop()
        thread = _Thread()
        future: asyncio.Future[Any]
        if self._body.is_async:
            future = asyncio.ensure_future(_guarded(self._body.function, arguments))
        else:
            context = contextvars.copy_context()
            future = loop.run_in_executor(
                self._pool, context.run, thread.run, self._body.function, arguments.args, arguments.kwargs
            )

        def stop(error: type[BaseException]) -> None:
            if self._body.is_async:
                future.cancel()
            else:
                thread.interrupt(error)

        def pass_limit() -> None:
            self._limit_passed = True
            stop(self._soft_error)

        timer = loop.call_later(self._soft_seconds, pass_limit)
        try:
            return await self._waited(future, stop)
        finally:
            timer.cancel()

    async def _waited(self, future: asyncio.Future[Any], stop: Callable[[type[BaseException]], None]) -> Any:
        while not future.done():
            try:
                await asyncio.wait([future])
            except asyncio.CancelledError:
                if not self._cancelled:
                    self._cancelled = True
                    stop(Stopped)
        if self._cancelled:
            if not future.cancelled():
                future.exception()  # it is known why it ended
            raise asyncio.CancelledError
        try:
            return future.result()
        except BaseException as error:
            if self._limit_passed:
                raise LimitPassed from error
            if not isinstance(error, Exception):
                raise _exited(error) from error
            raise


async def _guarded(function: Callable[..., Any], arguments: inspect.BoundArguments) -> Any:
    """Calls an ``async`` body; one that exits would end the loop, and with it the worker."""
    try:
        return await function(*arguments.args, **arguments.kwargs)
    except (SystemExit, KeyboardInterrupt) as error:
        raise _exited(error) from error


def _exited(error: BaseException) -> RuntimeError:
    found = RuntimeError(f"expected a result or an error, got {type(error).__name__}")
    return found.with_traceback(error.__traceback__)


class _Thread:
    """A call in a thread, into which one exception can be raised; a call of a C library ends before that."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: int | None = None
        self._waiting: type[BaseException] | None = None

    def run(self, function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        with self._lock:
            if self._waiting is not None:
                raise self._waiting
            self._thread = threading.get_ident()
        try:
            return function(*args, **kwargs)
        finally:
            with self._lock:
                # What was not raised yet must not be raised in the next call of the thread.
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(threading.get_ident()), None)
                self._thread = None

    def interrupt(self, error: type[BaseException]) -> None:
        with self._lock:
            if self._thread is None:
                self._waiting = error
            else:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), ctypes.py_object(error))
