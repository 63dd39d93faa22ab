/** Reads manifests: blobs of JSON lines that a caller has uploaded. */
import type { Readable } from 'node:stream';
import { PerennialError } from '../../contracts/failures.ts';
import { faultText } from '../../contracts/values/field-faults.ts';
import { readJson } from '../../contracts/values/json/reading.ts';

/** Bytes of the longest line; the longest path has 4,096. */
const MAX_LINE_BYTES = 16 * 1024;

const NEWLINE = 0x0a;
const SPACE = 0x20;

/** A line that is not blank. */
export interface ManifestLine {
  /** Position in the manifest, from 1. */
  readonly number: number;
  readonly value: unknown;
}

/**
 * Yields the lines that are not blank. Closes the stream when the reader stops early.
 * @throws PerennialError `InvalidInput` for a line of more than 16 kB, which is neither kept nor parsed, and for one
 *   that is not JSON or would be changed by reading it
 */
export async function* manifestLines(source: Readable): AsyncGenerator<ManifestLine> {
  let rest = Buffer.alloc(0);
  let number = 1;
  try {
    // `as` is safe: the stream of a blob yields only bytes.
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      const bytes = Buffer.concat([rest, chunk]);
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      number = yield* linesOf(bytes.subarray(0, end), number);
      rest = checked(bytes.subarray(end), number);
    }
    yield* linesOf(rest, number);
  } finally {
    source.destroy();
  }
}

/** Returns the error about a line whose value has another form than `expected`; the value may be personal, so it is not quoted. */
export function wrongLine({ number }: ManifestLine, expected: string): PerennialError {
  return new PerennialError('InvalidInput', `${placeOf(number)}: expected ${expected}, got another value`);
}

/** Yields whole lines; returns the number of the line after them. */
function* linesOf(bytes: Buffer, first: number): Generator<ManifestLine, number> {
  let number = first;
  for (let from = 0; from < bytes.length; number += 1) {
    const newline = bytes.indexOf(NEWLINE, from);
    const end = newline === -1 ? bytes.length : newline;
    const line = checked(bytes.subarray(from, end), number);
    if (!isBlank(line)) yield { number, value: valueOf(line, number) };
    from = end + 1;
  }
  return number;
}

function checked<Line extends Buffer>(line: Line, number: number): Line {
  if (line.length <= MAX_LINE_BYTES) return line;
  throw new PerennialError(
    'InvalidInput',
    `${placeOf(number)}: expected at most ${String(MAX_LINE_BYTES)} bytes, got more`,
  );
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte <= SPACE);
}

function valueOf(line: Buffer, number: number): unknown {
  const read = readJson(line, placeOf(number));
  if ('value' in read) return read.value;
  throw new PerennialError('InvalidInput', faultText(read.fault));
}

const placeOf = (number: number): string => `manifest line ${String(number)}`;
