"""Options of a call, as the API takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: What says something about the call. The rest of Celery's options is about brokers and messages.
_SENT = frozenset(
    {
        *("task_id", "countdown", "eta", "expires", "priority", "queue", "headers"),
        *("time_limit", "soft_time_limit", "ignore_result", "link", "link_error", "stamped_headers"),
        # Perennial's own.
        *("limits", "join", "compensate"),
    }
)


def sent_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what the API knows of some options, without those that are None."""
    names = _SENT.union(options.get("stamped_headers") or ())
    return {
        # A queue may be one of kombu's, which has a name.
        name: getattr(value, "name", value) if name == "queue" else value
        for name, value in options.items()
        if name in names and value is not None
    }
