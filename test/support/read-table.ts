/** Reads the bytes of a file as an import does, without a database: planned, rewritten, and read range by range. */
import { encodingOf } from '../../contracts/imports/encodings.ts';
import type { ImportLayout } from '../../contracts/imports/schema.ts';
import { importSchemas, type ImportSchemaName } from '../../contracts/imports/vocabulary.ts';
import { planImport, type PlanSource } from '../../services/imports/reading/planning.ts';
import type { PlanOptions } from '../../services/imports/reading/planning-messages.ts';
import { RangeReader } from '../../services/imports/reading/range-reader.ts';
import { targets } from '../../services/imports/storing/targets.ts';

/** Options of an import. */
export interface ReadOptions {
  readonly schema?: ImportSchemaName;
  readonly format?: 'csv' | 'xlsx';
  readonly delimiter?: string;
  readonly encoding?: string;
  readonly sheet?: string;
  readonly skipLines?: number;
  readonly headerRow?: number;
  readonly map?: Readonly<Record<string, string>>;
  readonly dateFormat?: string;
  readonly decimal?: '.' | ',';
}

/** What became of a file. */
export interface ReadTable {
  readonly layout: ImportLayout;
  readonly read: number;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Line, column and reason of each fault. */
  readonly rejects: readonly string[];
}

/** Reads a table. @throws what planning a file throws */
export async function readTable(content: string | Uint8Array, options: ReadOptions = {}): Promise<ReadTable> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
  const schema = importSchemas[options.schema ?? 'records'];
  let source = bytes;
  const rewrite = async (pieces: AsyncIterable<Uint8Array>): Promise<PlanSource> => {
    const parts: Uint8Array[] = [];
    for await (const piece of pieces) parts.push(Buffer.from(piece));
    source = Buffer.concat(parts);
    return sourceOf(source);
  };
  const { layout, ranges } = await planImport({ file: sourceOf(bytes), rewrite }, optionsOf(options), {
    maxRecordBytes: 1_000_000,
    maxUnpackedBytes: 100_000_000,
    minRangeBytes: 1_000_000,
  });
  let read = 0;
  const rows: Readonly<Record<string, unknown>>[] = [];
  const rejects: string[] = [];
  for (const { from, to, line } of ranges) {
    const reader = new RangeReader({
      schema,
      layout: { ...layout, encoding: source === bytes ? layout.encoding : 'utf-8' },
      runId: 'run',
      key: undefined,
      formats: { dateFormat: options.dateFormat, decimal: options.decimal },
      from,
      line,
      batchRecords: 1_000,
    });
    for (const batch of reader.read(source.subarray(from, to), true)) {
      read += batch.read;
      rows.push(...copied(batch.copy).map((values) => rowOf(targets[schema.target].columns, values)));
      rejects.push(
        ...copied(batch.rejects).map(([, at, , column, , reason]) => `${at ?? ''} ${column ?? ''}: ${reason ?? ''}`),
      );
    }
  }
  return { layout, read, rows, rejects };
}

function optionsOf(options: ReadOptions): PlanOptions {
  const { headerRow, skipLines = 0, encoding, map = {} } = options;
  return {
    schema: importSchemas[options.schema ?? 'records'],
    key: undefined,
    format: options.format,
    delimiter: options.delimiter,
    encoding: encoding === undefined ? undefined : encodingOf(encoding),
    sheet: options.sheet,
    skipLines: headerRow === undefined ? skipLines : headerRow - 1,
    headerRow,
    map,
  };
}

/** The row that is saved: the JSON of a record, or the columns of another table. */
function rowOf(columns: readonly string[], values: readonly string[]): Readonly<Record<string, unknown>> {
  if (columns.includes('data')) return JSON.parse(values[columns.indexOf('data')] ?? '{}') as Record<string, unknown>; // written by toRow
  return Object.fromEntries(columns.map((column, at) => [column, values[at]]));
}

function sourceOf(bytes: Buffer): PlanSource {
  return {
    size: bytes.length,
    read: async function* (from, to) {
      for (let at = from; at < to; at += BLOCK)
        yield await Promise.resolve(bytes.subarray(at, Math.min(to, at + BLOCK)));
    },
  };
}

/** Small blocks, so that characters and records are cut. */
const BLOCK = 1_001;

/** The fields of rows in COPY's text format. */
function copied(bytes: Uint8Array): string[][] {
  const ESCAPES: Readonly<Record<string, string>> = { '\\\\': '\\', '\\t': '\t', '\\n': '\n', '\\r': '\r' };
  return Buffer.from(bytes)
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((row) =>
      row.split('\t').map((value) => value.replaceAll(/\\[\\tnr]/g, (escape) => ESCAPES[escape] ?? escape)),
    );
}
