"""Checks that what a body takes and gives is what its contract says, and JSON."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from .errors import TaskError

_LOG = logging.getLogger("perennial.worker")
_MOST_FAULTS = 10
_LARGEST = 2**53 - 1
_DEEPEST = 500
_MOST_BYTES = 4_000_000
_SURROGATE = re.compile("[\ud800-\udfff]")


class Checked:
    """The schema of one side of a task."""

    def __init__(self, schema: dict[str, Any], task: str, side: str) -> None:
        self._validator = Draft202012Validator(_readable(schema, f"{task}: {side}"))
        self._task = task
        self._kind = "InvalidInput" if side == "input" else "InvalidOutput"
        self._path = "input" if side == "input" else "result"

    def check(self, value: Any) -> None:
        """Raises TaskError with field and expectation; it repeats no values, because histories show it."""
        faults = [_fault(error, self._path) for error in self._validator.iter_errors(value)]
        if faults:
            raise TaskError(self._kind, f"{self._task}: {'; '.join(faults[:_MOST_FAULTS])}")


def _fault(error: ValidationError, path: str) -> str:
    place = path + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    return f"{place}: expected {_expected(error)}, got {_kind_of(error.instance)}"


def _expected(error: ValidationError) -> str:
    rule, wanted = str(error.validator), error.validator_value
    if rule == "type":
        return " or ".join(wanted) if isinstance(wanted, list) else str(wanted)
    if rule == "required":
        missing = [name for name in wanted if isinstance(error.instance, Mapping) and name not in error.instance]
        return f"the fields {', '.join(missing)}"
    if rule == "additionalProperties":
        return "no other fields than those of the contract"
    if rule in ("anyOf", "oneOf"):
        return "one of the forms of the contract"
    if rule in ("enum", "const"):
        return f"{rule} {wanted!r}"
    return f"{rule} {wanted}" if isinstance(wanted, (int, float, str)) else f"what `{rule}` of the contract says"


def _kind_of(value: Any) -> str:
    kinds = {bool: "boolean", dict: "object", list: "array", str: "string", int: "integer", float: "number"}
    return "null" if value is None else kinds.get(type(value), type(value).__name__)


def plain_json(value: Any, task: str) -> Any:
    """The value as plain JSON. Raises TaskError for what is none, is too large, or would reach nobody as it is."""
    return _Plain(task).of(value, "result", 0)


class _Plain:
    def __init__(self, task: str) -> None:
        self._task = task
        self._left = _MOST_BYTES

    def _count(self, size: int) -> None:
        """Ends at the limit, so that it takes as long for any value above it."""
        self._left -= size
        if self._left < 0:
            fault = self._fault("result", f"at most {_MOST_BYTES} bytes as JSON", "more")
            raise TaskError(fault.kind, f"{fault.message}; store large content and return a reference to it")

    def of(self, value: Any, path: str, depth: int) -> Any:
        if depth > _DEEPEST:
            raise self._fault("result", f"at most {_DEEPEST} levels", "more")
        self._count(2)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._text(value, path)
        if isinstance(value, (int, float)):
            return self._number(value, path)
        if isinstance(value, (list, tuple)):
            return [self.of(item, f"{path}[{at}]", depth + 1) for at, item in enumerate(value)]
        if isinstance(value, Mapping):
            return dict(self._fields(value, path, depth))
        raise self._fault(path, "JSON", f"a value of the type {type(value).__name__}")

    def _fields(self, value: Mapping[Any, Any], path: str, depth: int) -> Iterator[tuple[str, Any]]:
        for key, item in value.items():
            if not isinstance(key, str):
                raise self._fault(path, "names that are text", f"one of the type {type(key).__name__}")
            yield self._text(key, path), self.of(item, f"{path}.{key}", depth + 1)

    def _text(self, value: str, path: str) -> str:
        self._count(len(value))
        if _SURROGATE.search(value):
            raise self._fault(path, "text without lone surrogates", "half of a pair of code units")
        return str(value)

    def _number(self, value: int | float, path: str) -> int | float:
        if isinstance(value, float) and not math.isfinite(value):
            raise self._fault(path, "a finite number", repr(value))
        if abs(value) > _LARGEST and (isinstance(value, int) or value.is_integer()):
            raise self._fault(path, "an integer within ±(2^53 - 1); pass larger ones as text", "a larger one")
        return int(value) if isinstance(value, int) else float(value)

    def _fault(self, path: str, expected: str, got: str) -> TaskError:
        return TaskError("InvalidOutput", f"{self._task}: {path}: expected {expected}, got {got}")


def _readable(schema: Any, place: str) -> Any:
    """The schema without patterns that Python does not know; `$` in them is the end of the text alone."""
    if isinstance(schema, list):
        return [_readable(item, place) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _readable(item, place) for key, item in schema.items()}
    if isinstance(schema.get("pattern"), str):
        pattern = re.sub(r"(?<!\\)\$$", r"\\Z", schema["pattern"])
        try:
            re.compile(pattern)
            kept["pattern"] = pattern
        except re.error:
            _LOG.warning("%s: the pattern %s is one of JavaScript alone, so that it is not checked", place, pattern)
            del kept["pattern"]
    return kept
