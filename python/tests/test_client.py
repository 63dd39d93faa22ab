"""The HTTP client against a running stack."""

import logging
import socket
import time
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from conftest import ADMIN_KEY, READER_KEY, URL

from perennial_client import (
    ApiError,
    Conflict,
    FieldError,
    Forbidden,
    InvalidInput,
    NotFound,
    Perennial,
    PerennialError,
    ResultTimeout,
    TaskFailed,
    TaskRevoked,
    UnknownQueue,
    UnknownTask,
    Unreachable,
    WrongKey,
)

CHORD = {
    "task": "celery.chord",
    "kwargs": {
        "header": [{"task": "samples.addOne", "args": [n]} for n in range(3)],
        "body": {"task": "samples.sum"},
    },
}


def test_delay_starts_a_task_and_get_waits_for_its_result(perennial: Perennial) -> None:
    task = perennial.task("samples.add").delay(1, b=2)
    assert task.get(timeout=20) == 3
    assert (task.state, task.result, task.ready(), task.successful(), task.failed()) == (
        "SUCCESS",
        3,
        True,
        True,
        False,
    )
    assert task.status().task_name == "samples.add"


def test_a_result_is_found_by_its_id_alone(perennial: Perennial) -> None:
    task = perennial.task("samples.upperCase").delay("ü and ß")
    assert perennial.result(task.id).get(timeout=20) == "Ü AND SS"


def test_countdown_and_eta_delay_the_start(perennial: Perennial) -> None:
    later = datetime.now(timezone.utc) + timedelta(hours=1)
    add = perennial.task("samples.add")
    for task in (add.apply_async((1, 2), countdown=3600), add.apply_async((1, 2), eta=later)):
        assert task.state == "PENDING"
        assert task.status().info["eta"] is not None
        task.revoke()


def test_expires_must_lie_after_the_start(perennial: Perennial) -> None:
    add = perennial.task("samples.add")
    assert add.apply_async((1, 2), expires=60).get(timeout=20) == 3
    with pytest.raises(InvalidInput, match="expected a time after the start"):
        add.apply_async((1, 2), countdown=20, expires=10)


def test_the_same_key_is_the_same_task_and_other_content_is_refused(perennial: Perennial) -> None:
    add, key = perennial.task("samples.add"), f"order-{uuid.uuid4()}"
    first = add.apply_async((1, 2), idempotency_key=key)
    assert add.apply_async((1, 2), idempotency_key=key).id == first.id
    with pytest.raises(Conflict):
        add.apply_async((1, 3), idempotency_key=key)


def test_an_id_of_ones_own_and_every_other_option(perennial: Perennial) -> None:
    add, task_id = perennial.task("samples.add"), f"order-{uuid.uuid4()}"
    task = add.apply_async(
        (1, 2),
        task_id=task_id,
        headers={"by": "test"},
        tenant="acme",
        tags=["orders"],
        limits=[{"key": task_id, "concurrency": 1}],
        time_limit=60,
        soft_time_limit=30,
        link={"task": "samples.addOne"},
        link_error=[{"task": "samples.countItems"}],
        on_failure="park",
        parked_for=3600,
    )
    assert task.id == task_id
    assert task.get(timeout=20) == 3
    with pytest.raises(InvalidInput, match="parkedFor"):
        add.apply_async((1, 2), on_failure="park", parked_for=-1)
    with pytest.raises(Conflict):
        add.apply_async((1, 3), task_id=task_id)
    with pytest.raises(InvalidInput, match="headers"):
        add.apply_async((1, 2), headers="x")  # type: ignore[arg-type]


def test_priority_and_queue_reach_the_call(perennial: Perennial) -> None:
    add = perennial.task("samples.add")
    assert add.apply_async((1, 2), priority=9, queue="default").get(timeout=20) == 3
    with pytest.raises(InvalidInput, match="priority"):
        add.apply_async((1, 2), priority=11)
    with pytest.raises(UnknownQueue, match=r"documents\.default"):
        add.apply_async((1, 2), queue="no-such-queue")


def test_revoke_keeps_a_task_from_beginning(perennial: Perennial) -> None:
    task = perennial.task("samples.add").apply_async((1, 2), countdown=3600)
    task.revoke()
    with pytest.raises(TaskRevoked) as caught:
        task.get(timeout=20)
    assert caught.value.task_id == task.id
    assert isinstance(task.get(propagate=False), TaskRevoked)


def test_what_has_ended_cannot_be_revoked(perennial: Perennial) -> None:
    task = perennial.task("samples.add").delay(1, 2)
    task.get(timeout=20)
    with pytest.raises(Conflict):
        task.revoke(terminate=True)


