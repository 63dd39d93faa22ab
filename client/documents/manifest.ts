/** Moves long lists to blobs, because a message to the server is limited to 2 MB and a history should hold much less. */
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import { batchOcrInputSchema } from '../../contracts/documents/schema.ts';
import { MAX_BATCH } from '../../contracts/documents/vocabulary.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { ManifestStore } from '../domain.ts';
import { validate } from '../connection/validate.ts';
import type { BatchStart } from './types.ts';

/** Longest list in a start message, as in `batchOcrInputSchema`. */
export const INLINE_ENTRIES = 5_000;

const documentIds = z.array(z.string().min(1).max(200)).max(MAX_BATCH);
const paths = z.array(z.string().min(1).max(4_096)).max(MAX_BATCH);

/**
 * Returns a start input that the server accepts: unchanged for a short list, else with the list moved to a manifest blob.
 *
 * @throws InvalidInput before anything is stored
 * @throws PerennialError `InvalidInput` the list is long and there is no blob store
 */
export async function prepareStart(input: BatchStart, blobs: ManifestStore | undefined): Promise<BatchStart> {
  requireEntries(input);
  const list = longList(input);
  if (list === undefined) return validate(batchOcrInputSchema, input);
  const { documentIds: _ids, paths: _paths, ...rest } = input;
  // The input is validated with a placeholder for the reference, so that a wrong option leaves no stored manifest.
  validate(batchOcrInputSchema, { ...rest, [list.key]: list.entries.slice(0, 1) });
  validate(list.key === 'paths' ? paths : documentIds, list.entries, list.key);
  if (blobs === undefined) {
    throw new PerennialError(
      'InvalidInput',
      `${list.key}: expected at most ${INLINE_ENTRIES} entries, got ${list.entries.length}. ` +
        'Longer lists need a blob store: pass `blobs` to connectPerennial, or store a manifest yourself.',
    );
  }
  return { ...rest, manifest: await storeManifest(list, blobs) };
}

/** Refuses an empty list; only a worker can detect an empty folder. */
function requireEntries(input: BatchStart): void {
  // The input is not validated yet: JavaScript callers may pass anything.
  const given = input as BatchStart | null | undefined;
  for (const key of ['documentIds', 'paths'] as const) {
    if (Array.isArray(given?.[key]) && given[key].length === 0) {
      throw new PerennialError('EmptyBatch', `${key}: expected at least one entry, got none.`);
    }
  }
}

interface LongList {
  readonly key: 'documentIds' | 'paths';
  readonly entries: readonly string[];
}

function longList(input: BatchStart): LongList | undefined {
  // The input is not validated yet: JavaScript callers may pass anything.
  const given: unknown = input;
  if (typeof given !== 'object' || given === null) return undefined;
  for (const key of ['documentIds', 'paths'] as const) {
    const entries = input[key];
    if (Array.isArray(entries) && entries.length > INLINE_ENTRIES) return { key, entries };
  }
  return undefined;
}

async function storeManifest(list: LongList, blobs: ManifestStore): Promise<BlobRef> {
  const field = list.key === 'paths' ? 'path' : 'documentId';
  const lines = function* (): Generator<string> {
    for (const entry of list.entries) yield `${JSON.stringify({ [field]: entry })}\n`;
  };
  return blobs.put('manifests', Readable.from(lines()));
}
