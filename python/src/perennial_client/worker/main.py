"""The program ``perennial-python``."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from typing import Any

from .app import Worker
from .errors import InvalidSettings

_WRONG_SETTINGS = 78


def main(arguments: list[str] | None = None) -> int:
    """Runs the program; returns its exit code."""
    given = _parser().parse_args(arguments)
    logging.basicConfig(
        level=given.loglevel.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    # Its lines repeat whole messages of errors.
    logging.getLogger("temporalio.activity").setLevel(logging.CRITICAL)
    sys.path.insert(0, os.getcwd())
    try:
        worker = find_worker(given.app)
        worker.run(concurrency=given.concurrency, queues=given.queues.split(",") if given.queues else None)
    except InvalidSettings as error:
        print(f"The worker cannot be started:\n{error}", file=sys.stderr)
        return _WRONG_SETTINGS
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="perennial-python", description="Bodies of Perennial's tasks in Python")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    worker = commands.add_parser("worker", help="serve the queues of tasks whose bodies are in Python")
    worker.add_argument(
        "-A", "--app", required=True, help="module, or module:name, of a Worker or a Celery application"
    )
    worker.add_argument("-c", "--concurrency", type=_positive, help="bodies at once, for each queue; default its slots")
    worker.add_argument("-Q", "--queues", help="queues to serve, separated by commas; default all for Python")
    worker.add_argument("-l", "--loglevel", default="info", choices=["debug", "info", "warning", "error"])
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def find_worker(place: str) -> Worker:
    """Finds the worker or Celery application of a module. Raises InvalidSettings."""
    name, _, attribute = place.partition(":")
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise
        raise InvalidSettings(f"-A: expected a module that can be imported from here, got '{name}'") from None
    values = [getattr(module, attribute, None)] if attribute else list(vars(module).values())
    for value in values:
        found = _worker_of(value)
        if found is not None:
            return found
    raise InvalidSettings(f"-A: expected a Worker or a Celery application in '{place}', got none")


def _worker_of(value: Any) -> Worker | None:
    if isinstance(value, Worker):
        return value
    # Where Celery is not installed, nothing can be an application of it.
    kinds = {base.__module__.partition(".")[0] for base in type(value).__mro__}
    if "celery" not in kinds:
        return None
    celery: Any = importlib.import_module("perennial_client.worker.celery")
    worker: Worker | None = celery.worker_of(value)
    return worker


if __name__ == "__main__":
    sys.exit(main())
