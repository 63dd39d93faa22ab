/** Writes log lines to standard error at once, and never ends the process because of a failed write. */
import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** Attempts to write to a full pipe, with pauses, before a line is dropped. */
const TRIES = 50;
const PAUSE_MS = 2;

/**
 * Creates the destination. A line that cannot be written, because the disk is full or the pipe has no reader, is
 * dropped; the next one is attempted again, on its own line.
 * @param write - writes bytes to standard error and returns how many were accepted
 */
export function standardError(
  write: (bytes: Uint8Array) => number = (bytes) => writeSync(2, bytes),
): DestinationStream {
  outliveOutput(); // Node and libraries write to standard error too
  let torn = false;
  return {
    write: (line) => {
      torn = !writeWhole(Buffer.from(torn ? `\n${line}` : line), write);
    },
  };
}

/**
 * Lets this process go on when nobody can take what it prints: the disk is full, or the reader of the pipe has gone. By
 * default, Node ends a process for that.
 */
export function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr])
    if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
}

const ignore = (): void => undefined;

/** Writes all bytes; returns whether that succeeded. */
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

/** Tells whether the reader of the pipe is slower than the writer. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}
