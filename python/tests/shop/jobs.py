"""Its tasks, none of which was changed for Perennial."""

from pathlib import Path
from typing import Any

from celery import Task
from celery.exceptions import SoftTimeLimitExceeded

from shop.app import app


class Noted(Task):
    """As a web framework wraps each call."""

    wrapped = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        Noted.wrapped += 1
        return self.run(*args, **kwargs)


@app.task
def resize(picture, width=100):
    return f"{picture}-{width}"


@app.task(bind=True, max_retries=5, base=Noted)
def flaky(self, file):
    with Path(file).open("a") as notes:
        notes.write(f"{self.request.retries}\n")
    if self.request.retries == 0:
        try:
            raise OSError("no connection to ada@example.com")
        except OSError as error:
            raise self.retry(exc=error, countdown=20) from error
    return {"retries": self.request.retries, "id": self.request.id, "wrapped": Noted.wrapped}


@app.task(autoretry_for=(KeyError,), retry_backoff=1, retry_jitter=False)
def automatic(file):
    with Path(file).open("a") as notes:
        notes.write("attempt\n")
    if len(Path(file).read_text().splitlines()) < 3:
        raise KeyError("not yet")
    return 3


@app.task(bind=True)
def bound(self, value):
    self.update_state(state="PROGRESS", meta={"at": value})
    return {"name": self.name, "eager": bool(self.app.conf.task_always_eager), "value": value + 1}


@app.task
def limited():
    try:
        while True:
            pass
    except SoftTimeLimitExceeded:
        return "in part"


@app.task(bind=True)
def replaced(self):
    return self.replace(resize.s("cat"))


@app.task
def without_contract():
    return 1
