import { Readable } from 'node:stream';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import { MAX_BULK } from '../../contracts/email/vocabulary.ts';
import type { BulkEmailInput } from '../../contracts/email/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import { canonicalRecipient } from './send.ts';
import { type ManifestLine, manifestLines, wrongLine } from '../shell/manifest-lines.ts';

/** A recipient of a bulk in the prepared list. */
export interface ListedRecipient {
  readonly to: string;
  /** Position of the first mention of the same address. */
  readonly duplicateOf?: number;
}

/**
 * Stores the recipients of a bulk as one list, in the order of the input. Repetitions are marked, so that every address
 * gets one message.
 */
export async function storeRecipients(
  blobs: BlobStore,
  input: BulkEmailInput,
): Promise<{ readonly ref: BlobRef; readonly total: number }> {
  const first = new Map<string, number>();
  let total = 0;
  const lines = async function* (): AsyncGenerator<string> {
    for await (const to of recipientsOf(blobs, input)) {
      if (total >= MAX_BULK)
        throw new PerennialError(
          'InvalidInput',
          `expected at most ${String(MAX_BULK)} recipients, got more; start several bulks`,
        );
      const address = canonicalRecipient(to.trim());
      const duplicateOf = first.get(address);
      if (duplicateOf === undefined) first.set(address, total);
      const listed: ListedRecipient = { to: to.trim(), ...(duplicateOf === undefined ? {} : { duplicateOf }) };
      total += 1;
      yield `${JSON.stringify(listed)}\n`;
    }
  };
  const ref = await blobs.put('mailings', Readable.from(lines()));
  if (total === 0) throw new PerennialError('InvalidInput', 'manifest: expected at least one recipient, got none');
  return { ref, total };
}

/** Reads a chunk of a stored list. */
export async function readRecipients(
  blobs: BlobStore,
  ref: BlobRef,
  first: number,
  count: number,
): Promise<readonly ListedRecipient[]> {
  const chunk: ListedRecipient[] = [];
  let position = 0;
  for await (const { value } of manifestLines(await blobs.open(ref))) {
    if (position >= first + count) break;
    // `as` is safe: storeRecipients wrote the line.
    if (position >= first) chunk.push(value as ListedRecipient);
    position += 1;
  }
  return chunk;
}

async function* recipientsOf(blobs: BlobStore, input: BulkEmailInput): AsyncGenerator<string> {
  yield* input.recipients ?? [];
  if (input.manifest === undefined) return;
  for await (const line of manifestLines(await blobs.open(input.manifest))) yield addressOf(line);
}

function addressOf(line: ManifestLine): string {
  const { value } = line;
  if (typeof value === 'object' && value !== null && 'to' in value && typeof value.to === 'string') return value.to;
  throw wrongLine(line, '{"to": "…"}');
}
