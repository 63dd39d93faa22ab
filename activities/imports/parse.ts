import { PerennialError } from '../../contracts/failures.ts';
import { encodingOf } from '../../contracts/imports/encodings.ts';
import { MAX_BATCH } from '../../contracts/documents/vocabulary.ts';
import type { ParseInput, ParseOutput, StoredFile } from '../../contracts/imports/schema.ts';
import type { StoredImport } from '../../services/imports/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { ImportPorts, PlannedImport, PlanOptions } from './ports.ts';
import { temporaryPrefix } from './prefix.ts';
import { schemaOf } from './schema-of.ts';

/**
 * Scans the whole file once: its format, its columns, and where it can be cut into ranges. Every error that concerns
 * the whole file is reported here, before a row is saved.
 */
export async function parse(
  ports: ImportPorts,
  { importId, runId }: ParseInput,
  context: TaskContext,
): Promise<ParseOutput> {
  const stored = await ports.imports.get(importId, runId);
  if (stored.layout !== null)
    return { layout: stored.layout, ranges: await ports.imports.setPlan(runId, planned(stored)) };
  const file = fileOf(stored);
  const plan = await ports.planner.plan(
    file,
    optionsOf(stored),
    async (content) => rewrite(ports, runId, content, context),
    context.signal,
  );
  checkBatch(stored, plan);
  return { layout: plan.layout, ranges: await ports.imports.setPlan(runId, plan) };
}

function optionsOf({ schema, input }: StoredImport): PlanOptions {
  const { format, delimiter, encoding, sheet, key, headerRow, map = {} } = input;
  return {
    schema: schemaOf(schema),
    key,
    format,
    delimiter,
    encoding: encoding === undefined ? undefined : encodingOf(encoding),
    sheet,
    skipLines: headerRow === undefined ? (input.skipLines ?? 0) : headerRow - 1,
    headerRow,
    map,
  };
}

/** Returns a stored plan instead of planning again; the store only counts its ranges. */
function planned({ layout, rewritten }: StoredImport): PlannedImport {
  if (layout === null) throw new TypeError('expected a layout');
  return { layout, rewritten, ranges: [] };
}

/**
 * Returns the downloaded file of an import.
 * @throws PerennialError `ImportNotFound`
 */
export function fileOf({ id, file }: StoredImport): StoredFile {
  if (file !== null) return file;
  throw new PerennialError('ImportNotFound', `Expected the file of the import '${id}' in the store, got none.`);
}

async function rewrite(
  ports: ImportPorts,
  runId: string,
  content: AsyncIterable<Uint8Array>,
  context: TaskContext,
): Promise<StoredFile> {
  let size = 0;
  const parts = await ports.files.store(`${temporaryPrefix(runId)}/rewritten`, content, {
    maxBytes: 2 * ports.limits.maxFileBytes,
    onPart: (part) => {
      size += part.size;
      context.progress({ rewritten: size });
      return Promise.resolve();
    },
  });
  return { parts: [...parts], size, sha256: '' };
}

function checkBatch({ input }: StoredImport, { layout }: PlannedImport): void {
  if (input.startOcr === undefined || layout.lines - 1 <= MAX_BATCH) return;
  throw new PerennialError(
    'InvalidInput',
    `startOcr: expected a list of at most ${MAX_BATCH} documents, got ${layout.lines - 1} lines; split the list`,
  );
}
