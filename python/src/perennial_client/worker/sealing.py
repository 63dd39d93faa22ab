"""Sealed values: what must not be read in a history is encrypted in its place; all around it stays readable."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from .contract import SealedNames
from .errors import TaskError
from .keys import KeyRing
from .private import MAY_BE_PRIVATE, holds_private

_PREFIX = "sealed:"
_KEY_ID = re.compile(r"[\w.-]{1,32}\Z", re.ASCII)
MARK = "$sealed"
"""The only key of an object around a value that is sealed whole."""


def read_sealed(text: str) -> tuple[str, str] | None:
    """Id of the key and ciphertext of a sealed value; ``None`` for any other text."""
    if not text.startswith(_PREFIX):
        return None
    key_id, _, ciphertext = text[len(_PREFIX) :].partition(":")
    ciphertext = ciphertext.partition(":")[0]
    return (key_id, ciphertext) if _KEY_ID.match(key_id) and ciphertext else None


def is_marked(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and MARK in value


def marked(value: Any) -> Any:
    """Marks a value as one that no history may show."""
    return value if is_marked(value) else {MARK: value}


def unmarked(value: Any) -> Any:
    """The value without the marks in it."""
    if is_marked(value):
        return unmarked(value[MARK])
    if isinstance(value, dict):
        return {key: unmarked(item) for key, item in value.items()}
    return [unmarked(item) for item in value] if isinstance(value, list) else value


def find_sealed(value: Any, place: str) -> tuple[str, str] | None:
    """Place and key of a value that this worker could not open."""
    if isinstance(value, str):
        found = read_sealed(value)
        return None if found is None else (place, found[0])
    if isinstance(value, dict):
        pairs = [(key, f"a name in {place}") for key in value]
        pairs += [(item, f"{place}.{key}") for key, item in value.items()]
    elif isinstance(value, list):
        pairs = [(item, f"{place}.{at}") for at, item in enumerate(value)]
    else:
        return None
    return next((found for item, at in pairs if (found := find_sealed(item, at)) is not None), None)


def _plain(name: str) -> str:
    return re.sub(r"[-_]", "", name).lower()


class SealingCodec(PayloadCodec):
    """Seals on the way to the server and opens on the way back, for every payload in JSON."""

    def __init__(self, keys: KeyRing | None, names: SealedNames) -> None:
        self._keys = keys
        self._names = frozenset(names["names"])
        self._endings = tuple(names["endings"])

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._changed(payload, self.seal) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [
            self._changed(payload, self._open) if _PREFIX.encode() in payload.data else payload for payload in payloads
        ]

    def seal(self, value: Any, field: str) -> Any:
        """Returns what stands in the history for a text, a number, a name or what is marked."""
        if not self._needs_seal(value, field):
            return value
        foreign = read_sealed(value) if isinstance(value, str) else None
        if foreign is not None and (self._keys is None or foreign[0] not in self._keys.ids):
            return value  # it came sealed, and is passed on
        if self._keys is None:
            what = f"'{field}'" if field else "a value"
            raise TaskError(
                "SealKeyMissing",
                f"SEAL_KEYS: expected the keys of the other workers, got none: {what} must not stand in a history in "
                "plain text",
            )
        data = self._keys.seal(_json(value), self._about(field))
        return f"{_PREFIX}{self._keys.key_id}:{base64.urlsafe_b64encode(data).decode().rstrip('=')}"

    def require_keys(self, value: Any) -> None:
        """Raises TaskError where a value needs keys that are missing, before it is on its way."""
        if self._keys is None:
            _walk(value, "", self.seal)

    def _open(self, value: Any, field: str) -> Any:
        found = read_sealed(value) if isinstance(value, str) else None
        if found is None or self._keys is None:
            return value
        key_id, ciphertext = found
        try:
            data = base64.urlsafe_b64decode(ciphertext + "=" * (-len(ciphertext) % 4))
        except ValueError:
            return value
        plain = self._keys.open(key_id, data, self._about(field))
        return value if plain is None else json.loads(plain)

    def _about(self, field: str) -> str:
        return _plain(field) if self._is_sealed_field(field) else "@"

    def _is_sealed_field(self, field: str) -> bool:
        name = _plain(field)
        return field == MARK or name in self._names or name.endswith(self._endings)

    def _needs_seal(self, value: Any, field: str) -> bool:
        if self._is_sealed_field(field):
            return True
        if not isinstance(value, str):
            return False
        return read_sealed(value) is not None or (bool(MAY_BE_PRIVATE.search(value)) and holds_private(value))

    def _changed(self, payload: Payload, change: Callable[[Any, str], Any]) -> Payload:
        if payload.metadata.get("encoding") != b"json/plain":
            return payload
        value = json.loads(payload.data)
        changed = _walk(value, "", change)
        return payload if changed == value else Payload(metadata=payload.metadata, data=_json(changed))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _walk(value: Any, field: str, change: Callable[[Any, str], Any]) -> Any:
    """Applies a change to every text, number, name of a field and marked value."""
    if isinstance(value, list):
        return [_walk(item, field, change) for item in value]
    if is_marked(value):
        return {MARK: change(value[MARK], MARK)}
    if isinstance(value, dict):
        return {str(change(key, "")): _walk(item, key, change) for key, item in value.items()}
    is_changed = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    return change(value, field) if is_changed else value
