"""What follows a failed attempt, by the retry rule of the task; the same decisions as those of the other workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_RETRIED = ("transient", "throttled", "unknown")
_LONGEST_ASKED_MS = 24 * 3600 * 1000.0


@dataclass(frozen=True)
class Failed:
    """What an attempt failed with."""

    kind: str
    failure_class: str
    retry_after_ms: float | None = None


@dataclass(frozen=True)
class Decision:
    """Delay before the next attempt; without one the failure is final, and may turn into another one."""

    delay_ms: float | None
    final_kind: str | None = None


def decide(rule: Mapping[str, Any], failed: Failed, attempt: int, chance: float) -> Decision:
    """Decides what follows an attempt, counted from 1.

    The answer after the last attempt is still a delay: calls may have fewer attempts, and the server counts them.
    """
    if not _is_retried(rule, failed):
        return Decision(None)
    special: Mapping[str, Any] = next((one for one in rule.get("byFailure", ()) if _names(one["on"], failed)), {})
    attempts = special.get("attempts", rule["attempts"])
    final_kind = special.get("finalType", rule.get("finalType"))
    is_last = attempt >= attempts
    if is_last and (attempts < rule["attempts"] or final_kind is not None):
        return Decision(None, final_kind)
    asked = failed.retry_after_ms
    if asked is not None and asked >= 0:
        return Decision(max(1.0, min(asked, _LONGEST_ASKED_MS)))
    return Decision(delay_of(special if "delayMs" in special else rule, attempt, chance))


def delay_of(delays: Mapping[str, Any], attempt: int, chance: float) -> float:
    """The delay after an attempt, in milliseconds, never 0; ``chance`` from 0 to 1 spreads it."""
    first = delays["delayMs"]
    most = delays.get("maxDelayMs", first)
    try:
        grown = min(first * delays.get("factor", 1) ** (attempt - 1), most)
    except OverflowError:
        grown = most
    jitter = delays.get("jitter", 0)
    spread = chance if jitter == "full" else 1 - jitter + 2 * jitter * chance
    return float(max(1, grown * spread))


def _is_retried(rule: Mapping[str, Any], failed: Failed) -> bool:
    if _names(rule.get("neverOn", ()), failed):
        return False
    retried = rule.get("retryOn")
    return failed.failure_class in _RETRIED if retried is None else _names(retried, failed)


def _names(kinds: Sequence[str], failed: Failed) -> bool:
    return failed.kind in kinds or failed.failure_class in kinds
