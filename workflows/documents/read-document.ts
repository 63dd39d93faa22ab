import { PAGES_PER_ACTIVITY, RANGES_PER_DOCUMENT } from '../../contracts/documents/vocabulary.ts';
import type { ReadingOptions } from '../../contracts/documents/schema.ts';
import { tasks } from '../calls/tasks.ts';
import { group } from '../calls/composition.ts';

/**
 * Reads every page of one document: the first pages tell how many there are,
 * the rest is read in ranges side by side. Pages are stored as they are read,
 * so nothing is returned and nothing is read twice after a failure.
 */
export async function readWholeDocument(documentId: string, options: ReadingOptions): Promise<void> {
  const read = (firstPage: number) =>
    tasks.documents.readDocument({ documentId, options, firstPage, maxPages: PAGES_PER_ACTIVITY });
  const { pages } = await read(0);
  if (pages <= PAGES_PER_ACTIVITY) return;
  const starts = Array.from(
    { length: Math.ceil(pages / PAGES_PER_ACTIVITY) - 1 },
    (_, i) => (i + 1) * PAGES_PER_ACTIVITY,
  );
  await group(starts.map(read), { limit: RANGES_PER_DOCUMENT, join: 'stop' });
}
