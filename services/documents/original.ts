/** Opens the file of a document as it was given, to send it to its owner. */
import { open, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { PerennialError } from '../../contracts/failures.ts';
import { detectMedia, HEAD_BYTES } from '../ocr/media.ts';

/** A file that is being sent. */
export interface OriginalFile {
  /** Type of the content by its first bytes; `application/octet-stream` for what Perennial does not read. */
  readonly mediaType: string;
  /** Bytes of `content`. */
  readonly size: number;
  /** The bytes of the file; its end or its destruction closes the file. */
  readonly content: Readable;
}

/**
 * Opens a file whose path has been confined. The type comes from the content, because a name may promise any type, and a
 * browser shows a page of HTML with the rights of the API.
 *
 * @throws PerennialError `FileMissing` when no file that may be read is there
 */
export async function openOriginal(path: string): Promise<OriginalFile> {
  const file = await open(path, 'r').catch(missing);
  try {
    return await contentOf(file);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function contentOf(file: FileHandle): Promise<OriginalFile> {
  const facts = await file.stat();
  if (!facts.isFile()) missing();
  const head = Buffer.alloc(Math.min(HEAD_BYTES, facts.size));
  await file.read(head, 0, head.length, 0);
  const mediaType = detectMedia(head) ?? 'application/octet-stream';
  // What is appended meanwhile would not fit the length that was announced.
  const content = file.createReadStream({ start: 0, end: Math.max(0, facts.size - 1) });
  return { mediaType, size: facts.size, content };
}

function missing(cause?: unknown): never {
  throw new PerennialError(
    'FileMissing',
    'Expected the file of the document to be readable, but it is not there or may not be read. Put it back.',
    { cause },
  );
}
