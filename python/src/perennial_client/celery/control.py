"""Remote control, as far as Perennial has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from celery.app.control import Control

from ..errors import Conflict
from .errors import NotSupported


class PerennialControl(Control):
    """Revokes tasks through the API."""

    def revoke(
        self, task_id: str | Iterable[str], destination: Any = None, terminate: bool = False, **kwargs: Any
    ) -> None:
        """Revokes one task or several; those that have ended stay as they are, as in Celery."""
        for one in [task_id] if isinstance(task_id, str) else task_id:
            self._revoke(one, terminate)

    def terminate(self, task_id: str | Iterable[str], destination: Any = None, **kwargs: Any) -> None:
        self.revoke(task_id, terminate=True)

    def _revoke(self, task_id: str, terminate: bool) -> None:
        try:
            self.app.reach(lambda: self.app.client.revoke(task_id, terminate=terminate))
        except Conflict:
            # The task has ended.
            return

    def broadcast(self, command: str, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuses what Celery's workers are told; Perennial's workers are not steered by messages."""
        raise NotSupported(f"'{command}' has no counterpart: see `perennial queues` and `perennial tasks`.")
