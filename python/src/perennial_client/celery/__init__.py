"""Sends the tasks and canvases of a Celery application to Perennial.

An application changes the line that creates its app, and nothing else::

    from perennial_client.celery import Perennial

    app = Perennial("shop", base_url="http://localhost:8080", api_key=key)
"""

from .app import Perennial
from .errors import NotSupported, ResultTimeout, TaskRevoked, Unreachable

__all__ = ["NotSupported", "Perennial", "ResultTimeout", "TaskRevoked", "Unreachable"]
