"""Tells which failure an exception is, whoever raised it."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time
from typing import Any, TypeAlias

from .errors import TaskError
from .private import without_private

LONGEST_MESSAGE = 2_000
_MOST_CAUSES = 10


@dataclass(frozen=True)
class Classified:
    """Which failure an exception is; ``message`` is for people, bounded and without what may not be read."""

    kind: str
    message: str
    retry_after_ms: float | None = None


def classify(error: BaseException) -> Classified:
    """One of ours by itself; one of another by its own fields and by those of its causes, the outermost first."""
    message = message_of(error)
    for link in _chain(error):
        if isinstance(link, TaskError):
            asked = None if link.retry_after is None else link.retry_after * 1000
            return Classified(link.kind, message, asked)
        for rule in _RULES:
            found = rule(link)
            if found is not None:
                return Classified(found[0], message, found[1])
    return Classified("Unexpected", message)


def message_of(error: BaseException) -> str:
    """The message of a failure. An error of another has its name in front, and no private words."""
    try:
        text = str(error)
    except Exception:
        text = "an error whose message cannot be read"
    text = _shortened(text, LONGEST_MESSAGE)
    if isinstance(error, TaskError):
        return text
    return f"{type(error).__name__}: {without_private(text)}"


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return f"{text[:most].rsplit(None, 1)[0]}… ({len(text)} characters)"


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if link is None:
            return
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


_Found: TypeAlias = "tuple[str, float | None]"

_STATUSES = {
    401: "BackendAuthFailed",
    407: "BackendAuthFailed",
    408: "BackendTimeout",
    420: "BackendThrottled",
    421: "BackendUnavailable",
    423: "BackendUnavailable",
    425: "BackendUnavailable",
    429: "BackendThrottled",
    501: "BackendRejected",
    504: "BackendTimeout",
    505: "BackendRejected",
    509: "BackendThrottled",
    511: "BackendAuthFailed",
    529: "BackendThrottled",
}


def _of_http(error: BaseException) -> _Found | None:
    """Answers as requests, httpx, aiohttp, urllib and boto keep them."""
    response = getattr(error, "response", None)
    status = next(
        (
            found
            for found in (
                getattr(response, "status_code", None),
                getattr(error, "status_code", None),
                getattr(error, "status", None),
                getattr(error, "code", None),
                _within(response, "ResponseMetadata", "HTTPStatusCode"),
            )
            if isinstance(found, int)
        ),
        0,
    )
    if not 300 <= status <= 599:
        return None
    asked = _asked(getattr(response, "headers", None) or getattr(error, "headers", None))
    if status == 503 and asked is not None:
        return "BackendThrottled", asked
    return _STATUSES.get(status, "BackendFailed" if status >= 500 else "BackendRejected"), asked


def _within(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _asked(headers: Any) -> float | None:
    """Milliseconds of ``Retry-After``, from one second to a day."""
    try:
        text = str(headers.get("Retry-After") or headers.get("retry-after") or "").strip()
    except Exception:
        return None
    if not text or len(text) > 100:
        return None
    is_number = text.replace(".", "", 1).isdigit()
    try:
        seconds = float(text) if is_number else parsedate_to_datetime(text).timestamp() - time()
    except (ValueError, TypeError):
        return None
    return min(max(seconds * 1000, 1000.0), 24 * 3600 * 1000.0)


_NUMBERS = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "StorageFull"),
    **dict.fromkeys((errno.EIO, errno.ENXIO, errno.ENODEV, errno.ESTALE), "StorageUnavailable"),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.EBUSY, errno.EINTR), "SystemBusy"),
    **dict.fromkeys((errno.ENOMEM, errno.ENOBUFS, errno.EADDRINUSE), "SystemBusy"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOEXEC), "SystemRefused"),
    **dict.fromkeys((errno.ENOENT, errno.ENOTDIR, errno.EISDIR), "FileMissing"),
    **dict.fromkeys((errno.ECONNREFUSED, errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE), "BackendUnavailable"),
    **dict.fromkeys((errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN), "BackendUnavailable"),
    **dict.fromkeys((errno.ETIMEDOUT,), "BackendTimeout"),
    **dict.fromkeys((errno.EINVAL, errno.ENAMETOOLONG, errno.ELOOP, errno.EFBIG, errno.EEXIST), "PermanentError"),
}

#: By the names of classes, so that no library need be installed; those of bases count too.
_NAMES = {
    **dict.fromkeys(("ConnectTimeout", "ReadTimeout", "Timeout", "TimeoutException", "TimeoutError"), "BackendTimeout"),
    **dict.fromkeys(("SSLError", "SSLCertVerificationError", "CertificateError"), "BackendUntrusted"),
    **dict.fromkeys(("ConnectionError", "ConnectError", "NetworkError", "gaierror"), "BackendUnavailable"),
    **dict.fromkeys(("RateLimitError", "ThrottlingException", "SlowDown"), "BackendThrottled"),
    **dict.fromkeys(("OperationalError", "InterfaceError"), "DatabaseUnavailable"),
    **dict.fromkeys(("IntegrityError", "DataError", "ProgrammingError"), "DatabaseRejected"),
    **dict.fromkeys(("MemoryError",), "OutOfMemory"),
    **dict.fromkeys(("SoftTimeLimit", "SoftTimeLimitExceeded"), "TimeLimit"),
    **dict.fromkeys(("TemporaryError",), "TemporaryError"),
    **dict.fromkeys(("RetryableError",), "RetryableError"),
    **dict.fromkeys(("ValueError", "PermanentError", "Reject", "Ignore"), "PermanentError"),
}


def _of_number(error: BaseException) -> _Found | None:
    kind = _NUMBERS.get(error.errno or 0) if isinstance(error, OSError) else None
    return None if kind is None else (kind, None)


def _of_name(error: BaseException) -> _Found | None:
    kind = next((_NAMES[base.__name__] for base in type(error).__mro__ if base.__name__ in _NAMES), None)
    if kind is None:
        return None
    asked = getattr(error, "retry_after", None)
    is_asked = kind == "RetryableError" and isinstance(asked, (int, float))
    return kind, float(asked) * 1000 if is_asked and asked is not None else None


_RULES: tuple[Callable[[BaseException], _Found | None], ...] = (_of_http, _of_number, _of_name)
