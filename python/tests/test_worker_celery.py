"""Bodies of an unchanged Celery application, served by a worker of the package."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from processes import lines, serving

from perennial_client import Perennial, TaskFailed


@pytest.fixture(scope="module", autouse=True)
def worker() -> Iterator[subprocess.Popen[bytes]]:
    with serving("shop.app", "shop.python") as process:
        yield process
        assert process.poll() is None, "no task ends the worker"


def test_its_tasks_have_the_names_that_celery_gives(perennial: Perennial) -> None:
    resize = perennial.task("shop.jobs.resize")
    assert resize.delay("cat").get(timeout=30) == "cat-100"
    assert resize.delay("cat", width=7).get(timeout=30) == "cat-7"


def test_a_body_retries_itself_after_its_countdown(perennial: Perennial, tmp_path: Path) -> None:
    file, task_id = tmp_path / "retries", f"flaky-{uuid4()}"
    result = perennial.task("shop.jobs.flaky").apply_async((str(file),), task_id=task_id).get(timeout=30)
    assert result == {"retries": 1, "id": task_id, "wrapped": 2}
    assert lines(file) == ["0", "1"]


def test_exceptions_are_retried_as_its_decorator_says(perennial: Perennial, tmp_path: Path) -> None:
    file = tmp_path / "attempts"
    assert perennial.task("shop.jobs.automatic").delay(str(file)).get(timeout=30) == 3
    assert len(lines(file)) == 3


def test_a_bound_body_has_its_task(perennial: Perennial) -> None:
    result = perennial.task("shop.jobs.bound").delay(1).get(timeout=30)
    assert result == {"name": "shop.jobs.bound", "eager": False, "value": 2}


def test_its_soft_limit_is_that_of_celery(perennial: Perennial) -> None:
    task = perennial.task("shop.jobs.limited").apply_async((), soft_time_limit=0.2, time_limit=20)
    assert task.get(timeout=30) == "in part"


def test_what_is_not_supported_fails_with_a_message(perennial: Perennial) -> None:
    with pytest.raises(TaskFailed, match="replace: a task whose body is in Python"):
        perennial.task("shop.jobs.replaced").delay().get(timeout=30)
