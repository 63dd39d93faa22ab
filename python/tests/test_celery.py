"""An unchanged Celery application against a running stack: only the module ``celery_app.app`` names Perennial."""

import os
import time
import uuid
from datetime import datetime, timedelta, timezone

import celery
import pytest
from celery import Celery, chain, chord, group
from celery.exceptions import TaskRevokedError
from celery.exceptions import TimeoutError as CeleryTimeoutError
from celery.result import AsyncResult, GroupResult
from celery_app.app import app
from celery_app.workflows.canvas import (
    add_numbers,
    aggregate_results,
    parallel_task,
    step1,
    step2,
    transform_item,
)
from conftest import ADMIN_KEY, URL
from kombu.exceptions import OperationalError

from perennial_client import InvalidInput, NotFound, TaskFailed
from perennial_client.celery import NotSupported, Perennial

WAIT = 30


def test_celery_is_the_real_one() -> None:
    assert celery.__version__.startswith("5.")
    assert isinstance(app, Celery)


def test_delay_gives_a_result_of_celery() -> None:
    result = add_numbers.delay(1, b=2)
    assert isinstance(result, AsyncResult)
    assert result.get(timeout=WAIT) == 3
    assert (result.state, result.successful(), result.name) == ("SUCCESS", True, add_numbers.name)


def test_apply_async_passes_its_options_on() -> None:
    task_id = f"order-{uuid.uuid4()}"
    begun = time.monotonic()
    result = add_numbers.apply_async(
        (1,), {"b": 2}, task_id=task_id, countdown=1, expires=60, priority=3, headers={"by": "test"}, time_limit=30
    )
    assert result.id == task_id
    assert result.get(timeout=WAIT) == 3
    assert time.monotonic() - begun >= 1
    with pytest.raises(InvalidInput, match="countdown: expected seconds, at least 0, got -1"):
        add_numbers.apply_async((1, 2), countdown=-1)


def test_a_time_without_a_zone_is_utc_as_for_a_worker_of_celery() -> None:
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    result = add_numbers.apply_async((1, 2), eta=now + timedelta(hours=1))
    assert result.state == "PENDING"
    result.revoke()
    with pytest.raises(InvalidInput, match="eta: expected a time that has not passed"):
        add_numbers.apply_async((1, 2), eta=now - timedelta(seconds=5))


def test_send_task_by_name_and_a_result_by_its_id() -> None:
    sent = app.send_task("samples.add", (3, 4))
    assert app.AsyncResult(sent.id).get(timeout=WAIT) == 7
    assert AsyncResult(sent.id, app=app).state == "SUCCESS"


def test_a_chain_and_the_results_of_its_steps() -> None:
    result = (add_numbers.s(1, 2) | step1.s() | step2.s()).delay()
    assert result.get(timeout=WAIT) == 8
    assert [result.parent.get(timeout=WAIT), result.parent.parent.get(timeout=WAIT)] == [4, 3]
    assert result.parent.parent.parent is None
    assert chain(step1.s(), step1.s()).apply_async((5,)).get(timeout=WAIT) == 7
    named = chain(step1.s(1), step1.s()).apply_async(task_id=f"last-{uuid.uuid4()}")
    assert named.id.startswith("last-")
    assert named.get(timeout=WAIT) == 3


def test_a_group_and_each_of_its_results() -> None:
    result = group(parallel_task.s(n) for n in range(4)).apply_async()
    assert isinstance(result, GroupResult)
    assert result.get(timeout=WAIT) == [0, 1, 4, 9]
    assert (result.ready(), result.successful(), result.completed_count()) == (True, True, 4)
    assert [one.get(timeout=WAIT) for one in result] == [0, 1, 4, 9]
    assert group(step1.s(), step2.s())(5).get(timeout=WAIT) == [6, 10]
    assert group([]).apply_async().get(timeout=WAIT) == []


def test_groups_in_groups_keep_the_order_in_which_they_are_written() -> None:
    nested = group(step1.s(0), group(step1.s(1), step1.s(2)), step1.s(3) | group(step1.s(), step2.s()))
    assert nested.apply_async().get(timeout=WAIT) == [1, 2, 3, [5, 8]]
    header = group(step1.s(0), group(step1.s(1), step1.s(2)), step1.s(3))
    assert chord(header)(aggregate_results.s()).get(timeout=WAIT) == 10


@pytest.mark.parametrize(
    "start",
    [
        lambda: chord([step1.s(n) for n in range(4)])(aggregate_results.s()),
        lambda: chord((step1.s(n) for n in range(4)), aggregate_results.s()).apply_async(),
        (group(step1.s(n) for n in range(4)) | aggregate_results.s()).delay,
    ],
    ids=["called with its body", "of a generator", "made by |"],
)
def test_a_chord(start) -> None:
    result = start()
    assert result.get(timeout=WAIT) == 10
    assert result.parent.get(timeout=WAIT) == [1, 2, 3, 4]


def test_a_chord_among_steps_and_one_whose_body_is_a_group() -> None:
    wide = step1.s(0) | group(step1.s(), step2.s()) | aggregate_results.s() | step1.s()
    assert wide.apply_async().get(timeout=WAIT) == 5
    ends_wide = chain(step1.s(0), group(step1.s(), step2.s()))
    assert ends_wide.apply_async().get(timeout=WAIT) == [2, 2]


def test_a_group_of_one_among_steps_is_its_member() -> None:
    assert chain(group([step1.s(1)]), step1.s()).apply_async().get(timeout=WAIT) == 3
    assert chain(step1.s(1), group([]), step1.s()).apply_async().get(timeout=WAIT) == 3
    assert chain().apply_async() is None


