/** Sealed values: what must not be read in a history is encrypted in its place; all around it stays readable. */
import type { Payload, PayloadCodec } from '@temporalio/common';
import { PerennialError } from '../contracts/failures.ts';
import { mayNeedSeal, needsSeal, sealedFor } from '../contracts/sealing.ts';
import { isMarked, mayHoldSealed, readSealed, SEALED_FIELD, sealedText } from '../contracts/values/sealed.ts';
import type { KeyRing } from './key-ring.ts';

/**
 * Where a codec works. A value that cannot be opened stays sealed in a worker, because an error there would make the
 * workflow task fail for ever; the activity that needs the value fails instead. A client throws.
 */
export type Side = 'client' | 'worker';

/** Seals on the way to the server and opens on the way back, for every payload in JSON. */
export function sealingCodec(keys: KeyRing | undefined, side: Side): PayloadCodec {
  const seal: Change = (value, field) => (needsSeal(value, field) ? sealValue(value, field, keys, side) : value);
  const open: Change = (value, field) => (typeof value === 'string' ? openValue(value, field, keys, side) : value);
  return {
    encode: (payloads) => settled(() => payloads.map((payload) => changed(payload, mayNeedSeal, seal))),
    decode: (payloads) => settled(() => payloads.map((payload) => changed(payload, mayHoldSealed, open))),
  };
}

/** As a promise, also of what it throws. */
async function settled<T>(work: () => T): Promise<T> {
  return Promise.resolve().then(work);
}

/** Returns the replacement of a text, a number or a marked value; `field` is the nearest name around it. */
type Change = (value: unknown, field: string) => unknown;

function sealValue(value: unknown, field: string, keys: KeyRing | undefined, side: Side): unknown {
  const foreign = typeof value === 'string' ? readSealed(value)?.keyId : undefined;
  // It came sealed, and this worker could not open it: it is passed on unchanged.
  if (side === 'worker' && foreign !== undefined && keys?.ids.includes(foreign) !== true) return value;
  if (keys === undefined) {
    const what = field === '' ? 'a value' : `'${field}'`;
    throw new PerennialError(
      'SealKeyMissing',
      `sealKeys: expected the keys of the workers, got none: ${what} must not stand in a history in plain text`,
    );
  }
  const bytes = keys.seal(Buffer.from(JSON.stringify(value)), sealedFor(field));
  return sealedText(keys.keyId, bytes.toString('base64url'));
}

function openValue(text: string, field: string, keys: KeyRing | undefined, side: Side): unknown {
  const found = readSealed(text);
  if (found === undefined) return text;
  const bytes = keys?.open(found.keyId, Buffer.from(found.ciphertext, 'base64url'), sealedFor(field));
  if (bytes !== undefined) return JSON.parse(bytes.toString());
  if (side === 'worker') return text;
  const known = keys === undefined ? 'none' : keys.ids.join(', ');
  throw new PerennialError(
    'SealedValueUnreadable',
    `${field === '' ? 'value' : field}: expected a value sealed with a key of this process (${known}), got one of the key ${found.keyId}`,
  );
}

/** The payload itself where nothing changes. */
function changed(payload: Payload, mayChange: (json: string) => boolean, change: Change): Payload {
  const encoding = payload.metadata?.['encoding'];
  if (!payload.data || !encoding || Buffer.from(encoding).toString() !== 'json/plain') return payload;
  const json = Buffer.from(payload.data).toString();
  if (!mayChange(json)) return payload;
  const value: unknown = JSON.parse(json);
  return { ...payload, data: Buffer.from(JSON.stringify(changedValue(value, '', change))) };
}

function changedValue(value: unknown, field: string, change: Change): unknown {
  if (typeof value === 'string' || typeof value === 'number') return change(value, field);
  if (Array.isArray(value)) return value.map((item: unknown) => changedValue(item, field, change));
  if (typeof value !== 'object' || value === null) return value;
  if (isMarked(value)) return { [SEALED_FIELD]: change(value[SEALED_FIELD], SEALED_FIELD) };
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [
      String(change(key, '')), // addresses stand as keys too
      changedValue(item, key, change),
    ]),
  );
}
