"""An application of Celery as it was before Perennial."""

from celery import Celery

app = Celery("shop", broker="memory://", include=["shop.jobs"])
