"""A worker that does not fit its contracts."""

from perennial_client.worker import Worker

worker = Worker()


@worker.task(name="texts.other")
def other() -> int:
    return 1
