/** Sealed values: what must not be read in a history is encrypted in its place; all around it stays readable. */
import type { Payload, PayloadCodec } from '@temporalio/common';
import { PerennialError } from '../contracts/failures.ts';
import { mayNeedSeal, needsSeal, sealedFor } from '../contracts/sealing.ts';
import { parseJsonInTurns } from '../contracts/values/json/pieces.ts';
import { type Change, writeJsonInTurns } from '../contracts/values/json/writing.ts';
import { mayHoldSealed, readSealed, sealedText } from '../contracts/values/sealed.ts';
import type { IsTurnOver, Turns } from '../contracts/values/turns.ts';
import { BYTES_PER_MB } from '../contracts/values/units.ts';
import type { KeyRing } from './key-ring.ts';
import { inTurns } from './turns.ts';

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
    encode: (payloads) => inTurns((isTurnOver) => allChanged(payloads, mayNeedSeal, seal, isTurnOver)),
    decode: (payloads) => inTurns((isTurnOver) => allChanged(payloads, mayHoldSealed, open, isTurnOver)),
  };
}

function* allChanged(
  payloads: readonly Payload[],
  mayChange: (text: string) => boolean,
  change: Change,
  isTurnOver: IsTurnOver,
): Turns<Payload[]> {
  const all: Payload[] = [];
  for (const payload of payloads) all.push(yield* changed(payload, mayChange, change, isTurnOver));
  return all;
}

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

/** Bytes of JSON that are looked through together. */
const SLICE_BYTES = BYTES_PER_MB;

/** No word that is looked for is longer. */
const OVERLAP_BYTES = 256;

/** Says whether any part of some JSON may have to be changed. Most payloads have none, and need not be parsed. */
function* mayHold(json: Uint8Array, mayChange: (text: string) => boolean, isTurnOver: IsTurnOver): Turns<boolean> {
  const bytes = Buffer.from(json.buffer, json.byteOffset, json.byteLength);
  for (let from = 0; from < bytes.length; from += SLICE_BYTES) {
    if (from > 0 && isTurnOver()) yield;
    if (mayChange(bytes.toString('utf8', from, from + SLICE_BYTES + OVERLAP_BYTES))) return true;
  }
  return false;
}

/** The payload itself where nothing changes. */
function* changed(
  payload: Payload,
  mayChange: (text: string) => boolean,
  change: Change,
  isTurnOver: IsTurnOver,
): Turns<Payload> {
  const encoding = payload.metadata?.['encoding'];
  if (!payload.data || !encoding || Buffer.from(encoding).toString() !== 'json/plain') return payload;
  if (!(yield* mayHold(payload.data, mayChange, isTurnOver))) return payload;
  const value = yield* parseJsonInTurns(payload.data, isTurnOver);
  return { ...payload, data: yield* writeJsonInTurns(value, isTurnOver, change) };
}
