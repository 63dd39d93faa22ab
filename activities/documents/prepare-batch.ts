import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { DEFAULT_READING, MAX_BATCH } from '../../contracts/documents/vocabulary.ts';
import type {
  BatchOcrInput,
  PrepareBatchInput,
  PrepareBatchOutput,
  ReadingOptions,
} from '../../contracts/documents/schema.ts';
import { failureRecord, PerennialError } from '../../contracts/failures.ts';
import type { NewBatchItem, NewDocument } from '../../services/documents/port.ts';
import { type ManifestLine, manifestLines, wrongLine } from '../shell/manifest-lines.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { DocumentPorts } from './ports.ts';

/** Entries written in one statement. */
const SLICE = 2_000;

/** An entry as the caller named it. */
type Entry = { readonly documentId: string } | { readonly path: string };

/**
 * Registers the entries of a batch. A repetition after a failure continues where it stopped: positions and ids of
 * documents named by path are derived from the input, so every write finds what an earlier attempt stored.
 */
export async function prepareBatch(
  ports: DocumentPorts,
  { batchId, input }: PrepareBatchInput,
  context: TaskContext,
): Promise<PrepareBatchOutput> {
  if (input.resume === true && !(await ports.batches.exists(batchId))) {
    throw new PerennialError(
      'InvalidInput',
      `resume: expected the id of a batch that was started before, got '${batchId}'`,
    );
  }
  const { options, prepared } = await ports.batches.open(batchId, readingOptions(input, ports.language));
  if (!prepared) await registerEntries(ports, batchId, input, context);
  const counts = await ports.batches.markPrepared(batchId);
  return { ...counts, options };
}

function readingOptions(input: BatchOcrInput, defaultLanguage: string): ReadingOptions {
  const { backend, language, preprocess, forceOcr } = input;
  return {
    backend: backend ?? DEFAULT_READING.backend,
    language: language ?? defaultLanguage,
    preprocess: preprocess ?? DEFAULT_READING.preprocess,
    forceOcr: forceOcr ?? DEFAULT_READING.forceOcr,
  };
}

async function registerEntries(
  ports: DocumentPorts,
  batchId: string,
  input: BatchOcrInput,
  context: TaskContext,
): Promise<void> {
  const seen = new Set<string>();
  let position = 0;
  let slice: Entry[] = [];
  const write = async (): Promise<void> => {
    context.signal.throwIfAborted();
    await registerSlice(ports, batchId, slice, position - slice.length, seen);
    slice = [];
  };
  for await (const entry of entriesOf(ports, input)) {
    if (position >= MAX_BATCH)
      throw new PerennialError(
        'InvalidInput',
        `expected at most ${String(MAX_BATCH)} documents in a batch, got more; start several batches`,
      );
    slice.push(entry);
    position += 1;
    if (slice.length === SLICE) await write();
  }
  if (position === 0)
    throw new PerennialError(
      'EmptyBatch',
      'expected at least one document, file or folder that holds documents, got none',
    );
  await write();
}

async function* entriesOf(ports: DocumentPorts, input: BatchOcrInput): AsyncGenerator<Entry> {
  for (const documentId of input.documentIds ?? []) yield { documentId };
  for (const path of input.paths ?? []) yield* entriesOfPath(ports, path);
  if (input.manifest === undefined) return;
  for await (const line of manifestLines(await ports.blobs.open(input.manifest))) {
    const entry = entryOf(line);
    if ('path' in entry) yield* entriesOfPath(ports, entry.path);
    else yield entry;
  }
}

/** Yields a path that cannot be listed as one entry, so that it fails alone and the other entries are read. */
async function* entriesOfPath(ports: DocumentPorts, path: string): AsyncGenerator<Entry> {
  let files: readonly string[];
  try {
    files = await ports.files.list(path, MAX_BATCH);
  } catch (error) {
    if (!(error instanceof PerennialError)) throw error;
    files = [path];
  }
  for (const file of files) yield { path: file };
}

function entryOf(line: ManifestLine): Entry {
  const { value } = line;
  if (typeof value === 'object' && value !== null) {
    if ('documentId' in value && typeof value.documentId === 'string') return { documentId: value.documentId };
    if ('path' in value && typeof value.path === 'string') return { path: value.path };
  }
  throw wrongLine(line, '{"documentId": "…"} or {"path": "…"}');
}

async function registerSlice(
  ports: DocumentPorts,
  batchId: string,
  entries: readonly Entry[],
  first: number,
  seen: Set<string>,
): Promise<void> {
  const ids = entries.flatMap((entry) =>
    'documentId' in entry && isUuid(entry.documentId) ? [entry.documentId.toLowerCase()] : [],
  );
  const names = await ports.documents.names(ids);
  const added: NewDocument[] = [];
  const items = entries.map((entry, index): NewBatchItem => {
    const position = first + index;
    const item = 'path' in entry ? pathItem(batchId, entry.path, position) : idItem(entry.documentId, position, names);
    const key = item.documentId;
    if (key !== null && seen.has(key)) return duplicate(item);
    if (key !== null) seen.add(key);
    if ('path' in entry && key !== null)
      added.push({ id: key, name: item.name, source: { kind: 'path', path: entry.path } });
    return item;
  });
  await ports.documents.add(added);
  await ports.batches.addItems(batchId, items);
}

function pathItem(batchId: string, path: string, position: number): NewBatchItem {
  return { position, documentId: derivedId(`${batchId}\n${path}`), name: basename(path) };
}

function idItem(id: string, position: number, names: ReadonlyMap<string, string>): NewBatchItem {
  const documentId = id.toLowerCase();
  const name = names.get(documentId);
  if (name !== undefined) return { position, documentId, name };
  const failure = failureRecord('DocumentNotFound', `expected the id of a known document, got '${id}'`);
  return { position, documentId: null, name: id, outcome: { status: 'missing', failure } };
}

function duplicate(item: NewBatchItem): NewBatchItem {
  const failure = failureRecord(
    'DuplicateDocument',
    `'${item.name}' occurs in this batch more than once; the first one is read`,
  );
  return { ...item, outcome: { status: 'failed', failure } };
}

function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}

/** Derives a UUID (version 8, RFC 9562) that is always the same for the same name. */
function derivedId(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
