import { Readable } from 'node:stream';
import type { ExportInput, ExportOutput } from '../../contracts/data/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type {
  DataExport,
  FileOwner,
  TablePlace,
  TableWriting,
  WriteCounts,
  WriteForm,
} from '../../services/data/port.ts';
import type { Sheet } from '../../services/reports/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { DataPorts } from './ports.ts';
import { requireRead } from './require-read.ts';

/** Rows of a workbook, whose cells are in memory all at once. */
const MOST_SHEET_ROWS = 50_000;

/** Width of a column, in characters. */
const WIDTH = 20;

/** Writes a table of a user. A second call with the same id writes nothing and returns the same. */
export async function exportTable(
  ports: DataPorts,
  { userId, fileId, format, exportId = '' }: ExportInput,
  context: TaskContext,
): Promise<ExportOutput> {
  const id = exportId === '' ? context.taskId : exportId;
  const owner: FileOwner = { fileId, userId, tenant: context.tenant };
  const { current } = requireRead(await ports.files.get(owner));
  const known = await ports.exports.find(owner, id);
  const made = known ?? { exportId: id, fileId, format, ...(await write(ports, current, format, context)) };
  return outputOf(await ports.exports.note(owner, { ...made, fileId, format }));
}

async function write(
  ports: DataPorts,
  table: TablePlace,
  format: ExportInput['format'],
  context: TaskContext,
): Promise<Pick<DataExport, 'rows' | 'leftOut' | 'file'>> {
  const as = format === 'xlsx' ? 'lists' : format;
  const writing = writingOf(ports, table, { as }, context);
  const file = format === 'xlsx' ? await sheetOf(ports, table, writing, context) : await fileOf(ports, writing);
  const { rows, leftOut }: WriteCounts = writing.counts();
  return { rows, leftOut, file };
}

function writingOf(
  { stored, threads }: DataPorts,
  table: TablePlace,
  form: WriteForm,
  context: TaskContext,
): TableWriting {
  const of = table.to - table.from;
  return threads.write(table, stored.read(table.file, table.from, table.to), form, {
    signal: context.signal,
    onBytes: (bytes) => context.progress({ bytes, of }),
  });
}

function fileOf({ blobs }: DataPorts, { blocks }: TableWriting): Promise<BlobRef> {
  const content = async function* (): AsyncGenerator<Uint8Array> {
    for await (const { table } of blocks) if (table.length > 0) yield table;
  };
  return blobs.put('data/exports', Readable.from(content(), { objectMode: false }));
}

/** Every cell is a text, whatever it begins with, so that no spreadsheet runs it as a formula. */
async function sheetOf(
  { blobs, sheets }: DataPorts,
  { layout: { header } }: TablePlace,
  { blocks }: TableWriting,
  { signal }: TaskContext,
): Promise<BlobRef> {
  const rows: string[][] = [];
  let rest = '';
  const decoder = new TextDecoder();
  for await (const { table } of blocks) {
    const lines = (rest + decoder.decode(table, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) rows.push(JSON.parse(line) as string[]); // as `lists` are written
    if (rows.length > MOST_SHEET_ROWS) throw tooManyRows();
  }
  const columns: Sheet['columns'] = header.map((title) => ({ title, width: WIDTH, kind: 'text' }));
  return blobs.put('data/exports', await sheets.sheet({ name: 'Data', columns, rows }, signal));
}

function tooManyRows(): PerennialError {
  return new PerennialError(
    'ExportTooLarge',
    `format: expected at most ${MOST_SHEET_ROWS} rows in an XLSX file, got more; choose csv, jsonl or parquet`,
  );
}

function outputOf({ exportId, fileId, format, rows, leftOut, file }: DataExport): ExportOutput {
  return { status: 'exported', file_id: fileId, export_id: exportId, format, rows, left_out: leftOut, file };
}
