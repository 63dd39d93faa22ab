"""The Celery application that Perennial is compared with. Settings come from the environment."""

import os
import time

from celery import Celery
from redis import Redis

URL = os.environ["BENCH_REDIS"]

#: Lines that tell what tasks did, for counting effects: "begun N" and "done N".
EFFECTS = "bench:effects"

app = Celery("bench", broker=URL, backend=URL)
app.conf.update(
    task_serializer="json",
    result_serializer="json",
    accept_content=["json"],
    broker_connection_retry_on_startup=True,
    worker_prefetch_multiplier=int(os.environ.get("BENCH_PREFETCH", "64")),
)
if os.environ.get("BENCH_SAFEST") == "1":
    # What loses nothing when a worker is killed, and gives back what it held after 10 s in place of an hour.
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        broker_transport_options={"visibility_timeout": 10, "unacked_restore_interval": 1},
        result_backend_transport_options={"visibility_timeout": 10},
    )

redis = Redis.from_url(URL)


@app.task
def add_one(data):
    return data + 1


@app.task
def total(data):
    return sum(data)


@app.task
def sleep_ms(number, milliseconds):
    redis.rpush(EFFECTS, f"begun {number}")
    time.sleep(milliseconds / 1000)
    redis.rpush(EFFECTS, f"done {number}")
    return number
