"""Bodies in Python, served by a worker of the package against a stack that runs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ADMIN_KEY

from perennial_client import Perennial


def command(app: str, *more: str) -> list[str]:
    return [sys.executable, "-m", "perennial_client.worker.main", "worker", "-A", app, *more]


@pytest.fixture(scope="module", autouse=True)
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[bytes]]:
    log = tmp_path_factory.mktemp("worker") / "log"
    env = {**os.environ, "PERENNIAL_API_KEY": ADMIN_KEY}
    with log.open("wb") as file:
        process = subprocess.Popen(
            command("worker_app", "-Q", "texts.python"), cwd=Path(__file__).parent, env=env, stderr=file
        )
    yield process
    process.terminate()
    process.wait(20)
    print(log.read_text())


def test_a_task_runs_its_body_in_python(perennial: Perennial) -> None:
    assert perennial.task("texts.score").delay("a!b!").get(timeout=30) == 0.5


def signature(task: str, *args: object) -> dict[str, object]:
    return {"task": task, "args": list(args)}


def test_a_chord_has_members_and_a_body_in_both_languages(perennial: Perennial) -> None:
    header = [signature("texts.score", "a!b!"), signature("texts.measure", "abc"), signature("texts.score", "!")]
    chord = {
        "task": "celery.chord",
        "kwargs": {"header": {"task": "celery.group", "kwargs": {"tasks": header}}, "body": signature("texts.total")},
    }
    chain = {"task": "celery.chain", "kwargs": {"tasks": [chord, signature("texts.shout")]}}
    assert perennial.run_canvas(chain).get(timeout=30) == "4.5!"
