"""Workers in Python that are missing, killed, stopped, and refused."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from conftest import ADMIN_KEY, URL
from processes import lines, serving, until

from perennial_client import Perennial, TaskFailed, TaskRevoked
from perennial_client.worker.main import main

ADMIN = {"Authorization": f"Bearer {ADMIN_KEY}"}


def test_a_queue_that_nobody_serves_is_named_and_its_tasks_wait(perennial: Perennial) -> None:
    task = perennial.task("texts.nobody").delay()
    expiring = perennial.task("texts.nobody").apply_async((), expires=0.5)
    ready = httpx.get(f"{URL}/health/ready")
    assert "nobody.python" in ready.text
    assert httpx.get(f"{URL}/v1/queues/nobody.python", headers=ADMIN).json()["workers"] == 0
    with pytest.raises(TaskRevoked):
        expiring.get(timeout=30)
    assert task.state in ("PENDING", "STARTED")
    task.revoke()
    with pytest.raises(TaskRevoked):
        task.get(timeout=30)


def test_a_task_whose_worker_is_killed_is_done_again(perennial: Perennial, tmp_path: Path) -> None:
    file = tmp_path / "attempts"
    task = perennial.task("texts.killed").delay(str(file))
    with serving("worker_app", "lost.python") as first:
        assert first.wait(30) == -9
    with serving("worker_app", "lost.python"):
        assert task.get(timeout=40) == 2
    assert lines(file) == ["1", "2"]
    assert (tmp_path / f"attempts.{task.id}").read_text() == "paid"


def test_a_worker_that_is_stopped_gives_its_task_to_another(perennial: Perennial, tmp_path: Path) -> None:
    file = tmp_path / "notes"
    task = perennial.task("texts.moved").delay(str(file))
    with serving("worker_app", "lost.python", SHUTDOWN_GRACE_MS="300"):
        until(lambda: lines(file))
    assert lines(file) == ["begun 1", "stopped"]
    with serving("worker_app", "lost.python"):
        assert task.get(timeout=30) == 2


@pytest.mark.parametrize(
    ("app", "changed", "message"),
    [
        ("worker_few -Q texts.python", {}, "texts.size: expected a body, got none"),
        ("worker_few -Q texts.python", {}, "texts.other: expected a contract (definePythonTask), got none"),
        ("worker_app -Q texts.pyton", {}, "queues: expected queues with tasks in Python ("),
        ("worker_app", {"SEAL_KEYS": "ada:x"}, "SEAL_KEYS: expected ID:KEY"),
        ("worker_app", {"PERENNIAL_API_KEY": "wrong"}, "PERENNIAL_API_KEY: expected a key of the API, got another"),
        ("worker_app", {"PERENNIAL_URL": ""}, "PERENNIAL_URL: expected the address"),
        ("worker_app", {"PERENNIAL_CONTRACT": "/none.json"}, "PERENNIAL_CONTRACT: expected a file of JSON"),
        ("worker_app -Q texts.python", {"BLOB_URL": "s3://a:b@c/d"}, "BLOB_URL: expected file:///folder"),
        ("nowhere", {}, "-A: expected a module that can be imported from here, got 'nowhere'"),
        ("processes", {}, "-A: expected a Worker or a Celery application in 'processes', got none"),
    ],
)
def test_a_worker_refuses_what_it_cannot_serve(
    app: str,
    changed: dict[str, str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in {"PERENNIAL_API_KEY": ADMIN_KEY, **changed}.items():
        monkeypatch.setenv(name, value)
    assert main(["worker", "-A", *app.split()]) == 78
    told = capsys.readouterr().err
    assert message in told
    assert "ada:x" not in told
    assert "Traceback" not in told


def test_without_keys_what_needs_them_fails_for_good(perennial: Perennial) -> None:
    with serving("worker_app", "keyless.python", SEAL_KEYS=""):
        for value in ("ada@example.com", "plain"):
            task = perennial.task("texts.keyless").delay(value)
            with pytest.raises(TaskFailed) as caught:
                task.get(timeout=30)
            assert caught.value.exc_type == ("SealedValueUnreadable" if value != "plain" else "SealKeyMissing")
