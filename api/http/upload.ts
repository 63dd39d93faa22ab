/** Takes files from a multipart request, one stream after the other, never whole in memory. */
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Request } from 'express';
import { HttpError } from './problem.ts';

/** Limits of one upload. */
export interface UploadLimits {
  readonly maxFiles: number;
  /** Of each file. */
  readonly maxBytes: number;
}

/** Stores one file of an upload. `index` counts from 0 in the order of the request. */
export type StoreFile<T> = (file: {
  readonly name: string;
  readonly index: number;
  readonly content: Readable;
}) => Promise<T>;

/**
 * Feeds every file of the request to `store` and gives what it gave.
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
    // An answer that overtakes the upload is lost with the connection, so the rest is read and thrown away, within reason.
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
      // One byte more than allowed, so that the store sees that there is too much.
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
      const file = store({ name: safeName(info.filename), index: stored.length, content });
      stored.push(file);
      // Later than the parser's own error: where both fail, the parser knows why.
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

/** Bytes of its body that {@link receiveFiles} has taken from a request so far. */
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

/** Controls, and marks that turn the direction of text: they make a name look like another. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** The file's own name without folders and without anything that could mislead a person or a terminal. */
export function safeName(name: string | undefined): string {
  const own = (name ?? '').split(/[/\\]/).at(-1) ?? '';
  const clean = own.normalize('NFC').replace(UNSAFE, '').trim();
  return clean === '' || /^\.+$/.test(clean) ? 'document' : Array.from(clean).slice(0, 200).join('');
}
