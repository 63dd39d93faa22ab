"""How values travel: sealed, encrypted and by reference as those of the other workers."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import temporalio.api.failure.v1
from temporalio.api.common.v1 import Payload
from temporalio.converter import DataConverter, DefaultFailureConverter, PayloadCodec, PayloadConverter

from .blobs import storage_of
from .encryption import EncryptionCodec, RefusingCodec
from .private import holds_private, without_private
from .sealing import SealingCodec
from .settings import Settings


def converter_of(settings: Settings, sealing: SealingCodec) -> DataConverter:
    """Makes the converter. Raises InvalidSettings for a store that this worker does not have."""
    keys = settings.payload_keys
    return dataclasses.replace(
        DataConverter.default,
        payload_codec=_Chain([sealing, RefusingCodec() if keys is None else EncryptionCodec(keys)]),
        failure_converter_class=SealedFailureConverter,
        external_storage=storage_of(settings.blob_url),
    )


class _Chain(PayloadCodec):
    def __init__(self, codecs: Sequence[PayloadCodec]) -> None:
        self._codecs = codecs

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        for codec in self._codecs:
            payloads = await codec.encode(payloads)
        return list(payloads)

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        for codec in reversed(self._codecs):
            payloads = await codec.decode(payloads)
        return list(payloads)


class SealedFailureConverter(DefaultFailureConverter):
    """A message that nobody may read on the server stands there without its private words; the whole is sealed."""

    def __init__(self) -> None:
        super().__init__()

    def to_failure(
        self,
        exception: BaseException,
        payload_converter: PayloadConverter,
        failure: temporalio.api.failure.v1.Failure,
    ) -> None:
        super().to_failure(exception, payload_converter, failure)
        if not holds_private(failure.message) and not holds_private(failure.stack_trace):
            return
        told = {"message": failure.message, "stack_trace": failure.stack_trace}
        failure.encoded_attributes.CopyFrom(payload_converter.to_payloads([told])[0])
        failure.message = without_private(failure.message)
        failure.stack_trace = without_private(failure.stack_trace)
