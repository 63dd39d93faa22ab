/** Where log lines go: standard error, written at once, and never the reason why a process ends. */
import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** How often a full pipe is tried again before a line is given up, with a pause between. */
const TRIES = 50;
const PAUSE_MS = 2;

/**
 * Makes the destination. A line that cannot be written, because the disk is full or nobody reads the pipe, is lost;
 * the next one is tried afresh, on a line of its own.
 *
 * @param write - writes bytes to standard error and tells how many were taken
 */
export function standardError(
  write: (bytes: Uint8Array) => number = (bytes) => writeSync(2, bytes),
): DestinationStream {
  // What Node or a library writes there by itself must not end the process either.
  process.stderr.on('error', ignore);
  process.stdout.on('error', ignore);
  let torn = false;
  return {
    write: (line) => {
      torn = !writeWhole(Buffer.from(torn ? `\n${line}` : line), write);
    },
  };
}

const ignore = (): void => undefined;

/** Says whether all of it was written. */
function writeWhole(bytes: Uint8Array, write: (bytes: Uint8Array) => number): boolean {
  let rest = bytes;
  for (let tries = 0; rest.length > 0 && tries < TRIES;) {
    try {
      rest = rest.subarray(write(rest));
    } catch (error) {
      if (!isBusy(error)) return false;
      tries += 1;
      pause();
    }
  }
  return rest.length === 0;
}

/** A pipe whose reader is slower than we are. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}
