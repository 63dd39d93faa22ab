import type { CsvRecord } from './csv.ts';
import type { RecordFault } from './fields.ts';

/** Returns why a record is no row of its table: its quotes, or its number of columns. */
export function faultOfForm({ fields, malformed }: CsvRecord, header: readonly string[]): RecordFault | undefined {
  if (malformed) {
    const reason = 'expected a closing quote before the next delimiter or line end, got none';
    return { column: header[fields.length - 1] ?? '', value: fields.at(-1) ?? '', reason };
  }
  if (fields.length === header.length || trailingBlank(fields, header.length)) return undefined;
  return { column: '', value: '', reason: `expected ${header.length} columns, got ${fields.length}` };
}

/** Accepts superfluous empty fields at the end, which spreadsheets often write. */
function trailingBlank(fields: readonly string[], columns: number): boolean {
  return fields.length > columns && fields.slice(columns).every((field) => field.trim() === '');
}
