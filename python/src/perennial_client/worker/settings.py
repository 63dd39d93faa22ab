"""Settings of a worker, from the environment variables that the other workers have."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import InvalidSettings
from .keys import KeyRing


@dataclass(frozen=True)
class Tls:
    """Certificates of the connection to Temporal."""

    ca: bytes | None
    cert: bytes | None
    key: bytes | None
    server_name: str | None


@dataclass(frozen=True)
class Settings:
    """What a worker is told."""

    address: str
    namespace: str
    temporal_key: str | None
    tls: Tls | None
    api_url: str | None
    """Address of Perennial's API, which has the contracts."""
    api_key: str | None
    contract: Path | None
    """A file with the contracts, in place of the API."""
    seal_keys: KeyRing | None
    payload_keys: KeyRing | None
    blob_url: str | None
    retry_delay_scale: float
    grace: float
    """Seconds that running bodies have to end once the worker is told to stop."""


def settings_of(env: Mapping[str, str] | None = None) -> Settings:
    """Reads the settings. Raises InvalidSettings with every fault."""
    reader = _Reader(os.environ if env is None else env)
    contract = reader.text("PERENNIAL_CONTRACT")
    settings = Settings(
        address=reader.text("TEMPORAL_ADDRESS") or "127.0.0.1:7233",
        namespace=reader.text("TEMPORAL_NAMESPACE") or "default",
        temporal_key=reader.text("TEMPORAL_API_KEY"),
        tls=reader.tls(),
        api_url=reader.text("PERENNIAL_URL"),
        api_key=reader.text("PERENNIAL_API_KEY"),
        contract=None if contract is None else Path(contract),
        seal_keys=reader.keys("SEAL_KEYS"),
        payload_keys=reader.keys("PAYLOAD_KEYS"),
        blob_url=reader.text("BLOB_URL"),
        retry_delay_scale=reader.number("RETRY_DELAY_SCALE", 1.0),
        grace=reader.number("SHUTDOWN_GRACE_MS", 10_000.0) / 1000,
    )
    if settings.api_url is None and settings.contract is None:
        reader.faults.append("PERENNIAL_URL: expected the address of Perennial's API, got nothing")
    if reader.faults:
        raise InvalidSettings("\n".join(reader.faults))
    return settings


class _Reader:
    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.faults: list[str] = []

    def text(self, name: str) -> str | None:
        return self.env.get(name, "").strip() or None

    def number(self, name: str, default: float) -> float:
        text = self.text(name)
        try:
            number = default if text is None else float(text)
        except ValueError:
            number = -1.0
        if number >= 0:
            return number
        self.faults.append(f"{name}: expected a number, at least 0, got {text!r}")
        return default

    def keys(self, name: str) -> KeyRing | None:
        text = self.text(name)
        try:
            return None if text is None else KeyRing(text, name)
        except ValueError as error:
            self.faults.append(str(error))
            return None

    def file(self, name: str) -> bytes | None:
        text = self.text(name)
        try:
            return None if text is None else Path(text).read_bytes()
        except OSError as error:
            self.faults.append(f"{name}: expected a file that can be read, got {type(error).__name__} for {text}")
            return None

    def tls(self) -> Tls | None:
        if (self.text("TEMPORAL_TLS") or "false").lower() not in ("true", "1", "yes"):
            return None
        return Tls(
            ca=self.file("TEMPORAL_TLS_CA"),
            cert=self.file("TEMPORAL_TLS_CERT"),
            key=self.file("TEMPORAL_TLS_KEY"),
            server_name=self.text("TEMPORAL_TLS_SERVER_NAME"),
        )
