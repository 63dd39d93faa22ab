"""Errors that are Celery's too, so that an application catches them as before."""

from __future__ import annotations

from celery.exceptions import TaskRevokedError
from celery.exceptions import TimeoutError as CeleryTimeoutError
from kombu.exceptions import OperationalError

from .. import errors


class Unreachable(errors.Unreachable, OperationalError):
    """The API gave no answer; Celery raises ``OperationalError`` for a broker that does not."""


class ResultTimeout(errors.ResultTimeout, CeleryTimeoutError):
    """The task did not end within the time given; it goes on."""


class TaskRevoked(errors.TaskRevoked, TaskRevokedError):
    """The task was revoked, or expired before it began."""


class NotSupported(errors.PerennialError, NotImplementedError):
    """Perennial has no counterpart of what was called; the message says what to use instead."""
