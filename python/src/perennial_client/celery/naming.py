"""Ids for the calls of a canvas, and the results that Celery would return for it.

The ids are chosen here, as Celery does, so that every result of the tree can be asked for by its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from celery.utils import uuid

from .options import sent_options

if TYPE_CHECKING:
    from .app import Perennial

Data = dict[str, Any]

_KINDS = {"xmap": "map", "xstarmap": "starmap"}
_COMPOSITIONS = {"chain", "group", "chord", "map", "starmap", "chunks"}


def plain(value: Any) -> Any:
    """Copies a signature to dictionaries and lists; generators among its members are read out."""
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)) or _is_lazy(value):
        return [plain(entry) for entry in value]
    return value


def _is_lazy(value: Any) -> bool:
    return isinstance(value, Iterable) and hasattr(value, "__next__")


def kind_of(signature: Data) -> str:
    """Returns ``task``, ``chain``, ``group``, ``chord``, ``map``, ``starmap`` or ``chunks``."""
    subtype = signature.get("subtask_type") or ""
    name = str(signature["task"])
    kind = _KINDS.get(subtype, subtype) or (name.removeprefix("celery.") if name.startswith("celery.") else "")
    return kind if kind in _COMPOSITIONS else "task"


class Naming:
    """Names the calls of one canvas."""

    def __init__(self, app: Perennial) -> None:
        self._app = app

    def name(self, signature: Data, task_id: str | None = None, parent: Any = None) -> tuple[Data, Any]:
        """Gives every call an id.

        Args:
            signature: As :func:`plain` returns it.
            task_id: For the call whose result is that of the signature.
            parent: Result of what runs before it.

        Returns:
            The signature with ids, and its result: ``None`` for a chain without steps.
        """
        options = sent_options(signature.get("options") or {})
        own = options.pop("task_id", None) or task_id
        named = {**signature, "options": options}
        kind = kind_of(signature)
        if kind == "chunks":
            return self.name(_as_group(named), own, parent)
        if kind == "chain":
            return self._chain(named, own, parent)
        if kind == "group":
            return self._group(named, own, parent)
        if kind == "chord":
            return self._chord(named, own, parent)
        return self._task(named, own or uuid(), parent)

    def _task(self, signature: Data, task_id: str, parent: Any) -> tuple[Data, Any]:
        options = {**self._app.options_of(signature["task"]), **signature["options"], "task_id": task_id}
        return {**signature, "options": options}, self._app.AsyncResult(task_id, parent=parent)

    def _chain(self, signature: Data, task_id: str | None, parent: Any) -> tuple[Data, Any]:
        steps = signature["kwargs"]["tasks"]
        named: list[Data] = []
        result = parent
        for index, step in enumerate(steps):
            member = _only_member(step)
            # An empty group among steps is skipped, and one of one is its member.
            one = step if member is None else member
            data, last = self.name(one, task_id if index == len(steps) - 1 else None, result)
            named.append(data if member is None else {**step, "kwargs": {**step["kwargs"], "tasks": [data]}})
            if not _is_empty(step):
                result = last
        return _with(signature, tasks=named), None if result is parent else result

    def _group(self, signature: Data, task_id: str | None, parent: Any) -> tuple[Data, Any]:
        named: list[Data] = []
        results: list[Any] = []
        for member in signature["kwargs"]["tasks"]:
            data, result = self.name(member, None, parent)
            named.append(data)
            # Groups in groups are one group; a chain that ends in a group is one member of it.
            results.extend(result.results if kind_of(member) == "group" else [result])
        return _with(signature, tasks=named), self._app.GroupResult(task_id or uuid(), results, parent=parent)

    def _chord(self, signature: Data, task_id: str | None, parent: Any) -> tuple[Data, Any]:
        header = signature["kwargs"]["header"]
        group = header if isinstance(header, dict) else _group_of(header)
        named, before = self.name(group, None, parent)
        body, result = self.name(signature["kwargs"]["body"], task_id, before)
        return _with(signature, header=named, body=body), result


def _with(signature: Data, **kwargs: Any) -> Data:
    return {**signature, "kwargs": {**signature["kwargs"], **kwargs}}


def _group_of(tasks: list[Data]) -> Data:
    return {
        "task": "celery.group",
        "args": [],
        "kwargs": {"tasks": tasks},
        "options": {},
        "subtask_type": "group",
        "immutable": False,
    }


def _only_member(step: Data) -> Data | None:
    if kind_of(step) != "group" or len(step["kwargs"]["tasks"]) != 1:
        return None
    member: Data = step["kwargs"]["tasks"][0]
    return member


def _is_empty(step: Data) -> bool:
    return kind_of(step) in {"group", "chain"} and not step["kwargs"]["tasks"]


def _as_group(chunks: Data) -> Data:
    """Returns what Celery makes of ``chunks``: a group with a starmap of each part, whose results have ids."""
    task, rows, size = (chunks["kwargs"][key] for key in ("task", "it", "n"))
    parts = [
        {
            "task": "celery.starmap",
            "args": [],
            "kwargs": {"task": task, "it": rows[start : start + size]},
            "options": {},
            "subtask_type": "starmap",
            "immutable": True,
        }
        for start in range(0, len(rows), size)
    ]
    return {**_group_of(parts), "options": chunks["options"]}