def test_children_are_the_tasks_that_a_task_started(perennial: Perennial) -> None:
    task = perennial.task("samples.sumOfSquares").delay([1, 2, 3])
    assert task.get(timeout=20) == 14
    deadline = time.monotonic() + 20
    while not (children := task.children()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert children
    assert task.id not in [child.id for child in children]


def test_forget_drops_the_copy_of_this_process() -> None:
    with Perennial(URL, ADMIN_KEY) as client:
        task = client.task("samples.add").delay(1, 2)
        assert task.get(timeout=20) == 3
    assert task.state == "SUCCESS"
    task.forget()
    with pytest.raises(RuntimeError, match="closed"):
        _ = task.state


def test_a_canvas_is_run_and_its_failure_names_the_call(perennial: Perennial) -> None:
    assert perennial.run_canvas(CHORD).get(timeout=20) == 6
    failing = {"task": "celery.chain", "kwargs": {"tasks": [{"task": "samples.addOne", "args": ["one"]}]}}
    with pytest.raises(TaskFailed, match="root/0") as caught:
        perennial.run_canvas(failing).get(timeout=20)
    assert caught.value.exc_type == "InvalidInput"


def test_the_same_idempotency_key_is_the_same_canvas(perennial: Perennial) -> None:
    key = str(uuid.uuid4())
    assert perennial.run_canvas(CHORD, idempotency_key=key).id == perennial.run_canvas(CHORD, idempotency_key=key).id


def test_wrong_arguments_name_field_expected_and_got(perennial: Perennial) -> None:
    with pytest.raises(InvalidInput) as caught:
        perennial.task("samples.add").delay(1, "two")
    assert caught.value.errors == (FieldError("input.b", "number", '"two"'),)
    assert "input.b: expected number" in str(caught.value)
    assert caught.value.remedy


def test_what_is_no_json_is_refused_before_it_is_sent(perennial: Perennial) -> None:
    with pytest.raises(TypeError, match="arguments must be JSON, and object is not"):
        perennial.task("samples.add").delay(object(), 2)
    with pytest.raises(ValueError, match="JSON compliant"):
        perennial.task("samples.add").delay(float("nan"), 2)


def test_an_unknown_task_and_an_unknown_id_are_errors(perennial: Perennial) -> None:
    with pytest.raises(UnknownTask, match=r"samples\.nothing"):
        perennial.task("samples.nothing").delay()
    with pytest.raises(NotFound, match="no-such-id"):
        _ = perennial.result("no-such-id").state
    with pytest.raises(NotFound):
        perennial.result("no-such-id").get(timeout=10)


def test_a_task_that_is_not_external_is_refused(perennial: Perennial) -> None:
    with pytest.raises(Forbidden, match=r"documents\.saveDocuments"):
        perennial.task("documents.saveDocuments").delay()


def test_a_wrong_key_and_one_that_may_not_do_this() -> None:
    for wrong in ("a-key-that-nobody-has", None):
        with Perennial(URL, wrong) as client, pytest.raises(WrongKey) as caught:
            client.task("samples.add").delay(1, 2)
        assert str(wrong) not in str(caught.value)
    with Perennial(URL, READER_KEY) as client, pytest.raises(Forbidden, match="administrator"):
        client.task("samples.add").delay(1, 2)


def test_an_api_that_does_not_answer_is_unreachable() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with Perennial(address, ADMIN_KEY) as client, pytest.raises(Unreachable, match=r"127\.0\.0\.1"):
            client.task("samples.add").delay(1, 2)


def test_an_address_that_is_not_that_of_the_api_is_said_so() -> None:
    for address in ("localhost:8080", "ftp://localhost", "", "http://user:secret@localhost"):
        with pytest.raises(ValueError, match="base_url: expected") as caught:
            Perennial(address)
        assert "secret" not in str(caught.value)
    with Perennial(f"{URL}/docs", ADMIN_KEY) as client, pytest.raises((ApiError, PerennialError)):
        client.task("samples.add").delay(1, 2)


def test_a_result_that_does_not_come_in_time(perennial: Perennial) -> None:
    task = perennial.task("samples.add").apply_async((1, 2), countdown=3600)
    begun = time.monotonic()
    with pytest.raises(ResultTimeout, match=r"within 0\.3 s") as caught:
        task.get(timeout=0.3)
    assert time.monotonic() - begun < 5
    assert isinstance(caught.value, TimeoutError)
    task.revoke()


def test_neither_key_nor_arguments_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Perennial(URL, ADMIN_KEY) as client:
        client.task("samples.upperCase").delay("a private word").get(timeout=20)
        assert ADMIN_KEY not in repr(client)
        with pytest.raises(InvalidInput):
            client.task("samples.add").delay(1, "two")
    assert caplog.text
    assert ADMIN_KEY not in caplog.text
    assert "private word" not in caplog.text
