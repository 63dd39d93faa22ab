/** Writes rows as an XLSX workbook. Runs in the process that draws: 50,000 rows take it two seconds. */
import writeXlsxFile, { type Row } from 'write-excel-file/node';
import type { Sheet, SheetCell } from './port.ts';
import { forgetTimes } from './zip-times.ts';

/**
 * Every text is a text cell, whatever it begins with, so that no spreadsheet takes it for a formula. The same rows give
 * the same bytes: an export that is made twice is one blob.
 */
export async function drawSheet({ name, columns, rows }: Sheet): Promise<Uint8Array> {
  const head: Row = columns.map(({ title }) => ({ value: title, type: String, fontWeight: 'bold' }));
  const cells = rows.map((row): Row => row.map(cellOf));
  const widths = columns.map(({ width }) => ({ width }));
  const workbook = writeXlsxFile([head, ...cells], { sheet: name, columns: widths, stickyRowsCount: 1 });
  const bytes = await workbook.toBuffer();
  forgetTimes(bytes);
  return bytes;
}

function cellOf(value: SheetCell): Row[number] {
  if (value === null) return null;
  return typeof value === 'number' ? { value, type: Number } : { value, type: String };
}
