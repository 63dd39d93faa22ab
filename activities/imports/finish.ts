import { Readable } from 'node:stream';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { FinishInput, ImportCounts, ImportResult } from '../../contracts/imports/schema.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { ImportPorts } from './ports.ts';

/** Rejects read from the database at once. */
const SLICE = 5_000;

/**
 * Closes an import: counts the outcomes of its records and writes the rejects file in the order of the lines. A failed
 * or cancelled import is closed in the same way; the rows that it saved stay and are counted.
 */
export async function finish(
  ports: ImportPorts,
  { importId, runId, status, failure }: FinishInput,
  context: TaskContext,
): Promise<ImportResult> {
  const before = await ports.imports.ended(runId);
  const { counts, rejects } = before ?? {
    counts: await ports.imports.counts(runId),
    rejects: await writeRejects(ports, { importId, runId }, context),
  };
  if (before === undefined)
    await ports.imports.finish(importId, runId, { status, counts, rejects, failure: failure ?? null });
  const { dryRun = false, layout = null } = (await ports.imports.view(importId)) ?? {};
  return {
    importId,
    status: statusOf(counts),
    dryRun,
    ...counts,
    ...(rejects === null ? {} : { rejects }),
    ...(layout === null ? {} : { layout }),
  };
}

function statusOf({ read, rejected }: ImportCounts): ImportResult['status'] {
  if (read === 0) return 'empty';
  return rejected === 0 ? 'complete' : 'partial';
}

async function writeRejects(
  ports: ImportPorts,
  { importId, runId }: Pick<FinishInput, 'importId' | 'runId'>,
  context: TaskContext,
): Promise<BlobRef | null> {
  const lines = rejectLines(ports, runId, context);
  const first = await lines.next();
  // A run that was reset had stored a file before; the database no longer holds what is in it.
  const earlier = (await ports.imports.view(importId))?.rejects ?? null;
  if (first.done === true) return earlier;
  const head = ports.rules.csvLine(['line', 'column', 'value', 'reason']);
  const content = async function* (): AsyncGenerator<string | Uint8Array> {
    if (earlier === null) yield head;
    else yield* (await ports.blobs.open(earlier)) as AsyncIterable<Uint8Array>; // a readable of bytes
    yield first.value;
    yield* lines;
  };
  return ports.blobs.put('import-rejects', Readable.from(content()));
}

async function* rejectLines(
  { imports, rules }: ImportPorts,
  runId: string,
  context: TaskContext,
): AsyncGenerator<string> {
  let after = { line: 0, position: -1 };
  for (;;) {
    context.signal.throwIfAborted();
    const rejects = await imports.rejects(runId, after, SLICE);
    const last = rejects.at(-1);
    if (last === undefined) return;
    yield rejects
      .map(({ line, column, value, reason }) => rules.csvLine([String(line), column, value, reason]))
      .join('');
    if (rejects.length < SLICE) return;
    after = last;
  }
}
