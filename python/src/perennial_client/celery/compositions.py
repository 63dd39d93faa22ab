"""Canvases: posted as one composition, instead of message by message.

Celery's ``chain``, ``group`` and ``chord`` send their parts themselves, so that the classes have to be told of
applications whose canvases go elsewhere. Those of any other application are sent as ever.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from celery import canvas

from .naming import Naming, plain
from .options import sent_options

_Method = Callable[..., Any]
_installed = False


def install() -> None:
    """Makes the canvases of Perennial applications go to the API."""
    global _installed  # noqa: PLW0603 - once for each process
    if _installed:
        return
    _installed = True
    for kind in (canvas._chain, canvas.group, canvas._chord):
        kind.apply_async = _redirected(kind.apply_async)


def _redirected(ordinary: _Method) -> _Method:
    @functools.wraps(ordinary)
    def apply_async(self: Any, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        from .app import Perennial  # noqa: PLC0415 - the application installs this module

        app = self.app
        if not isinstance(app, Perennial) or app.conf.task_always_eager:
            return ordinary(self, args, kwargs, **options)
        return _post(app, self, tuple(args or ()), dict(kwargs or {}), options)

    return apply_async


def _post(app: Any, signature: Any, args: tuple[Any, ...], kwargs: dict[str, Any], options: Mapping[str, Any]) -> Any:
    if isinstance(signature, canvas.group) and (options.get("link") or options.get("link_error")):
        raise TypeError("Cannot add a link to a group: use a chord, or link its tasks")
    data = plain(signature)
    if isinstance(signature, canvas._chord):
        # chord(header)(body) gives its body as an argument.
        body = kwargs.pop("body", None)
        if body is not None:
            data["kwargs"]["body"] = plain(body)
    given = sent_options(options)
    data, result = Naming(app).name(data, given.pop("task_id", None))
    if result is None or data["kwargs"].get("tasks") == []:
        return result
    app.start_canvas(data, args, kwargs, given)
    return result
