"""Bodies in Python, served by a worker of the package against a stack that runs."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from conftest import ADMIN_KEY, URL
from processes import lines, serving, until
from temporalio.client import Client

from perennial_client import InvalidInput, Perennial, TaskFailed, TaskRevoked, UnknownQueue

ADMIN = {"Authorization": f"Bearer {ADMIN_KEY}"}


@pytest.fixture(scope="module", autouse=True)
def worker() -> Iterator[subprocess.Popen[bytes]]:
    with serving("worker_app", "texts.python") as process:
        yield process
        assert process.poll() is None, "no task ends the worker"


def history(task_id: str) -> str:
    """What anybody can read on the server."""

    async def fetched() -> str:
        client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
        events = (await client.get_workflow_handle(task_id).fetch_history()).events
        # As bytes, because JSON has the payloads in base64.
        return b"".join(event.SerializeToString() for event in events).decode("latin-1")

    return asyncio.run(fetched())


def signature(task: str, *args: object, **options: object) -> dict[str, object]:
    return {"task": task, "args": list(args), "options": options}


def chain(*tasks: dict[str, object]) -> dict[str, object]:
    return {"task": "celery.chain", "kwargs": {"tasks": list(tasks)}}


def failed(perennial: Perennial, name: str, *args: object) -> TaskFailed:
    with pytest.raises(TaskFailed) as caught:
        perennial.task(name).delay(*args).get(timeout=30)
    return caught.value


def test_a_body_knows_its_attempt(perennial: Perennial) -> None:
    options: dict[str, Any] = {"task_id": f"facts-{uuid4()}", "tenant": "ada", "headers": {"trace": "t-1"}}
    facts = perennial.task("texts.facts").apply_async(("hello",), **options).get(timeout=30)
    task_id = options["task_id"]
    del facts["pid"]
    assert facts == {
        "text": "hello",
        "task": "texts.facts",
        "taskId": task_id,
        "workflowId": task_id,
        "attempt": 1,
        "queue": "texts.python",
        "tenant": "ada",
        "headers": {"trace": "t-1"},
        "key": task_id,
    }


def test_a_chord_has_members_and_a_body_in_both_languages(perennial: Perennial) -> None:
    header = [signature("texts.score", "a!b!"), signature("texts.measure", "abc"), signature("texts.score", "!")]
    chord = {
        "task": "celery.chord",
        "kwargs": {"header": {"task": "celery.group", "kwargs": {"tasks": header}}, "body": signature("texts.total")},
    }
    assert perennial.run_canvas(chain(chord, signature("texts.shout"))).get(timeout=30) == "4.5!"


def test_a_body_without_a_result_gives_null(perennial: Perennial) -> None:
    task = perennial.task("texts.nothing").delay()
    assert task.get(timeout=30) is None
    assert httpx.get(f"{URL}/v1/tasks/{task.id}", headers=ADMIN).json()["result"] is None
    listed = {"task": "celery.group", "kwargs": {"tasks": [signature("texts.nothing"), signature("texts.score", "!")]}}
    assert perennial.run_canvas(chain(listed, signature("texts.echo"))).get(timeout=30) == [None, 1.0]


def test_a_wrong_input_is_refused_at_the_start_and_by_the_worker(perennial: Perennial) -> None:
    with pytest.raises(InvalidInput, match=r"input.text: expected string"):
        perennial.task("texts.score").delay(5)
    late = chain(signature("texts.echo", 5), signature("texts.size"))
    with pytest.raises(TaskFailed, match=r"InvalidInput: texts.size: input.text: expected string, got integer"):
        perennial.run_canvas(late).get(timeout=30)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("text", "result: expected integer, got string"),
        ("nothing", "result: expected integer, got null"),
        ("fraction", "result: expected integer, got number"),
        ("date", "result: expected JSON, got a value of the type date"),
        ("infinite", "result: expected a finite number"),
        ("large", r"expected an integer within ±\(2\^53"),
        ("half", "expected text without lone surrogates"),
        ("keys", "expected names that are text, got one of the type int"),
        ("deep", "expected at most 500 levels"),
    ],
)
def test_what_a_body_returns_is_checked(perennial: Perennial, what: str, message: str) -> None:
    error = failed(perennial, "texts.anything", what)
    assert error.exc_type == "InvalidOutput"
    assert re.search(message, error.message), error.message


@pytest.mark.parametrize(
    ("how", "kind", "message"),
    [
        ("value", "PermanentError", "ValueError: expected a printer of [sealed]"),
        ("own", "OutOfInk", "expected ink, got none"),
        ("unknown", "Unexpected", "NeverDefined, which is no failure of this installation: expected nothing"),
        ("permanent", "PermanentError", "expected paper"),
        ("name", "Unexpected", "NameError: no such thing"),
        ("text", "Unexpected", "RuntimeError: "),
        ("refused", "BackendAuthFailed", "NoAnswer: the server answered 401"),
        ("exit", "Unexpected", "RuntimeError: expected a result or an error, got SystemExit"),
    ],
)
def test_what_a_body_raises_is_a_failure_of_the_registry(
    perennial: Perennial, how: str, kind: str, message: str
) -> None:
    error = failed(perennial, "texts.failing", how)
    assert error.exc_type == kind
    assert error.message.startswith(message)
    assert len(error.message) < 2100
    assert 'worker_app.py", line' in (error.traceback or "")


def test_a_failed_task_becomes_a_dead_letter(perennial: Perennial) -> None:
    task = perennial.task("texts.failing").delay("own")
    with pytest.raises(TaskFailed):
        task.get(timeout=30)

    def letters() -> list[Any]:
        page = httpx.get(f"{URL}/v1/dlq", params={"limit": 100}, headers=ADMIN).json()
        return [letter for letter in page["items"] if task.id in str(letter)]

    assert "OutOfInk" in str(until(letters))


def test_an_effect_with_the_key_of_its_task_is_done_once(perennial: Perennial, tmp_path: Path) -> None:
    task = perennial.task("texts.print").delay(str(tmp_path / "sheet"))
    assert task.get(timeout=30) == 2
    assert (tmp_path / "sheet").read_text() == task.id


# A second of the rules is 20 ms here.
@pytest.mark.parametrize(("how", "least"), [("jam", 0.02), ("asked", 0.4), ("throttled", 0.4)])
def test_attempts_follow_each_other_as_the_rule_or_the_body_says(
    perennial: Perennial, tmp_path: Path, how: str, least: float
) -> None:
    file = tmp_path / "attempts"
    assert perennial.task("texts.counted").delay(str(file), how).get(timeout=30) == 3
    times = [float(line.split()[1]) for line in lines(file)]
    assert [line.split()[0] for line in lines(file)] == ["1", "2", "3"]
    assert all(least <= after - before < least + 2 for before, after in pairwise(times))


@pytest.mark.parametrize(("catches", "result"), [(False, None), (True, "in part")])
def test_the_soft_limit_is_raised_in_a_body(
    perennial: Perennial, tmp_path: Path, catches: bool, result: str | None
) -> None:
    file = tmp_path / "notes"
    task = perennial.task("texts.slow").apply_async((str(file), 30, catches), soft_time_limit=0.3, time_limit=20)
    if result is not None:
        assert task.get(timeout=30) == result
        return
    with pytest.raises(TaskFailed, match="TimeLimit: The soft time limit of 300 ms has passed"):
        task.get(timeout=30)
    assert lines(file).count("limit") == 3
    assert "begun 2 {'attempt': 1, 'to': 'ada@example.com'}" in lines(file)


def test_the_soft_limit_cancels_an_async_body(perennial: Perennial, tmp_path: Path) -> None:
    file = tmp_path / "notes"
    task = perennial.task("texts.awaiting").apply_async((str(file), 30), soft_time_limit=0.3, time_limit=20)
    with pytest.raises(TaskFailed, match="TimeLimit"):
        task.get(timeout=30)
    assert perennial.task("texts.awaiting").delay(str(file), 0.01).get(timeout=30) == "whole"


@pytest.mark.parametrize("name", ["texts.slow", "texts.awaiting"])
def test_a_revoked_body_is_stopped(perennial: Perennial, tmp_path: Path, name: str) -> None:
    file = tmp_path / "notes"
    task = perennial.task(name).delay(str(file), 60)
    until(lambda: lines(file))
    task.revoke(terminate=True)
    with pytest.raises(TaskRevoked):
        task.get(timeout=30)
    assert until(lambda: [line for line in lines(file) if line.startswith("stopped")])
    assert "done" not in lines(file)


def test_progress_can_be_read_while_a_body_runs(perennial: Perennial, tmp_path: Path) -> None:
    task = perennial.task("texts.slow").delay(str(tmp_path / "notes"), 60)
    assert "ada@example.com" in until(lambda: str(task.status().info or "") if "ada" in str(task.status()) else "")
    task.revoke(terminate=True)


def test_what_is_private_is_sealed_in_the_history(perennial: Perennial) -> None:
    letter = perennial.task("texts.letter").delay("ada@example.com", "hello")
    assert letter.get(timeout=30) == {
        "to": "ada@example.com",
        "text": "hello",
        "copies": ["bob@example.com", "plain"],
        "password": 471147114711,
    }
    secret = perennial.task("texts.secret").delay("nobody may know")
    assert secret.get(timeout=30) == "nobody may know, indeed"
    for task in (letter, secret):
        told = history(task.id)
        assert "texts.python" in told
        for word in ("example.com", "471147114711", "nobody may know"):
            assert word not in told


def test_large_values_go_through_the_store(perennial: Perennial) -> None:
    assert len(perennial.task("texts.large").delay(1_500_000).get(timeout=30)) == 1_500_000
    assert perennial.task("texts.size").delay("y" * 900_000).get(timeout=30) == 900_000
    run = perennial.run_canvas(chain(signature("texts.large", 50_000), signature("texts.size")))
    assert run.get(timeout=30) == 50_000
    assert len(history(run.id)) < 40_000
    assert "at most 4000000 bytes" in failed(perennial, "texts.large", 4_000_001).message


def test_a_limit_by_key_holds(perennial: Perennial) -> None:
    assert [task.get(timeout=30) for task in [perennial.task("texts.one").delay("x" * n) for n in range(1, 4)]] == [
        1,
        2,
        3,
    ]


def test_a_task_stays_on_queues_of_its_language(perennial: Perennial) -> None:
    with pytest.raises(UnknownQueue, match=r"texts\.python"):
        perennial.task("texts.score").apply_async(("a",), queue="documents.default")
    with pytest.raises(UnknownQueue):
        perennial.task("texts.measure").apply_async(("a",), queue="texts.python")
    for task, queue, language in (
        ("texts.score", "documents.default", "Python"),
        ("texts.measure", "texts.python", "TypeScript"),
    ):
        with pytest.raises(InvalidInput) as caught:
            perennial.run_canvas(chain(signature("texts.echo", "a"), signature(task, queue=queue)))
        [error] = caught.value.errors
        assert error.field == "canvas.kwargs.tasks[1].options.queue"
        assert str(error).endswith(f"expected a queue that workers in {language} serve, got '{queue}'")
