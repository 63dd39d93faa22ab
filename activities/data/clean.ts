import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import type { CleanInput, CleanOutput, DataFix, DataReport } from '../../contracts/data/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { Cleaning, FileOwner, Profiled, TablePlace, TableWriting } from '../../services/data/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { DataPorts } from './ports.ts';
import { requireRead } from './require-read.ts';

/** Applies fixes of the report to a table. A second call with the same id changes nothing and returns the same. */
export async function clean(ports: DataPorts, input: CleanInput, context: TaskContext): Promise<CleanOutput> {
  const { userId, fileId, fixes: wanted, cleaningId = context.taskId } = input;
  const owner: FileOwner = { fileId, userId, tenant: context.tenant };
  const profiled = requireRead(await ports.files.get(owner));
  const done = (await ports.cleanings.find(owner, cleaningId)) ?? (await apply(ports, owner, profiled, input, context));
  if (wanted !== undefined && wanted.toSorted().join() !== done.fixes.toSorted().join())
    throw new PerennialError(
      'DataFileTaken',
      'cleaningId: expected an id that no other fixes have, got one that is taken',
    );
  return { status: 'cleaned', file_id: fileId, cleaning_id: cleaningId, ...done.figures, changes: done.changes };
}

async function apply(
  ports: DataPorts,
  owner: FileOwner,
  { report, current }: Profiled,
  { fixes: wanted, cleaningId }: CleanInput,
  context: TaskContext,
): Promise<Cleaning> {
  const fixes = chosen(await reportOf(ports, report), wanted);
  const content = ports.stored.read(current.file, current.from, current.to);
  const form = { as: 'cleaned', fixes } as const;
  const writing = ports.threads.write(current, content, form, {
    signal: context.signal,
    onBytes: (bytes) => context.progress({ bytes, of: current.to - current.from }),
  });
  const { table, changes, head } = await storeBoth(ports, writing);
  const { rows, changedCells: changed_cells, removedRows: removed_rows } = writing.counts();
  return ports.cleanings.apply(owner, {
    cleaningId: cleaningId ?? context.taskId,
    fixes: fixes.map(({ id }) => id),
    before: current,
    after: placeAfter(current, table, head),
    changes,
    figures: { rows, changed_cells, removed_rows },
  });
}

/** The report is small: a line for each column, and a few examples. */
async function reportOf({ blobs }: DataPorts, ref: BlobRef): Promise<DataReport> {
  const parts: Buffer[] = [];
  for await (const part of await blobs.open(ref)) parts.push(part as Buffer); // no encoding is set
  return JSON.parse(Buffer.concat(parts).toString()) as DataReport; // `data.profile` has written it
}

/** Returns the fixes that are asked for. @throws PerennialError `InvalidInput` for one that the report does not suggest */
function chosen({ fixes }: DataReport, wanted: readonly string[] | undefined): readonly DataFix[] {
  if (wanted === undefined) return fixes;
  const unknown = wanted.find((id) => !fixes.some((fix) => fix.id === id));
  if (unknown === undefined) return fixes.filter(({ id }) => wanted.includes(id));
  throw new PerennialError('InvalidInput', `fixes: expected ids of fixes of the report, got '${unknown}'`);
}

/** Stores the table and its changes while they are written; memory holds one block of each. */
async function storeBoth(
  { blobs }: Pick<DataPorts, 'blobs'>,
  { blocks }: TableWriting,
): Promise<{ readonly table: BlobRef; readonly changes: BlobRef; readonly head: number }> {
  const changes = new PassThrough();
  let head: number | undefined;
  const table = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for await (const written of blocks) {
        head ??= headBytes(written.table);
        if (written.changes !== undefined && !changes.write(written.changes)) await once(changes, 'drain');
        if (written.table.length > 0) yield written.table;
      }
      changes.end();
    } catch (error) {
      changes.destroy(error as Error); // what is thrown here is an error
      throw error;
    }
  };
  const kept = blobs.put('data/changes', changes).catch((error: unknown) => {
    changes.destroy(error as Error); // ends the writing of the table, which waits for room
    throw error;
  });
  const [stored, changed] = await Promise.all([
    blobs.put('data/tables', Readable.from(table(), { objectMode: false })),
    kept,
  ]);
  return { table: stored, changes: changed, head: head ?? 0 };
}

/** The header is the first record of the first block; a name may hold a line break between quotes. */
function headBytes(block: Uint8Array): number {
  let quoted = false;
  for (const [at, byte] of block.entries()) {
    if (byte === 0x22) quoted = !quoted;
    else if (byte === 0x0a && !quoted) return at + 1;
  }
  return block.length;
}

/** The cleaned table is CSV in UTF-8, and what stands for cells of a workbook in it is still read as such. */
function placeAfter({ layout: { format, header } }: TablePlace, table: BlobRef, head: number): TablePlace {
  return {
    layout: { format, header, delimiter: ',', encoding: 'utf-8' },
    file: { parts: [table], size: table.size, sha256: table.sha256 },
    from: head,
    to: table.size,
    line: 2,
  };
}
