/** The forms in which tables are written. */
import type { WriteForm } from '../port.ts';
import { CleaningWriter } from './cleaned.ts';
import { csvWriter, jsonWriter, listWriter } from './lines.ts';
import { parquetWriter } from './parquet.ts';
import type { TableWriter } from './written.ts';

/** Creates the writer of a form. */
export async function writerOf(form: WriteForm, header: readonly string[]): Promise<TableWriter> {
  switch (form.as) {
    case 'csv':
      return csvWriter(header);
    case 'jsonl':
      return jsonWriter(header);
    case 'lists':
      return listWriter(header);
    case 'parquet':
      return parquetWriter(header);
    case 'cleaned':
      return new CleaningWriter(header, form.fixes);
  }
}
