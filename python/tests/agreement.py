"""Answers questions of a test in TypeScript, which compares what both languages make of the same values."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from typing import Any

from temporalio.api.common.v1 import Payload

from perennial_client.worker.encryption import EncryptionCodec
from perennial_client.worker.keys import KeyRing
from perennial_client.worker.private import holds_private, without_private
from perennial_client.worker.retry import Failed, decide
from perennial_client.worker.sealing import SealingCodec


def payload_of(given: dict[str, Any]) -> Payload:
    metadata = {name: base64.b64decode(value) for name, value in given["metadata"].items()}
    return Payload(metadata=metadata, data=base64.b64decode(given["data"]))


def written(payload: Payload) -> dict[str, Any]:
    metadata = {name: base64.b64encode(value).decode() for name, value in payload.metadata.items()}
    return {"metadata": metadata, "data": base64.b64encode(payload.data).decode()}


async def coded(question: dict[str, Any]) -> dict[str, Any]:
    """Opens payloads of the other side, and makes some for it."""
    codecs = [SealingCodec(KeyRing(question["sealKeys"], "SEAL_KEYS"), question["sealed"])]
    codecs.append(EncryptionCodec(KeyRing(question["payloadKeys"], "PAYLOAD_KEYS")))  # type: ignore[arg-type]
    opened = [payload_of(one) for one in question["payloads"]]
    for codec in reversed(codecs):
        opened = await codec.decode(opened)
    values = [json.loads(payload.data) for payload in opened]
    sealed = await codecs[0].encode([Payload(metadata=one.metadata, data=one.data) for one in opened])
    return {
        "values": values,
        "readable": [payload.data.decode() for payload in sealed],
        "payloads": [written(one) for one in await codecs[1].encode(sealed)],
    }


def decided(rule: dict[str, Any], failed: dict[str, Any], attempt: int, chance: float) -> dict[str, Any]:
    asked = failed.get("retryAfterMs")
    found = decide(rule, Failed(failed["type"], failed["class"], asked), attempt, chance)
    return {"delayMs": found.delay_ms, "finalType": found.final_kind}


def main() -> None:
    question = json.load(sys.stdin)
    answer = {
        "private": [[holds_private(text), without_private(text)] for text in question["texts"]],
        "decisions": [decided(*one) for one in question["retries"]],
        **asyncio.run(coded(question)),
    }
    json.dump(answer, sys.stdout)


main()
