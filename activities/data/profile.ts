import type { DataReport, FileOptions, ProfileInput, ProfileOutput } from '../../contracts/data/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { FileOwner, Profiled, TableReport } from '../../services/data/port.ts';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { DataPorts } from './ports.ts';

/** Reads a table once and reports what stands in it. A second call with the same id returns the same report. */
export async function profile(ports: DataPorts, input: ProfileInput, context: TaskContext): Promise<ProfileOutput> {
  const { userId, file, fileId = context.taskId, ...options } = input;
  const { tenant } = context;
  requireOwn(ports.uploadPlace(userId, tenant), file.key);
  const owner: FileOwner = { fileId, userId, tenant };
  const known = await ports.files.open({ ...owner, original: file, options });
  const profiled = known.profiled ?? (await read(ports, owner, { file, options }, context));
  return { status: 'profiled', file_id: fileId, ...profiled.figures, report: profiled.report };
}

/** Uploads of somebody else are as good as none. */
function requireOwn(place: string, key: string): void {
  if (key.startsWith(`${place}/`)) return;
  throw new PerennialError('DataFileMissing', 'file: expected what the user has uploaded, got something else');
}

async function read(
  { scan, stored, threads, blobs, files }: DataPorts,
  owner: FileOwner,
  { file, options }: { readonly file: BlobRef; readonly options: FileOptions },
  context: TaskContext,
): Promise<Profiled> {
  const { seen, place } = await scan(file, options, {
    signal: context.signal,
    onBytes: (rewritten) => context.progress({ rewritten }),
  });
  const of = place.to - place.from;
  const content = stored.read(place.file, place.from, place.to);
  const table = await threads.profile(place, content, {
    signal: context.signal,
    onBytes: (bytes) => context.progress({ bytes, of }),
  });
  const report: DataReport = { ...seen, ...table };
  const kept = await blobs.put('data/reports', Buffer.from(JSON.stringify(report)));
  return files.profiled(owner, { figures: figuresOf(table), report: kept, current: place });
}

function figuresOf({ rows, columns, duplicate_rows, bad_rows, fixes }: TableReport): Profiled['figures'] {
  return {
    rows,
    columns: columns.length,
    duplicate_rows: duplicate_rows.count,
    bad_rows: bad_rows.count,
    fixes: fixes.length,
  };
}
