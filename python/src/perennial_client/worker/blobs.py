"""Payloads that are too large for a history, in the store of the other workers (``BLOB_URL``)."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    ExternalStorage,
    StorageDriver,
    StorageDriverClaim,
    StorageDriverRetrieveContext,
    StorageDriverSelectContext,
    StorageDriverStoreContext,
    StorageDriverWorkflowInfo,
)

from .errors import InvalidSettings, TaskError

_FOLDER = "payloads"
_CANVAS_BYTES = 32 * 1024
_OTHER_BYTES = 1_000_000
_CANVASES = ("runCanvas", "runCanvasPart")
_NAME = "perennial-blobs"


def storage_of(url: str | None) -> ExternalStorage | None:
    """Opens the store. Raises InvalidSettings for one of a kind that this worker does not have."""
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme != "file" or not parts.path.strip("/"):
        raise InvalidSettings(
            f"BLOB_URL: expected file:///folder, got the kind {parts.scheme!r}: workers in Python read folders alone. "
            "Without BLOB_URL, inputs and results beyond 32 kB (in a canvas) or 1 MB cannot be read"
        )
    driver = _FileDriver(Path(unquote(parts.path)))

    def select(chosen: StorageDriverSelectContext, payload: Payload) -> StorageDriver | None:
        target = chosen.target
        kind = target.type if isinstance(target, StorageDriverWorkflowInfo) else "activity"
        largest = _CANVAS_BYTES if kind is None or kind in _CANVASES else _OTHER_BYTES
        return driver if len(payload.data) >= largest else None

    return ExternalStorage(drivers=[driver], driver_selector=select, payload_size_threshold=_CANVAS_BYTES)


class _FileDriver(StorageDriver):
    """Blobs as files that are named by their checksum."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def name(self) -> str:
        return _NAME

    def type(self) -> str:
        return "perennial.blobs"

    async def store(self, context: StorageDriverStoreContext, payloads: Sequence[Payload]) -> list[StorageDriverClaim]:
        return [await asyncio.to_thread(self._put, payload.SerializeToString()) for payload in payloads]

    async def retrieve(
        self, context: StorageDriverRetrieveContext, claims: Sequence[StorageDriverClaim]
    ) -> list[Payload]:
        return [Payload.FromString(await asyncio.to_thread(self._get, claim)) for claim in claims]

    def _put(self, data: bytes) -> StorageDriverClaim:
        sha256 = hashlib.sha256(data).hexdigest()
        key = f"{_FOLDER}/{sha256[:2]}/{sha256}"
        target, incoming = self._root / key, self._root / ".incoming" / str(uuid4())
        for folder in (target.parent, incoming.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with incoming.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            # Readers see the whole file or none.
            incoming.replace(target)
        finally:
            incoming.unlink(missing_ok=True)
        return StorageDriverClaim({"store": "file", "key": key, "size": str(len(data)), "sha256": sha256})

    def _get(self, claim: StorageDriverClaim) -> bytes:
        given = claim.claim_data
        store, key, sha256 = given.get("store"), given.get("key", ""), given.get("sha256", "")
        if store != "file" or not re.fullmatch(r"[0-9a-f]{64}", sha256) or key != f"{_FOLDER}/{sha256[:2]}/{sha256}":
            raise TaskError("BlobCorrupt", f"payload: expected a reference to a file of BLOB_URL, got one to {store!r}")
        data = (self._root / key).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise TaskError("BlobCorrupt", f"payload: expected the content of {key}, got another one")
        return data
