/** Reads manifests: blobs of JSON lines that a caller has uploaded. */
import type { Readable } from 'node:stream';
import { PerennialError } from '../../contracts/failures.ts';

/** Bytes of the longest line; the longest path has 4,096. */
const MAX_LINE_BYTES = 16 * 1024;

const NEWLINE = 0x0a;

/**
 * Yields the value of each line that is not blank, `undefined` for one that is not JSON. Closes the stream when the
 * reader stops early.
 * @throws PerennialError `InvalidInput` for a line of more than 16 kB, which is neither kept nor parsed
 */
export async function* manifestLines(source: Readable): AsyncGenerator {
  let rest = Buffer.alloc(0);
  try {
    // `as` is safe: the stream of a blob yields only bytes.
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      const bytes = Buffer.concat([rest, chunk]);
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      yield* valuesOf(bytes.subarray(0, end));
      rest = checked(bytes.subarray(end));
    }
    yield* valuesOf(rest);
  } finally {
    source.destroy();
  }
}

/** Yields the values of whole lines. */
function* valuesOf(bytes: Buffer): Generator {
  for (let from = 0; from < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, from);
    const end = newline === -1 ? bytes.length : newline;
    const line = textOf(bytes.subarray(from, end));
    if (line !== '') yield valueOf(line);
    from = end + 1;
  }
}

function textOf(line: Buffer): string {
  return checked(line).toString('utf8').trim();
}

function checked<Line extends Buffer>(line: Line): Line {
  if (line.length <= MAX_LINE_BYTES) return line;
  throw new PerennialError(
    'InvalidInput',
    `manifest: expected lines of at most ${String(MAX_LINE_BYTES)} bytes, got a longer one`,
  );
}

function valueOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
