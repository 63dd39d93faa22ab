"""Where Celery's results come from: the API."""

from __future__ import annotations

from collections.abc import Callable
from time import sleep
from typing import Any, NoReturn

from celery import states
from celery.backends.base import BaseBackend

from .. import wire
from ..errors import ResultTimeout as ClientTimeout
from ..errors import TaskFailed
from ..wire import KNOWN_WITHIN, TaskInfo
from .errors import NotSupported, ResultTimeout, TaskRevoked


class PerennialBackend(BaseBackend):
    """Reads results from Perennial, which keeps them as long as the retention of its server says."""

    def _get_task_meta_for(self, task_id: str) -> dict[str, Any]:
        info = self.app.reach(lambda: self.app.client.look(task_id, patience=KNOWN_WITHIN))
        return {
            "task_id": task_id,
            "status": info.state,
            "result": _result_of(info),
            "traceback": info.traceback,
            "name": info.task_name,
            "children": None,
            "date_done": None,
        }

    def wait_for(
        self,
        task_id: str,
        timeout: float | None = None,
        interval: float = 0.5,
        no_ack: bool = True,
        on_interval: Callable[[], Any] | None = None,
    ) -> dict[str, Any]:
        """Waits for the end of a task; looks more often at first than Celery does."""
        self._ensure_not_eager()
        try:
            for pause in wire.pauses(task_id, timeout):
                meta: dict[str, Any] = self.get_task_meta(task_id)
                if meta["status"] in states.READY_STATES:
                    return meta
                if on_interval:
                    on_interval()
                sleep(pause)
        except ClientTimeout as error:
            raise ResultTimeout(error.task_id, error.seconds) from None
        raise AssertionError("unreachable: pauses end by an error only")

    def forget(self, task_id: str) -> None:
        """Drops the copy of this process."""
        self._cache.pop(task_id, None)

    def _save_group(self, group_id: str, result: Any) -> NoReturn:
        raise NotSupported("Groups are not saved: keep the ids of their results, which can be asked for anywhere.")

    def _restore_group(self, group_id: str) -> NoReturn:
        raise NotSupported("Groups are not saved: make a ResultSet of the ids of their results.")

    def _delete_group(self, group_id: str) -> None:
        """Does nothing, as no group is saved."""


def _result_of(info: TaskInfo) -> Any:
    if info.state == states.SUCCESS:
        return info.result
    if info.state == states.REVOKED:
        return TaskRevoked(info.task_id, info.reason)
    if info.state == states.RETRY:
        last = info.info if isinstance(info.info, dict) else {}
        return TaskFailed(info.task_id, str(last.get("exc_type")), str(last.get("exc_message")))
    return info.error() or info.info
