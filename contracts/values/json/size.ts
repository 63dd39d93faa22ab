/** Measures values before anything that takes time is done with them. */
import type { FieldFault } from '../field-faults.ts';

/** How large a value may be. */
export interface SizeLimits {
  /** As JSON in UTF-8, without the escapes of text. */
  readonly bytes: number;
  /** Lists and objects inside each other. */
  readonly depth: number;
}

/** A value that is within its limits, or the fault of one that is not. */
export type Measured = { readonly bytes: number; readonly fault?: never } | { readonly fault: FieldFault };

/**
 * Measures a value. Looking ends where the limit does, so it takes as long for any list above it, and for a value that
 * contains itself; to list the keys of a wide object takes the engine as long as there are keys.
 *
 * @param field - name of the value in the fault
 */
export function measure(value: unknown, field: string, { bytes, depth }: SizeLimits): Measured {
  const left = { bytes, depth };
  count(value, left);
  if (left.depth < 0) return { fault: { field, expected: `at most ${String(depth)} levels`, got: 'more' } };
  if (left.bytes < 0) return { fault: { field, expected: `at most ${String(bytes)} bytes as JSON`, got: 'more' } };
  return { bytes: bytes - left.bytes };
}

interface Left {
  bytes: number;
  /** Levels below this one. */
  depth: number;
}

/** Takes what a value needs from what is left, until nothing is. */
function count(value: unknown, left: Left): void {
  if (typeof value === 'string') left.bytes -= textSize(value, left.bytes);
  else if (typeof value === 'number') left.bytes -= String(value).length;
  else if (ArrayBuffer.isView(value)) left.bytes -= value.byteLength;
  else if (typeof value !== 'object' || value === null) left.bytes -= SHORT_BYTES;
  else countEntries(value, left);
}

function countEntries(value: object, left: Left): void {
  left.depth -= 1;
  left.bytes -= SHORT_BYTES;
  if (Array.isArray(value)) {
    for (let n = 0; n < value.length && isLeft(left); n += 1) {
      left.bytes -= 1;
      count(value[n], left);
    }
  } else {
    for (const key of Object.keys(value)) {
      if (!isLeft(left)) break;
      left.bytes -= textSize(key, left.bytes) + SHORT_BYTES;
      count((value as Readonly<Record<string, unknown>>)[key], left); // looked into by its own keys only
    }
  }
  if (left.depth >= 0) left.depth += 1;
}

const isLeft = ({ bytes, depth }: Left): boolean => bytes >= 0 && depth >= 0;

/** Two brackets, or a colon and a comma; words such as `null` count as little. */
const SHORT_BYTES = 2;

function textSize(text: string, left: number): number {
  return 2 + (text.length > left ? text.length : Buffer.byteLength(text));
}
