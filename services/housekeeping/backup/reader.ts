/**
 * Reads a backup line by line and streams the rows of its tables, so that memory stays constant however long they are.
 */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PerennialError } from '../../../contracts/failures.ts';
import { ROWS_END } from './format.ts';
import { BYTES_PER_MB } from '../../../contracts/values/units.ts';

const NEWLINE = 0x0a;
const LAST_LINE = Buffer.from(`${ROWS_END}\n`);

/** Longest line outside rows; our own lines are short. */
const MAX_LINE = 4 * BYTES_PER_MB;

/** Builds the error for a file that is not a complete backup. */
export function unreadable(found: string): PerennialError {
  return new PerennialError('BackupUnreadable', `Expected a complete backup, got ${found}. Use another copy of it.`);
}

/** Opens a backup file. Nothing is read before the first call. */
export function openBackup(file: string): BackupReader {
  const source = pipeline(createReadStream(file), createGunzip(), () => {
    // The reader receives the error itself.
  });
  return new BackupReader(source, () => source.destroy());
}

/** A position in a backup that advances with each call. */
export class BackupReader {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #close: () => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>, close: () => void = () => undefined) {
    this.#chunks = source[Symbol.asyncIterator]();
    this.#close = close;
  }

  /**
   * Reads the next line.
   * @throws PerennialError `BackupUnreadable` at the end of the file, and for a line that is too long
   */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(NEWLINE);
      if (end !== -1) {
        const text = this.#rest.toString('utf8', 0, end);
        this.#rest = this.#rest.subarray(end + 1);
        return text;
      }
      if (this.#rest.byteLength > MAX_LINE) throw unreadable('a line of several megabytes');
      if (!(await this.#more())) throw unreadable('an early end of the file');
    }
  }

  /** Yields the rows up to the line that ends them. */
  async *rows(): AsyncGenerator<Buffer> {
    let isLineStart = true;
    for (;;) {
      const { end, isLast, atLineStart } = scan(this.#rest, isLineStart);
      if (end > 0) yield this.#rest.subarray(0, end);
      this.#rest = this.#rest.subarray(isLast ? end + LAST_LINE.byteLength : end);
      isLineStart = atLineStart;
      if (isLast) return;
      if (!(await this.#more())) throw unreadable('the end of the file in the middle of a table');
    }
  }

  close(): void {
    this.#close();
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next().catch((error: unknown) => {
      throw unreadable(error instanceof Error ? error.message : 'an error');
    });
    if (next.done === true) return false;
    this.#rest = this.#rest.byteLength === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
    return true;
  }
}

/**
 * Returns how many bytes certainly belong to rows, and whether the end line follows. At most two bytes stay undecided.
 */
function scan(bytes: Buffer, startsLine: boolean): { end: number; isLast: boolean; atLineStart: boolean } {
  let at = 0;
  let isLineStart = startsLine;
  while (at < bytes.byteLength) {
    if (isLineStart) {
      const head = bytes.subarray(at, at + LAST_LINE.byteLength);
      if (head.equals(LAST_LINE)) return { end: at, isLast: true, atLineStart: true };
      if (head.byteLength < LAST_LINE.byteLength && head.equals(LAST_LINE.subarray(0, head.byteLength)))
        return { end: at, isLast: false, atLineStart: true };
    }
    const newline = bytes.indexOf(NEWLINE, at);
    if (newline === -1) return { end: bytes.byteLength, isLast: false, atLineStart: false };
    at = newline + 1;
    isLineStart = true;
  }
  return { end: at, isLast: false, atLineStart: isLineStart };
}
