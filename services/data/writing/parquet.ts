/** Writes tables as Parquet: a text for each cell, null where there is none. One group of rows at a time is in memory. */
import type { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { whenUsed } from '../../../contracts/values/when-used.ts';
import { columnNames } from '../../imports/reading/header.ts';
import type { Written } from '../port.ts';
import { valueOf } from './lines.ts';
import type { TableWriter } from './written.ts';

/** Rows and characters of one group. */
const GROUP_ROWS = 10_000;
const GROUP_CHARACTERS = 8_000_000;

const library = whenUsed(() => import('hyparquet-writer'));

/** Creates the writer; the library is loaded with the first. */
export async function parquetWriter(header: readonly string[]): Promise<TableWriter> {
  return new ParquetTable(columnNames(header), await library());
}

class ParquetTable implements TableWriter {
  readonly #names: readonly string[];
  readonly #bytes: ByteWriter;
  readonly #file: ParquetWriter;
  #columns: (string | null)[][];
  #characters = 0;
  readonly counts = { rows: 0, leftOut: 0, changedCells: 0, removedRows: 0 };

  constructor(
    names: readonly string[],
    parts: Pick<Awaited<ReturnType<typeof library>>, 'ByteWriter' | 'ParquetWriter'>,
  ) {
    this.#bytes = new parts.ByteWriter();
    this.#names = names;
    this.#columns = names.map(() => []);
    this.#file = new parts.ParquetWriter({
      writer: this.#bytes,
      schema: [
        { name: 'root', num_children: names.length },
        ...names.map((name) => ({
          name,
          type: 'BYTE_ARRAY' as const,
          converted_type: 'UTF8' as const,
          repetition_type: 'OPTIONAL' as const,
        })),
      ],
    });
  }

  row(fields: readonly string[]): void {
    this.counts.rows += 1;
    for (const [at, column] of this.#columns.entries()) {
      const value = valueOf(fields[at] ?? '');
      this.#characters += value.length;
      column.push(value === '' ? null : value);
    }
    if ((this.#columns[0]?.length ?? 0) >= GROUP_ROWS || this.#characters >= GROUP_CHARACTERS) this.#group();
  }

  empty(): void {
    this.counts.leftOut += 1;
  }

  bad(): void {
    this.counts.leftOut += 1;
  }

  take(): Written {
    const table = new Uint8Array(this.#bytes.getBytes());
    this.#bytes.index = 0; // the place in the file is counted apart
    return { table };
  }

  finish(): void {
    this.#group();
    void this.#file.finish();
  }

  #group(): void {
    if ((this.#columns[0]?.length ?? 0) === 0) return;
    const columnData = this.#names.map((name, at) => ({
      name,
      data: this.#columns[at] ?? [],
      type: 'STRING' as const,
    }));
    void this.#file.write({ columnData, rowGroupSize: GROUP_ROWS });
    this.#columns = this.#names.map(() => []);
    this.#characters = 0;
  }
}
