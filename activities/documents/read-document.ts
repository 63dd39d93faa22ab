import { sourceOf, runWindow } from '../../concurrency/window.ts';
import type { ReadDocumentInput, ReadDocumentOutput, ReadingOptions } from '../../contracts/documents/schema.ts';
import { MAX_TEXT_BYTES } from '../../contracts/documents/vocabulary.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { StoredDocument } from '../../services/documents/port.ts';
import type { DocumentFacts } from '../../services/ocr/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { DocumentPorts } from './ports.ts';

/**
 * Reads a range of pages and stores each at once. Stored pages are not read again, so a retry continues at the page
 * where the last attempt stopped, and a second run does nothing. The heartbeat carries the same progress for operators
 * only; the rows decide, because a heartbeat may be lost.
 */
export async function readDocument(
  ports: DocumentPorts,
  given: ReadDocumentInput,
  context: TaskContext,
): Promise<ReadDocumentOutput> {
  const options = { ...given.options, language: given.options.language ?? ports.language };
  const input = { ...given, options };
  const { documentId } = input;
  const document = await ports.documents.find(documentId);
  if (document === undefined)
    throw new PerennialError('DocumentNotFound', `expected the id of a known document, got '${documentId}'`);
  const key = readingKey(options);
  if (document.status === 'completed' && document.readingKey === key && document.pages !== null)
    return { pages: document.pages, read: 0 };

  const file = await localFile(ports, document);
  try {
    const facts = await ports.reader.inspect(file.path, context.signal);
    await ports.documents.begin(documentId, key, facts);
    const missing = await missingPages(ports, input, key, facts.pages);
    await readPages(ports, input, { path: file.path, facts, key, missing }, context);
    await checkLength(ports, documentId, key);
    return { pages: facts.pages, read: missing.length };
  } finally {
    await file.release();
  }
}

/** A range of pages whose language is known. */
type RangeInput = ReadDocumentInput & { readonly options: { readonly language: string } };

/** Refuses texts that no process could hand out, before the rest of such a document is read. */
async function checkLength({ documents }: DocumentPorts, documentId: string, key: string): Promise<void> {
  const bytes = await documents.textBytes(documentId, key);
  if (bytes <= MAX_TEXT_BYTES) return;
  throw new PerennialError(
    'DocumentTooLarge',
    `document: expected at most ${String(MAX_TEXT_BYTES / BYTES_PER_MB)} MB of text, got ${(bytes / BYTES_PER_MB).toFixed(1)} MB so far. Split the document.`,
  );
}

/** Names the options under which pages were read, because pages read under other options are not reused. */
export function readingKey(options: Required<ReadingOptions>): string {
  return [
    options.backend,
    options.language,
    options.preprocess ? 'clean' : 'raw',
    options.forceOcr ? 'ocr' : 'auto',
  ].join('/');
}

async function localFile(
  ports: DocumentPorts,
  document: StoredDocument,
): Promise<{ path: string; release: () => Promise<void> }> {
  if (document.source.kind === 'path') {
    return { path: await ports.files.confine(document.source.path), release: () => Promise.resolve() };
  }
  return ports.blobs.localFile(document.source.ref);
}

async function missingPages(ports: DocumentPorts, input: RangeInput, key: string, pages: number): Promise<number[]> {
  const read = new Set(await ports.documents.pagesRead(input.documentId, key));
  const missing: number[] = [];
  for (let page = input.firstPage; page < Math.min(pages, input.firstPage + input.maxPages); page += 1) {
    if (!read.has(page)) missing.push(page);
  }
  return missing;
}

interface Job {
  readonly path: string;
  readonly facts: DocumentFacts;
  readonly key: string;
  readonly missing: readonly number[];
}

async function readPages(
  ports: DocumentPorts,
  { documentId, options }: RangeInput,
  job: Job,
  context: TaskContext,
): Promise<void> {
  let left = job.missing.length;
  let limited: PerennialError | undefined;
  await runWindow<number>({
    limit: ports.reader.concurrency,
    next: sourceOf(job.missing),
    work: async (page) => {
      const reading = await ports.reader
        .readPage({ path: job.path, mediaType: job.facts.mediaType, page, ...options }, context.signal)
        .catch((error: unknown) => {
          if (!hitsLimit(error)) throw error;
          limited ??= error;
        });
      if (reading === undefined) return;
      await ports.documents.savePage(documentId, job.key, reading);
      left -= 1;
      context.progress({ lastPage: page, pagesLeft: left });
    },
  });
  if (limited !== undefined) throw limited;
}

/** Tells whether a page is too much for its reader. The other pages are still read, and kept when the document fails. */
function hitsLimit(error: unknown): error is PerennialError {
  return error instanceof PerennialError && (error.type === 'PageTimeLimit' || error.type === 'PageMemoryLimit');
}
