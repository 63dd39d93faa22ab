/** Reads the files of a multipart request as streams, so that no file is held in memory. */
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Request } from 'express';
import { HttpError } from './problem.ts';

/** Limits of one upload. */
export interface UploadLimits {
  readonly maxFiles: number;
  /** Largest size of each file, in bytes. */
  readonly maxBytes: number;
}

/** Stores one file of an upload; `index` is its position in the request, from 0. */
export type StoreFile<T> = (file: {
  readonly name: string;
  readonly index: number;
  readonly content: Readable;
}) => Promise<T>;

/**
 * Passes every file of the request to `store` and returns the results in order.
 *
 * @throws HttpError 400 for a broken or empty upload, 413 for too many files, 415 for something else than multipart
 */
export async function receiveFiles<T>(request: Request, limits: UploadLimits, store: StoreFile<T>): Promise<T[]> {
  const parser = createParser(request, limits);
  try {
    const stored = await pump(request, parser, limits, store);
    if (stored.length === 0)
      throw new HttpError(400, 'The upload holds no file: send at least one part with a file name.');
    return stored;
  } catch (error) {
    request.unpipe(parser);
    parser.destroy();
    // The rest of the body is read and discarded up to a limit, because closing the connection early would lose the answer.
    await drain(request);
    throw error;
  }
}

function createParser(request: Request, { maxFiles, maxBytes }: UploadLimits): busboy.Busboy {
  if (!request.is('multipart/form-data')) throw new HttpError(415, 'Expected files as multipart/form-data.');
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      // One byte beyond the limit is passed on, so that the store can refuse the file.
      limits: {
        files: maxFiles,
        fileSize: maxBytes + 1,
        fields: 20,
        fieldSize: 1024,
        parts: maxFiles + 20,
        headerPairs: 50,
      },
    });
  } catch {
    throw new HttpError(400, 'The multipart request has no usable boundary.');
  }
}

async function pump<T>(
  request: Request,
  parser: busboy.Busboy,
  limits: UploadLimits,
  store: StoreFile<T>,
): Promise<T[]> {
  return new Promise<T[]>((resolve, reject) => {
    const stored: Promise<T>[] = [];
    parser.on('file', (_field, content, info) => {
      // The store may have refused the file before it read any of it; nobody else listens then when the parser ends.
      content.on('error', () => undefined);
      const file = store({ name: safeName(info.filename), index: stored.length, content });
      stored.push(file);
      // The parser's own error comes first, because it names the cause when both fail.
      file.catch((error: unknown) => setImmediate(reject, error));
    });
    parser.on('filesLimit', () =>
      reject(new HttpError(413, `Expected at most ${limits.maxFiles} files in one upload.`)),
    );
    parser.on('partsLimit', () => reject(new HttpError(413, 'The upload has too many parts.')));
    parser.on('error', () => reject(new HttpError(400, 'The upload is broken or incomplete.')));
    parser.on('close', () => void Promise.all(stored).then(resolve, reject));
    request.on('close', () => {
      if (request.complete) return;
      parser.destroy(new Error('The client went away.'));
    });
    request.pipe(parser);
    request.on('data', (part: Buffer) => received.set(request, receivedBytes(request) + part.byteLength));
  });
}

const received = new WeakMap<Request, number>();

/** Returns how many bytes {@link receiveFiles} has read from a request so far. */
export function receivedBytes(request: Request): number {
  return received.get(request) ?? 0;
}

const DRAIN_MS = 5_000;

async function drain(request: Request): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, DRAIN_MS);
    request.once('end', done).once('close', done).once('error', done).resume();
  });
}

/** Control characters and marks of text direction, which can make a name look like another one. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Returns the name of a file without folders, control characters and marks of text direction. */
export function safeName(name: string | undefined): string {
  const own = (name ?? '').split(/[/\\]/).at(-1) ?? '';
  const clean = own.normalize('NFC').replace(UNSAFE, '').trim();
  return clean === '' || /^\.+$/.test(clean) ? 'document' : Array.from(clean).slice(0, 200).join('');
}
