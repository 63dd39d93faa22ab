"""Worker processes of tests."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conftest import ADMIN_KEY

TESTS = Path(__file__).parent


def environment(**changed: str) -> dict[str, str]:
    return {**os.environ, "PERENNIAL_API_KEY": ADMIN_KEY, **changed}


def command(app: str, *more: str) -> list[str]:
    return [sys.executable, "-m", "perennial_client.worker.main", "worker", "-A", app, *more]


@contextmanager
def serving(app: str, queue: str, **changed: str) -> Iterator[subprocess.Popen[bytes]]:
    """Starts a worker; whatever it prints is printed when the test has failed."""
    process = subprocess.Popen(command(app, "-Q", queue), cwd=TESTS, env=environment(**changed))
    try:
        yield process
    finally:
        process.terminate()
        assert process.wait(20) in (0, -9, -15)


def until(found: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Waits for something that is true, and returns it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = found()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError("it did not become true")


def lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []
