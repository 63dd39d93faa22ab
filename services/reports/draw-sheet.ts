/** Writes rows as an XLSX workbook. It runs in the child process for drawing, because 50,000 rows take two seconds. */
import type { Blob } from 'node:buffer';
import type { Stream } from 'node:stream';
import writeXlsxFile, { type Feature, type Row } from 'write-excel-file/node';
import type { Sheet, SheetCell, SheetColumnKind } from './port.ts';
import { forgetTimes } from './zip-times.ts';

/** Formats of cells. Times are in UTC, which a cell cannot say by itself, so the format does. */
const FORMATS = { share: '0.0%', time: 'yyyy-mm-dd hh:mm:ss "UTC"' } as const;

/**
 * Writes a sheet with a fixed head that filters its columns. Every text is a text cell, whatever it begins with, so that
 * no spreadsheet runs it as a formula. The same rows give the same bytes, so a repeated export is the same blob.
 */
export async function drawSheet({ name, columns, rows }: Sheet): Promise<Uint8Array> {
  const head: Row = columns.map(({ title }) => ({ value: textOf(title), type: String, fontWeight: 'bold' }));
  const cells = rows.map((row): Row => columns.map(({ kind }, at) => cellOf(kind, row[at] ?? null)));
  const workbook = writeXlsxFile(
    [head, ...cells],
    { sheet: name, columns: columns.map(({ width }) => ({ width })), stickyRowsCount: 1 },
    { features: [filterOver(columns.length, rows.length + 1)] },
  );
  const bytes = await workbook.toBuffer();
  forgetTimes(bytes);
  return bytes;
}

function cellOf(kind: SheetColumnKind, value: SheetCell): Row[number] {
  if (value === null) return null;
  if (kind === 'time') return { value: new Date(value), type: Date, format: FORMATS.time };
  if (kind === 'text' || typeof value === 'string') return { value: textOf(String(value)), type: String };
  return kind === 'share' ? { value, type: Number, format: FORMATS.share } : { value, type: Number };
}

/**
 * Puts a sign without width before the names of what every object has, such as `constructor`: the library would take them
 * for texts that it has written before, and the workbook would not open.
 */
function textOf(text: string): string {
  return text in Object.prototype ? `\u2060${text}` : text;
}

/** Adds the filter, for which the library has no option. The format has its place right after the rows. */
function filterOver(columns: number, rows: number): Feature<Stream | Buffer | Blob> {
  const filter = `<autoFilter ref="A1:${letters(columns)}${String(rows)}"/>`;
  return {
    files: {
      transform: {
        'xl/worksheets/sheet{id}.xml': { transform: (xml) => xml.replace('</sheetData>', `</sheetData>${filter}`) },
      },
    },
  };
}

/** Returns the name of a column from its number, which starts at 1: A, …, Z, AA. */
function letters(column: number): string {
  const rest = column - 1;
  const last = String.fromCodePoint(65 + (rest % 26));
  return rest < 26 ? last : letters(Math.floor(rest / 26)) + last;
}
