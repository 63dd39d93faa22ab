/** Failures on their way to the server, through the codecs of a worker and back through those of a client. */
import { ApplicationFailure, defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import {
  decodeOptionalFailureToOptionalError,
  encodeErrorToFailure,
} from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import { describe, expect, it } from 'vitest';
import { payloadConverter } from '../../../payloads/converter.ts';
import { failureConverter } from '../../../payloads/failure-converter.ts';
import { TEST_SEAL_KEYS } from '../../support/servers/temporal.ts';

const worker = {
  ...{ payloadConverter: defaultPayloadConverter, failureConverter },
  payloadCodecs: payloadConverter({ side: 'worker', sealKeys: TEST_SEAL_KEYS }).payloadCodecs ?? [],
};
const client = {
  ...{ payloadConverter: defaultPayloadConverter, failureConverter: defaultFailureConverter },
  payloadCodecs: payloadConverter({ side: 'client', sealKeys: TEST_SEAL_KEYS }).payloadCodecs ?? [],
};

const rejected = (message: string, cause?: Error): ApplicationFailure =>
  ApplicationFailure.create({ type: 'ApprovalRejected', message, nonRetryable: true, ...(cause ? { cause } : {}) });

/** As the server keeps it, payloads as text. */
function kept(failure: object): string {
  return JSON.stringify(failure, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString() : value,
  );
}

describe('SEC-5 failures', () => {
  it('hide addresses and credentials from the server, in causes and stacks too, and tell clients all', async () => {
    const cause = rejected('cannot fetch https://ann:pw-1@localhost/a.csv');
    const failure = await encodeErrorToFailure(worker, rejected('rejected by ann@example.com: too late', cause));
    expect(kept(failure)).not.toMatch(/ann@|pw-1/);
    expect(failure.message).toBe('rejected by [sealed] too late');
    expect(failure.stackTrace).toContain('rejected by [sealed] too late');
    expect(failure.stackTrace).toMatch(/\n\s+at .*failure-converter\.test\.ts/);
    const told = await decodeOptionalFailureToOptionalError(client, failure);
    expect(told).toMatchObject({
      type: 'ApprovalRejected',
      message: 'rejected by ann@example.com: too late',
      cause: { message: 'cannot fetch https://ann:pw-1@localhost/a.csv' },
    });
  });

  it('that were told once are hidden again when they are passed on', async () => {
    const first = await encodeErrorToFailure(worker, rejected('rejected by ann@example.com'));
    const told = await decodeOptionalFailureToOptionalError(worker, first);
    const second = await encodeErrorToFailure(worker, ApplicationFailure.create({ message: 'over', cause: told! }));
    expect(kept(second)).not.toContain('ann@');
    expect(await decodeOptionalFailureToOptionalError(client, second)).toMatchObject({
      cause: { message: 'rejected by ann@example.com' },
    });
  });

  it('that hold nothing of the kind stay as they are', async () => {
    const failure = await encodeErrorToFailure(worker, rejected('nobody decided within 5 s'));
    expect(failure.message).toBe('nobody decided within 5 s');
    expect(failure.encodedAttributes ?? null).toBeNull();
  });
});