def test_map_starmap_and_chunks() -> None:
    assert step1.map([1, 2, 3]).delay().get(timeout=WAIT) == [2, 3, 4]
    assert add_numbers.starmap([(1, 2), (3, 4)]).delay().get(timeout=WAIT) == [3, 7]
    rows = add_numbers.chunks([(n, n) for n in range(5)], 2)
    assert rows.apply_async().get(timeout=WAIT) == [[0, 2], [4, 6], [8]]
    assert chain(step1.si(1), add_numbers.chunks([(n, n) for n in range(3)], 2)).delay().get(timeout=WAIT) == [
        [0, 2],
        [4],
    ]


def test_immutable_steps_and_links() -> None:
    assert chain(step1.s(1), step1.si(10)).apply_async().get(timeout=WAIT) == 11
    linked = step1.s(1)
    linked.link(step2.s())
    assert linked.apply_async().get(timeout=WAIT) == 2


def test_options_of_the_decorator_hold_in_canvases_too() -> None:
    assert app.options_of(transform_item.name) == {"time_limit": 30, "ignore_result": True}
    assert transform_item.delay("x").get(timeout=WAIT) is None
    assert chain(transform_item.s("x")).apply_async().get(timeout=WAIT) is None


def test_a_failed_step_fails_what_follows() -> None:
    result = chain(step1.s("one"), step1.s()).apply_async()
    with pytest.raises(TaskFailed, match="data: expected number") as caught:
        result.get(timeout=WAIT)
    assert caught.value.exc_type == "InvalidInput"
    assert (result.state, result.parent.state, result.parent.failed()) == ("FAILURE", "FAILURE", True)
    assert isinstance(result.parent.result, TaskFailed)
    assert isinstance(result.get(timeout=WAIT, propagate=False), TaskFailed)


def test_revoke() -> None:
    result = add_numbers.apply_async((1, 2), countdown=3600)
    assert result.state == "PENDING"
    result.revoke()
    with pytest.raises(TaskRevokedError):
        result.get(timeout=WAIT)
    ended = add_numbers.delay(1, 2)
    assert ended.get(timeout=WAIT) == 3
    ended.revoke(terminate=True)
    members = group(step1.s(n) for n in range(3)).apply_async(countdown=3600)
    members.revoke()
    assert [one.state for one in members] == ["REVOKED"] * 3


def test_a_result_that_does_not_come_in_time() -> None:
    result = add_numbers.apply_async((1, 2), countdown=3600)
    with pytest.raises(CeleryTimeoutError, match=r"within 0\.3 s"):
        result.get(timeout=0.3)
    result.revoke()


def test_bad_input_is_refused_with_its_field() -> None:
    with pytest.raises(InvalidInput, match=r"canvas\.task: expected the name of a task"):
        app.send_task("shop.nothing")
    with pytest.raises(InvalidInput, match=r"canvas\.kwargs\.tasks\[1\]\.options\.queue"):
        chain(step1.s(1), step1.s().set(queue="nowhere")).apply_async()
    with pytest.raises(TypeError):
        add_numbers.delay(1, 2, 3)
    with pytest.raises(NotFound, match="no-such-id"):
        _ = app.AsyncResult("no-such-id").state


def test_an_api_that_does_not_answer_is_a_broker_that_does_not() -> None:
    other = Perennial("other", base_url="http://127.0.0.1:9", api_key=ADMIN_KEY, set_as_current=False)
    with pytest.raises(OperationalError, match=r"127\.0\.0\.1:9"):
        other.send_task("samples.add", (1, 2))
    with pytest.raises(OperationalError):
        _ = other.AsyncResult("some-id").state


def test_an_application_without_an_address_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PERENNIAL_URL")
    with pytest.raises(ValueError, match="base_url: expected the address"):
        Perennial("other", set_as_current=False).send_task("samples.add", (1, 2))


def test_numbers_of_priority_mean_what_they_mean_at_the_broker() -> None:
    def scale(broker: str | None, **options) -> str:
        return Perennial("other", broker=broker, set_as_current=False, **options).priority_scale

    assert scale("redis://localhost") == "redis"
    assert scale("amqp://localhost") == "rabbitmq"
    assert scale(None) == "rabbitmq"
    assert scale("redis://localhost", priority_scale="perennial") == "perennial"


def test_what_has_no_counterpart_says_what_to_use() -> None:
    with pytest.raises(NotSupported, match="perennial worker"):
        app.worker_main(["worker"])
    with pytest.raises(NotSupported, match="perennial queues"):
        app.control.ping()
    with pytest.raises(NotSupported, match="not saved"):
        group(step1.s(1)).apply_async().save()


def test_canvases_of_any_other_application_are_sent_as_ever() -> None:
    plain = Celery("plain", broker="memory://", backend="cache+memory://", set_as_current=False)

    @plain.task(name="plain.add")
    def add(a: int, b: int) -> int:
        return a + b

    plain.conf.task_always_eager = True
    assert (add.s(1, 2) | add.s(3)).apply_async().get() == 6
    plain.conf.task_always_eager = False
    assert chain(add.s(1, 2), add.s(3)).apply_async().state == "PENDING"


def test_a_process_that_forks_has_a_connection_of_its_own() -> None:
    fresh = Perennial("fresh", base_url=URL, api_key=ADMIN_KEY, set_as_current=False)
    first = fresh.client
    pid = os.fork()
    if pid == 0:
        os._exit(0 if fresh.client is not first else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert fresh.client is first
