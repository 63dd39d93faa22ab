/** The SDK's payload converter for the sandbox, where a payload that nobody can read must not stop the workflow. */
import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';

/** No shape accepts an object of a class, so messages and inputs with it are refused. */
class Unreadable {
  readonly bytes: number;

  constructor({ data }: Payload) {
    this.bytes = data?.length ?? 0;
  }
}

function fromPayload(payload: Payload): unknown {
  try {
    return defaultPayloadConverter.fromPayload(payload);
  } catch {
    return new Unreadable(payload);
  }
}

/** Found by the bundler by its name. Of what type a payload is only its reader knows. */
export const payloadConverter = {
  toPayload: (value: unknown) => defaultPayloadConverter.toPayload(value),
  fromPayload,
} as PayloadConverter;
