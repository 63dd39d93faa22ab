"""Finds words that name a person, give a secret or let one be guessed; the same rules as those of the other workers."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"[^@/\s]@[^@./\s]+\.[^@\s]")
_ASSIGNED = re.compile(r"""(?:token|passw(?:or)?d|secret|api[-_]?key|authorization)["']?=\S""", re.IGNORECASE)
_CHECKSUM = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)
MAY_BE_PRIVATE = re.compile(r"[@?=]|[0-9a-f]{64}", re.IGNORECASE)
"""Text without a match holds nothing private."""


def holds_private(text: str) -> bool:
    """Says whether a text may name a person, give a secret or let one be guessed."""
    if not MAY_BE_PRIVATE.search(text):
        return False
    return any(found.search(text) for found in (_ADDRESS, _ASSIGNED, _CHECKSUM)) or _holds_private_url(text)


def without_private(text: str) -> str:
    """The text with each word hidden that may not be read."""
    return re.sub(r"\S+", lambda found: "[sealed]" if holds_private(found[0]) else found[0], text)


def _holds_private_url(text: str) -> bool:
    return any("@" in url.split("/", 1)[0] or "?" in url for url in re.findall(r"://(\S*)", text))
