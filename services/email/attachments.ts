/** Reads the attachments of messages: files of the allowed folders, and blobs. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import type { Attachment } from '../../contracts/email/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { BlobStore } from '../blobs/port.ts';
import { confinePath } from '../files/confine.ts';

/** A file in memory, ready to be attached. */
export interface LoadedAttachment {
  readonly filename: string;
  readonly content: Buffer;
  /** Derived from the name when absent. */
  readonly contentType?: string;
}

/** Settings of {@link createAttachmentLoader}. */
export interface AttachmentOptions {
  /** Folders whose files may be attached by path. */
  readonly roots: readonly string[];
  /** Most bytes of all attachments of one message together. */
  readonly maxBytes: number;
  readonly blobs: Pick<BlobStore, 'open'>;
}

/** Reads the attachments of one message. */
export type AttachmentLoader = (attachments: readonly Attachment[]) => Promise<readonly LoadedAttachment[]>;

/**
 * Creates the loader, which throws PerennialError `AttachmentNotAllowed`, `AttachmentMissing`, `AttachmentTooLarge`,
 * `BlobCorrupt`.
 */
export function createAttachmentLoader({ roots, maxBytes, blobs }: AttachmentOptions): AttachmentLoader {
  return async (attachments) => {
    const loaded: LoadedAttachment[] = [];
    let left = maxBytes;
    for (const [index, attachment] of attachments.entries()) {
      const field = `attachments[${String(index)}]`;
      const content =
        'path' in attachment
          ? await readAllowed(attachment.path, roots, left, field)
          : await readBlob(attachment.ref, blobs, left, field);
      left -= content.byteLength;
      loaded.push(named(attachment, content));
    }
    return loaded;
  };
}

function named(attachment: Attachment, content: Buffer): LoadedAttachment {
  if ('path' in attachment) return { filename: attachment.filename ?? basename(attachment.path), content };
  const { filename, contentType } = attachment;
  return { filename, content, ...(contentType === undefined ? {} : { contentType }) };
}

async function readAllowed(path: string, roots: readonly string[], maxBytes: number, field: string): Promise<Buffer> {
  const real = await allowedFile(path, roots, field);
  // Links are not followed: the path was resolved before, so a link there has appeared since and leads elsewhere.
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => {
    throw missing(field);
  });
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw tooLarge(field, maxBytes);
    const content = await file.readFile();
    if (content.byteLength > maxBytes) throw tooLarge(field, maxBytes);
    return content;
  } finally {
    await file.close();
  }
}

async function allowedFile(path: string, roots: readonly string[], field: string): Promise<string> {
  try {
    const found = await confinePath(path, roots);
    if (found.kind === 'file') return found.path;
  } catch (error) {
    if (error instanceof PerennialError && error.type === 'PathNotAllowed')
      throw new PerennialError(
        'AttachmentNotAllowed',
        `${field}: expected a file inside the folders of ATTACHMENT_ROOTS, got a path outside of them`,
      );
    if (!(error instanceof PerennialError) || error.type !== 'FileMissing') throw error;
  }
  throw missing(field);
}

async function readBlob(
  ref: Parameters<BlobStore['open']>[0],
  blobs: Pick<BlobStore, 'open'>,
  maxBytes: number,
  field: string,
): Promise<Buffer> {
  if (ref.size > maxBytes) throw tooLarge(field, maxBytes);
  return bytesOf(await blobs.open(ref));
}

/** Collects a stream whose size the store has checked. */
export async function bytesOf(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer); // no encoding is set, so parts are buffers
  return Buffer.concat(parts);
}

function missing(field: string): PerennialError {
  return new PerennialError('AttachmentMissing', `${field}: expected a readable file at its path, found none`);
}

function tooLarge(field: string, left: number): PerennialError {
  return new PerennialError(
    'AttachmentTooLarge',
    `${field}: expected at most ${String(left)} more bytes in this message, got more`,
  );
}
