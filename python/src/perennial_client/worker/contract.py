"""The contracts of the tasks whose bodies are in Python, as the application in TypeScript defines them."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import httpx

from .errors import InvalidSettings
from .settings import Settings

_LOG = logging.getLogger("perennial.worker")
_PATH = "/v1/workers/contract"
_PAUSE = 2.0


class SealedNames(TypedDict):
    """Names of fields that stand sealed in histories, without case, hyphens and underscores."""

    endings: Sequence[str]
    names: Sequence[str]


class Limits(TypedDict):
    softMs: float
    hardMs: float
    heartbeatMs: float


class TaskContract(TypedDict):
    """What is agreed about one task."""

    name: str
    aliases: Sequence[str]
    parameters: Sequence[str]
    queue: str
    retry: Mapping[str, Any]
    limits: Limits
    sealOutput: bool
    input: dict[str, Any]
    output: dict[str, Any]


class _Rate(TypedDict):
    count: float
    perMs: float


class _QueueFields(TypedDict):
    queue: str
    slots: Any


class QueueContract(_QueueFields, total=False):
    """How one process serves a queue."""

    rate: _Rate


class Contract(TypedDict):
    """Everything that the workers of a language need to know."""

    language: str
    queues: Sequence[QueueContract]
    tasks: Sequence[TaskContract]
    failures: Mapping[str, str]
    sealed: SealedNames


def load_contract(settings: Settings) -> Contract:
    """Reads the contract: from its file, else from the API, which may start later. Raises InvalidSettings."""
    if settings.contract is not None:
        try:
            return _checked(json.loads(settings.contract.read_bytes()), str(settings.contract))
        except (OSError, ValueError) as error:
            raise InvalidSettings(f"PERENNIAL_CONTRACT: expected a file of JSON, got {error}") from error
    url = f"{(settings.api_url or '').rstrip('/')}{_PATH}"
    while True:
        try:
            return _fetched(url, settings.api_key)
        except httpx.TransportError as error:
            _LOG.warning("Perennial's API at %s cannot be reached yet: %s", settings.api_url, type(error).__name__)
            time.sleep(_PAUSE)


def _fetched(url: str, key: str | None) -> Contract:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    answer = httpx.get(url, params={"language": "python"}, headers=headers, timeout=30.0)
    if answer.status_code >= 500:
        raise httpx.ReadError(f"the API answered {answer.status_code}")
    if answer.status_code in (401, 403):
        raise InvalidSettings(f"PERENNIAL_API_KEY: expected a key of the API, got {'another' if key else 'none'}")
    if answer.status_code != 200:
        raise InvalidSettings(f"{url}: expected the contract, got the status {answer.status_code}: an older Perennial?")
    return _checked(answer.json(), url)


def _checked(given: Any, place: str) -> Contract:
    fields = Contract.__annotations__
    if not isinstance(given, dict) or not all(name in given for name in fields):
        raise InvalidSettings(f"{place}: expected a contract with {', '.join(fields)}, got something else")
    contract: Contract = given  # type: ignore[assignment]  # its fields are those that Perennial writes
    return contract
