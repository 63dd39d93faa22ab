/** Reads the parts of a workbook from any byte source, with limits against archives that unpack to excessive sizes. */
import { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { PerennialError } from '../../../../contracts/failures.ts';
import { BYTES_PER_MB } from '../../../../contracts/values/units.ts';
import { MAX_DIRECTORY_BYTES, MAX_RATIO } from './limits.ts';

/** Bytes that can be read from any position. */
export interface ByteSource {
  readonly size: number;
  read(from: number, to: number): AsyncIterable<Uint8Array>;
}

/** Limits of an archive. */
export interface ZipLimits {
  /** Limit for all parts together, unpacked, in bytes. */
  readonly maxBytes: number;
}

/** Parts of one archive. */
const MAX_ENTRIES = 10_000;

/** Parts below this size are exempt from the ratio, because a few repeated lines pack very well. */
const SMALL_PART = 10 * BYTES_PER_MB;

/** An open workbook. */
export interface ZipEntries {
  has(name: string): boolean;
  /**
   * Opens a part for reading.
   * @throws PerennialError `ImportUnreadable` when the part is missing or damaged
   */
  open(name: string): Promise<Readable>;
}

/**
 * Opens an archive and checks the declared sizes of its parts. The library enforces the declared size while a part is
 * read, so checking the declarations suffices.
 * @throws PerennialError `ArchiveBomb`, `ImportUnreadable`
 */
export async function openZip(source: ByteSource, limits: ZipLimits): Promise<ZipEntries> {
  const zip = await opened(source);
  const entries = new Map<string, yauzl.Entry>();
  let bytes = 0;
  let directoryBytes = 0;
  for await (const entry of entriesOf(zip)) {
    bytes += entry.uncompressedSize;
    directoryBytes += entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
    if (directoryBytes > MAX_DIRECTORY_BYTES) throw bomb(`a directory of more than ${MAX_DIRECTORY_BYTES} bytes`);
    checkEntry(entry, entries.size, bytes, limits);
    if (entries.has(entry.fileName)) throw bomb(`the part ${entry.fileName.slice(0, 80)} twice`);
    entries.set(entry.fileName, entry);
  }
  return {
    has: (name) => entries.has(name),
    open: async (name) => {
      const entry = entries.get(name);
      if (entry === undefined) throw unreadable(`no part ${name.slice(0, 80)}`);
      return openEntry(zip, entry);
    },
  };
}

function checkEntry(entry: yauzl.Entry, count: number, bytes: number, limits: ZipLimits): void {
  if (count >= MAX_ENTRIES) throw bomb(`more than ${MAX_ENTRIES} parts`);
  if (bytes > limits.maxBytes) throw bomb(`more than ${limits.maxBytes} bytes unpacked (IMPORT_MAX_MB)`);
  const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
  if (entry.uncompressedSize > SMALL_PART && ratio > MAX_RATIO)
    throw bomb(`a part that is ${Math.round(ratio)} times larger than packed`);
  if (entry.isEncrypted()) throw unreadable('a workbook that is protected by a password');
}

function opened(source: ByteSource): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.fromRandomAccessReader(
      new SourceReader(source),
      source.size,
      { lazyEntries: true, autoClose: false, validateEntrySizes: true },
      (error, zip) => {
        // The library types both as present, but one of them is missing.
        if (error === null) resolve(zip);
        else reject(unreadable('a damaged archive', error));
      },
    );
  });
}

class SourceReader extends yauzl.RandomAccessReader {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }

  override _readStreamForRange(from: number, to: number): Readable {
    return Readable.from(this.#source.read(from, to), { objectMode: false });
  }
}

async function* entriesOf(zip: yauzl.ZipFile): AsyncGenerator<yauzl.Entry> {
  for (;;) {
    const entry = await new Promise<yauzl.Entry | undefined>((resolve, reject) => {
      const settle = (run: () => void): void => {
        zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error');
        run();
      };
      zip.on('entry', (found: yauzl.Entry) => settle(() => resolve(found)));
      zip.on('end', () => settle(() => resolve(undefined)));
      zip.on('error', (error: unknown) => settle(() => reject(unreadable('a damaged archive', error))));
      zip.readEntry();
    });
    if (entry === undefined) return;
    yield entry;
  }
}

function openEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      // The library types both as present, but one of them is missing.
      if (error === null) resolve(stream);
      else reject(unreadable('a damaged part', error));
    });
  });
}

/** Builds the error for a workbook that unpacks to an excessive size. */
export function bomb(found: string): PerennialError {
  return new PerennialError('ArchiveBomb', `Expected a workbook of reasonable size, got ${found}. Save it as CSV.`);
}

/** Builds the error for a file that is not a workbook. */
export function unreadable(found: string, cause?: unknown): PerennialError {
  return new PerennialError('ImportUnreadable', `Expected an XLSX workbook, got ${found}. Save it again, or as CSV.`, {
    cause,
  });
}
