"""Tasks as a Celery application has them. Their bodies run in Perennial, under the same names."""

from celery_app.app import app


@app.task
def add_numbers(a, b):
    raise NotImplementedError("runs in Perennial")


@app.task
def step1(data):
    raise NotImplementedError("runs in Perennial")


@app.task
def step2(data):
    raise NotImplementedError("runs in Perennial")


@app.task
def parallel_task(data):
    raise NotImplementedError("runs in Perennial")


@app.task
def aggregate_results(data):
    raise NotImplementedError("runs in Perennial")


@app.task(ignore_result=True, time_limit=30)
def transform_item(data):
    raise NotImplementedError("runs in Perennial")
