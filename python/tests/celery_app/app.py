"""The line that an application changes; the address and the key come from the environment."""

from perennial_client.celery import Perennial

app = Perennial("celery_app", broker="redis://broker.invalid:6379/0", backend="redis://broker.invalid:6379/1")
