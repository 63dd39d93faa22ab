"""Keys by id: the first one seals, each of them opens. The same bytes as those of the other workers."""

from __future__ import annotations

import base64
import os
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_ID = re.compile(r"[\w.-]{1,32}\Z", re.ASCII)
_KEY = re.compile(r"[A-Za-z0-9+/]{43}=\Z")
_NONCE_BYTES = 12


class KeyRing:
    """Seals and opens bytes with the keys of a list such as ``2026:KEY,2025:KEY``, each 32 bytes in base64.

    Raises ValueError for anything else; the message does not repeat the list.
    """

    def __init__(self, keys: str, field: str) -> None:
        named = [entry.strip().partition(":")[::2] for entry in keys.split(",")]
        self._ciphers: dict[str, AESGCM] = {}
        for key_id, key in named:
            if not _ID.match(key_id) or not _KEY.match(key) or key_id in self._ciphers:
                raise ValueError(
                    f"{field}: expected ID:KEY, or several separated by commas, each with an id of its own and "
                    "32 bytes in base64, got something else. A key is made by: openssl rand -base64 32"
                )
            self._ciphers[key_id] = AESGCM(base64.b64decode(key))
        self.key_id = named[0][0]

    @property
    def ids(self) -> list[str]:
        return list(self._ciphers)

    def seal(self, plain: bytes, about: str) -> bytes:
        """Seals bytes for one purpose: they are opened for the same alone."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._ciphers[self.key_id].encrypt(nonce, plain, f"{self.key_id}\n{about}".encode())

    def open(self, key_id: str, data: bytes, about: str) -> bytes | None:
        """Gives the plain bytes; ``None`` under an unknown key, for another purpose, and when they were changed."""
        cipher = self._ciphers.get(key_id)
        if cipher is None or len(data) <= _NONCE_BYTES:
            return None
        try:
            return cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], f"{key_id}\n{about}".encode())
        except InvalidTag:
            return None
