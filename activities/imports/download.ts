import { createHash } from 'node:crypto';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { DEFAULT_IMPORT_SCHEMA, type ImportSchema } from '../../contracts/imports/vocabulary.ts';
import type { DownloadInput, DownloadOutput, ImportInput, StoredFile } from '../../contracts/imports/schema.ts';
import type { Download, StoredImport } from '../../services/imports/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { ImportPorts } from './ports.ts';
import { temporaryPrefix } from './prefix.ts';
import { schemaOf } from './schema-of.ts';

/**
 * Copies the file of an import to the shared store, so that any worker can continue. A stored part is never downloaded
 * again: a retry requests the rest from the server, on whichever worker it runs.
 */
export async function download(
  ports: ImportPorts,
  { importId, runId, input }: DownloadInput,
  context: TaskContext,
): Promise<DownloadOutput> {
  // The import is registered before anything is refused, so that it shows why.
  const stored = await ports.imports.open(importId, runId, input);
  checkOptions(input);
  const file = stored.file ?? (await fetchFile(ports, stored, input, context));
  if (stored.file === null) await ports.imports.setFile(runId, file);
  return { size: file.size, sha256: file.sha256 };
}

/** Checks the options before anything is downloaded. */
function checkOptions(input: ImportInput): void {
  const schema = schemaOf(input.schema);
  if (input.startOcr !== undefined && schema.target !== 'documents')
    throw new PerennialError(
      'InvalidInput',
      `startOcr: expected the schema documents, got ${input.schema ?? 'records'}`,
    );
  if (schema.target !== 'records' && (input.dataset !== undefined || input.key !== undefined))
    throw new PerennialError(
      'InvalidInput',
      `dataset, key: expected a schema that fills datasets, got ${input.schema ?? ''}`,
    );
  checkFormats(input, schema);
}

/** Refuses options that would have no effect. */
function checkFormats(input: ImportInput, { fields }: ImportSchema): void {
  const name = input.schema ?? DEFAULT_IMPORT_SCHEMA;
  if (input.dateFormat !== undefined && !fields.some(({ kind }) => kind === 'date'))
    throw new PerennialError('InvalidInput', `dateFormat: expected a schema with dates, got ${name}`);
  if (input.decimal !== undefined && !fields.some(({ kind }) => kind === 'decimal'))
    throw new PerennialError('InvalidInput', `decimal: expected a schema with decimal numbers, got ${name}`);
  if (input.skipLines !== undefined && input.headerRow !== undefined)
    throw new PerennialError('InvalidInput', 'skipLines, headerRow: expected at most one of the two, got both');
}

async function fetchFile(
  ports: ImportPorts,
  stored: StoredImport,
  input: ImportInput,
  context: TaskContext,
): Promise<StoredFile> {
  const { url, path, blob } = input.source;
  if (blob !== undefined) return checked({ parts: [blob], size: blob.size, sha256: blob.sha256 }, input);
  const parts =
    url === undefined
      ? await copyParts(ports, stored, path ?? '', context)
      : await downloadParts(ports, stored, url, context);
  return checked(await summed(ports, parts, context), input);
}

/**
 * Copies a local file from the beginning in each attempt, which takes less time than checking whether it has changed.
 */
async function copyParts(
  ports: ImportPorts,
  { runId, parts }: StoredImport,
  path: string,
  context: TaskContext,
): Promise<readonly BlobRef[]> {
  const content = await ports.paths.open(path);
  if (parts.length > 0) await ports.imports.dropParts(runId);
  return storeFrom(ports, { runId, parts: [] }, 0, content, null, context);
}

async function downloadParts(
  ports: ImportPorts,
  stored: StoredImport,
  url: string,
  context: TaskContext,
): Promise<readonly BlobRef[]> {
  const from = sizeOf(stored.parts);
  const answer = await ports.downloader.open(url, { from, validator: stored.validator }, context.signal);
  checkAnnounced(answer, ports.limits.maxFileBytes);
  if (answer.from === 0 && stored.parts.length > 0) await ports.imports.dropParts(stored.runId);
  const kept = answer.from === 0 ? [] : stored.parts;
  const parts = await storeFrom(
    ports,
    { ...stored, parts: kept },
    answer.from,
    answer.content,
    answer.validator,
    context,
  );
  const size = sizeOf(parts);
  if (answer.size !== null && size !== answer.size)
    throw new PerennialError(
      'DownloadIncomplete',
      `Expected ${answer.size} bytes, got ${size}. It is retried from there.`,
    );
  return parts;
}

/** Refuses a file whose announced size is too large before its content is read. */
function checkAnnounced({ size, content }: Download, maxBytes: number): void {
  if (size === null || size <= maxBytes) return;
  content.destroy();
  throw new PerennialError(
    'ImportTooLarge',
    `Expected a file of at most ${maxBytes} bytes (IMPORT_MAX_MB), got one of ${size}. Split it or raise the limit.`,
  );
}

async function storeFrom(
  ports: ImportPorts,
  stored: Pick<StoredImport, 'runId' | 'parts'>,
  from: number,
  content: AsyncIterable<Uint8Array> & { destroy(): unknown },
  validator: string | null,
  context: TaskContext,
): Promise<readonly BlobRef[]> {
  const { runId, parts } = stored;
  let bytes = from;
  try {
    const added = await ports.files.store(temporaryPrefix(runId), untilAborted(content, context.signal), {
      maxBytes: ports.limits.maxFileBytes - from,
      onPart: async (part, index) => {
        await ports.imports.addPart(runId, parts.length + index, part, validator);
        bytes += part.size;
        context.progress({ bytes });
      },
    });
    return [...parts, ...added];
  } finally {
    content.destroy();
  }
}

async function* untilAborted(content: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    signal.throwIfAborted();
    yield chunk;
  }
}

/** Reads the parts again to compute the checksum of the whole file, because no single attempt has read all of it. */
async function summed(ports: ImportPorts, parts: readonly BlobRef[], context: TaskContext): Promise<StoredFile> {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return { parts: [only], size: only.size, sha256: only.sha256 };
  const hash = createHash('sha256');
  for await (const block of ports.files.readAll(parts)) {
    context.signal.throwIfAborted();
    hash.update(block);
  }
  return { parts: [...parts], size: sizeOf(parts), sha256: hash.digest('hex') };
}

function checked(file: StoredFile, { sha256 }: ImportInput): StoredFile {
  if (file.size === 0)
    throw new PerennialError('EmptyFile', 'Expected a header, got an empty file. Supply the file again.');
  if (sha256 === undefined || sha256.toLowerCase() === file.sha256) return file;
  throw new PerennialError('ChecksumMismatch', `sha256: expected ${sha256.toLowerCase()}, got ${file.sha256}`);
}

function sizeOf(parts: readonly BlobRef[]): number {
  return parts.reduce((size, part) => size + part.size, 0);
}
