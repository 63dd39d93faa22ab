/** Writes rows as an XLSX workbook. It runs in the child process for drawing, because 50,000 rows take two seconds. */
import writeXlsxFile, { type Row } from 'write-excel-file/node';
import type { Sheet, SheetCell } from './port.ts';
import { forgetTimes } from './zip-times.ts';

/**
 * Writes a sheet. Every text is a text cell, whatever it begins with, so that no spreadsheet runs it as a formula. The
 * same rows give the same bytes, so a repeated export is the same blob.
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
