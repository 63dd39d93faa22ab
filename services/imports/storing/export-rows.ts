/** Writes the rows of an import as a file, page by page. */
import { Readable } from 'node:stream';
import type { ImportedRow, RowFormat } from '../../../contracts/imports/view.schema.ts';
import { findImportSchema } from '../../../contracts/imports/vocabulary.ts';
import type { Database } from '../../database/pool.ts';
import { csvLine } from '../reading/csv.ts';
import { columnNames } from '../reading/header.ts';
import { readRows } from './rows.ts';
import { readView } from './views.ts';

/** Most rows that are read at once. */
const SLICE = 2_000;

/** Columns of the documents that a list made; a list names a document by a path or an address, which may be gone. */
const DOCUMENT_COLUMNS = ['document_id', 'name', 'path', 'user'];

/** Opens the rows of an import as a file. The first rows are read before this returns, so that their errors are thrown. */
export async function exportRows(
  database: Database,
  id: string,
  format: RowFormat,
  signal: AbortSignal,
): Promise<Readable> {
  const pages = pagesOf(database, id, signal);
  const first = await pages.next();
  const columns = format === 'csv' ? await columnsOf(database, id) : [];
  const write = format === 'csv' ? (row: ImportedRow) => csvRow(row, columns) : jsonLine;
  const content = async function* (): AsyncGenerator<string> {
    if (columns.length > 0) yield csvLine(columns);
    if (first.done !== true) yield first.value.map(write).join('');
    for await (const rows of pages) yield rows.map(write).join('');
  };
  return Readable.from(content(), { objectMode: false });
}

async function* pagesOf(
  database: Database,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<readonly ImportedRow[], undefined> {
  let after: string | undefined;
  do {
    signal.throwIfAborted();
    const { rows, next } = await readRows(database, id, { after, limit: SLICE, signal });
    if (rows.length > 0) yield rows;
    after = next ?? undefined;
  } while (after !== undefined);
}

/** Returns the columns in the order of the schema, and those that it does not name in the order of the file. */
async function columnsOf(database: Database, id: string): Promise<readonly string[]> {
  const view = await readView(database, id);
  const schema = findImportSchema(view?.schema ?? '');
  if (schema?.target === 'documents') return DOCUMENT_COLUMNS;
  if (schema === undefined || schema.open === true) return columnNames(view?.layout?.header ?? []);
  return schema.fields.map(({ name }) => name);
}

function csvRow({ values }: ImportedRow, columns: readonly string[]): string {
  return csvLine(columns.map((column) => String(values[column] ?? '')));
}

function jsonLine(row: ImportedRow): string {
  return `${JSON.stringify(row)}\n`;
}
