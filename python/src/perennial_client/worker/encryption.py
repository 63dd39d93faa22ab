"""Whole payloads encrypted, for installations that want nothing readable on the server (``PAYLOAD_KEYS``)."""

from __future__ import annotations

from collections.abc import Sequence

from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from .errors import TaskError
from .keys import KeyRing

_ENCODING = b"binary/encrypted"
_KEY_ID = "encryption-key-id"
_ABOUT = "payload"


class EncryptionCodec(PayloadCodec):
    """Encrypts every payload."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._encrypted(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._decrypted(payload) for payload in payloads]

    def _encrypted(self, payload: Payload) -> Payload:
        metadata = {"encoding": _ENCODING, _KEY_ID: self._keys.key_id.encode()}
        return Payload(metadata=metadata, data=self._keys.seal(payload.SerializeToString(), _ABOUT))

    def _decrypted(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != _ENCODING:
            return payload
        key_id = payload.metadata.get(_KEY_ID, b"").decode(errors="replace")
        plain = self._keys.open(key_id, payload.data, _ABOUT)
        if plain is None:
            raise TaskError(
                "SealedValueUnreadable",
                f"payload: expected one encrypted with a key of this process ({', '.join(self._keys.ids)}), got one of "
                f"the key {key_id}; add that key to PAYLOAD_KEYS, behind the first",
            )
        return Payload.FromString(plain)


class RefusingCodec(PayloadCodec):
    """Stands where no keys are given: an encrypted payload would be taken for bytes."""

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return list(payloads)

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        for payload in payloads:
            if payload.metadata.get("encoding") == _ENCODING:
                raise TaskError("SealedValueUnreadable", "payload: it is encrypted; expected PAYLOAD_KEYS, got none")
        return list(payloads)
