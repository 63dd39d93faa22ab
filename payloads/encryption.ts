/** Whole payloads encrypted, for installations that want nothing readable on the server (PAYLOAD_KEYS). */
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { PerennialError } from '../contracts/failures.ts';
import type { KeyRing } from './key-ring.ts';

/** As in Temporal's own examples, so that the Web UI says what it is. */
const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const ABOUT = 'payload';

const { Payload: PayloadType } = proto.temporal.api.common.v1;

/**
 * Encrypts every payload. One whose key is missing is an error in a worker too: a workflow that went on without it
 * would contradict its history. It waits for the key and then continues by itself.
 */
export function encryptionCodec(keys: KeyRing): PayloadCodec {
  return {
    encode: (payloads) => Promise.resolve(payloads.map((payload) => encrypted(payload, keys))),
    decode: async (payloads) => Promise.resolve().then(() => payloads.map((payload) => decrypted(payload, keys))),
  };
}

function encrypted(payload: Payload, keys: KeyRing): Payload {
  return {
    metadata: { encoding: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(keys.keyId) },
    data: keys.seal(PayloadType.encode(payload).finish(), ABOUT),
  };
}

function decrypted(payload: Payload, keys: KeyRing): Payload {
  if (textOf(payload, 'encoding') !== ENCODING || !payload.data) return payload;
  const keyId = textOf(payload, KEY_ID);
  const plain = keys.open(keyId, payload.data, ABOUT);
  if (plain === undefined) {
    const known = keys.ids.join(', ');
    throw new PerennialError(
      'SealedValueUnreadable',
      `payload: expected one encrypted with a key of this process (${known}), got one of the key ${keyId}; ` +
        'add that key to PAYLOAD_KEYS, behind the first',
    );
  }
  return PayloadType.decode(plain);
}

function textOf({ metadata }: Payload, name: string): string {
  const value = metadata?.[name];
  return value ? Buffer.from(value).toString() : '';
}
