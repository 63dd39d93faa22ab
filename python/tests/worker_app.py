"""Bodies of the tasks that the tests call, each written as a user writes one."""

from __future__ import annotations

import asyncio
import datetime
import os
import time
from pathlib import Path
from typing import Any

from perennial_client.worker import (
    PermanentError,
    RetryableError,
    SoftTimeLimit,
    Stopped,
    TaskError,
    Worker,
    context,
)

worker = Worker()


def note(file: str, line: str) -> None:
    with Path(file).open("a") as lines:
        lines.write(f"{line}\n")


@worker.task(name="texts.score")
def score(text: str) -> float:
    return text.count("!") / len(text)


@worker.task(name="texts.total")
def total(scores: list[float]) -> float:
    return sum(scores)


@worker.task(name="texts.facts")
def facts(text: str = "nothing") -> dict[str, Any]:
    current = context()
    current.log.info("telling facts")
    return {
        "text": text,
        "task": current.task,
        "taskId": current.task_id,
        "workflowId": current.workflow_id,
        "attempt": current.attempt,
        "queue": current.queue,
        "tenant": current.tenant,
        "headers": current.headers,
        "key": current.idempotency_key,
        "pid": os.getpid(),
    }


class NoAnswer(Exception):
    """As a library of HTTP raises it."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        super().__init__(f"the server answered {status}")
        self.response = type("Response", (), {"status_code": status, "headers": headers})()


@worker.task(name="texts.anything")
def anything(what: str) -> Any:
    if what == "deep":
        deep: list[Any] = []
        for _ in range(600):
            deep = [deep]
        return deep
    return {
        "text": "three",
        "nothing": None,
        "date": datetime.date(2026, 1, 31),
        "infinite": float("inf"),
        "large": 2**60,
        "half": "\ud800",
        "keys": {1: 2},
        "fraction": 1.5,
    }[what]


@worker.task(name="texts.failing")
def failing(how: str) -> int:
    errors: dict[str, BaseException] = {
        "value": ValueError("expected a printer of ada@example.com"),
        "own": TaskError("OutOfInk", "expected ink, got none"),
        "unknown": TaskError("NeverDefined", "expected nothing"),
        "permanent": PermanentError("expected paper"),
        "name": NameError("no such thing"),
        "text": RuntimeError("x" * 5000),
        "refused": NoAnswer(401, {}),
        "exit": SystemExit(3),
    }
    raise errors[how]


@worker.task(name="texts.print")
def print_(key: str) -> int:
    """Prints once for each key, whatever becomes of the attempts."""
    sheet = Path(key)
    try:
        with sheet.open("x") as file:
            file.write(context().idempotency_key)
    except FileExistsError:
        return 2
    raise TaskError("PaperJam", "expected the paper to move")


@worker.task(name="texts.counted")
def counted(file: str, how: str = "jam") -> int:
    note(file, f"{context().attempt} {time.time()}")
    if context().attempt == 3:
        return 3
    if how == "asked":
        raise RetryableError("expected the report to be ready", retry_after=20.0)
    if how == "throttled":
        raise NoAnswer(429, {"Retry-After": "20"})
    raise TaskError("PaperJam", "expected the paper to move")


@worker.task(name="texts.slow")
def slow(file: str, seconds: float, catches: bool = False) -> str:
    current = context()
    note(file, f"begun {current.attempt} {current.last_progress}")
    current.progress({"attempt": current.attempt, "to": "ada@example.com"})
    try:
        for _ in range(round(seconds / 0.02)):
            time.sleep(0.02)
    except SoftTimeLimit:
        note(file, "limit")
        if catches:
            return "in part"
        raise
    except Stopped:
        note(file, f"stopped {current.is_stopping()}")
        raise
    note(file, "done")
    return "whole"


@worker.task(name="texts.awaiting")
async def awaiting(file: str, seconds: float) -> str:
    note(file, f"begun {context().attempt}")
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        note(file, "stopped")
        raise
    return "whole"


@worker.task(name="texts.letter")
def letter(to: str, text: str) -> dict[str, Any]:
    return {"to": to, "text": text, "copies": ["bob@example.com", "plain"], "password": 471147114711}


@worker.task(name="texts.secret")
def secret(value: str) -> str:
    return f"{value}, indeed"


@worker.task(name="texts.large")
def large(bytes: int) -> str:
    return "x" * bytes


@worker.task(name="texts.size")
def size(text: str) -> int:
    return len(text)


@worker.task(name="texts.one")
def one(text: str) -> int:
    return len(text)


@worker.task(name="texts.killed")
def killed(file: str) -> int:
    """Kills its worker once; what it does for its key is done once."""
    effects = Path(f"{file}.{context().idempotency_key}")
    note(file, str(context().attempt))
    if not effects.exists():
        effects.write_text("paid")
        os.kill(os.getpid(), 9)
    return context().attempt


@worker.task(name="texts.moved")
def moved(file: str) -> int:
    current = context()
    note(file, f"begun {current.attempt}")
    if current.attempt == 1:
        try:
            while True:
                time.sleep(0.02)
        except Stopped:
            note(file, "stopped")
            raise
    return current.attempt


@worker.task(name="texts.keyless")
def keyless(value: str) -> str:
    return f"{value}@example.com"


@worker.task(name="texts.nothing")
def nothing() -> None:
    return None
