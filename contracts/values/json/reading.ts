/** Reads JSON without losing anything: what UTF-8 or JavaScript would change without a word is refused. */
import type { FieldFault } from '../field-faults.ts';
import { atOnce, type IsTurnOver, type Turns } from '../turns.ts';
import { BYTES_PER_MB } from '../units.ts';

/** A value, or why there is none. */
export type ReadJson = { readonly value: unknown } | { readonly fault: FieldFault };

/** Reads JSON in UTF-8. Paths of faults begin with `field`; only with `quotes` they may quote a text that is not JSON. */
export function readJson(bytes: Uint8Array, field: string, { quotes = false } = {}): ReadJson {
  const badBytes = atOnce(utf8Fault(bytes, field));
  if (badBytes !== undefined) return { fault: badBytes };
  const text = new TextDecoder().decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = quotes && error instanceof Error ? `: ${error.message}` : '';
    return { fault: { field, expected: 'JSON', got: `text that is not${reason}` } };
  }
  const fault = MAY_CHANGE.test(text) ? changedFault(value, field) : undefined;
  return fault === undefined ? { value } : { fault };
}

/** An escaped surrogate, or 16 digits in a row: only then the values are looked through. */
export const MAY_CHANGE = /\\u[dD][89a-fA-F]|\d{16}/;

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The first value that is not carried on as it is: text with half a pair of code units, an integer that JavaScript rounds.
 *
 * @param value - JSON, not too deep for recursion
 * @param path - where it stands
 */
export function changedFault(value: unknown, path: string): FieldFault | undefined {
  const change = changeIn(value);
  return change === undefined ? undefined : { ...change, field: path + change.field };
}

/** The first change, with its path below the value: paths are written for faults alone, as values may be many. */
function changeIn(value: unknown): FieldFault | undefined {
  if (typeof value === 'string') return LONE_SURROGATE.test(value) ? TEXT_FAULT : undefined;
  if (typeof value === 'number') return isCarried(value) ? undefined : NUMBER_FAULT;
  if (typeof value !== 'object' || value === null) return undefined;
  return Array.isArray(value) ? changeInList(value) : changeInObject(value);
}

function changeInList(list: readonly unknown[]): FieldFault | undefined {
  for (let n = 0; n < list.length; n += 1) {
    const change = changeIn(list[n]);
    if (change !== undefined) return { ...change, field: `[${String(n)}]${change.field}` };
  }
  return undefined;
}

function changeInObject(entries: object): FieldFault | undefined {
  for (const [key, entry] of Object.entries(entries)) {
    if (LONE_SURROGATE.test(key)) return TEXT_FAULT;
    const change = changeIn(entry);
    if (change !== undefined) return { ...change, field: `.${key}${change.field}` };
  }
  return undefined;
}

const isCarried = (value: number): boolean => !Number.isInteger(value) || Number.isSafeInteger(value);

const NUMBER_FAULT: FieldFault = {
  field: '',
  expected: 'an integer within ±(2^53 − 1); pass larger ones as text',
  got: 'a larger one',
};

const TEXT_FAULT: FieldFault = {
  field: '',
  expected: 'text without lone surrogates',
  got: 'half of a pair of code units',
};

/** Bytes that are looked at together; it takes less than a millisecond. */
const SLICE_BYTES = BYTES_PER_MB;

/** The fault of bytes that are not UTF-8. */
export function* utf8Fault(bytes: Uint8Array, field: string, isTurnOver?: IsTurnOver): Turns<FieldFault | undefined> {
  let from = 0;
  while (from < bytes.length) {
    let end = Math.min(from + SLICE_BYTES, bytes.length);
    // No slice ends within a character, which has at most three bytes behind its first.
    for (let back = 0; back < 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80; back += 1) end -= 1;
    const at = invalidUtf8At(bytes.subarray(from, end));
    const got = `bytes that are not UTF-8, from byte ${String(from + (at ?? 0))} on`;
    if (at !== undefined) return { field, expected: 'JSON', got };
    from = end;
    if (isTurnOver?.() === true) yield;
  }
  return undefined;
}

/** Position of the first byte that cannot be UTF-8, from 0. */
function invalidUtf8At(bytes: Uint8Array): number | undefined {
  if (isUtf8(bytes)) return undefined;
  let valid = 0;
  // The longest beginning that is valid, apart from a character that it cuts off, is found by halving.
  for (let step = 2 ** Math.ceil(Math.log2(bytes.length + 1)); step >= 1; step /= 2)
    if (valid + step <= bytes.length && isUtf8(bytes.subarray(0, valid + step), true)) valid += step;
  return valid;
}

function isUtf8(bytes: Uint8Array, cut = false): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
    return true;
  } catch {
    return false;
  }
}
