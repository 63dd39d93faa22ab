/** Exports the rows of a period as a file. They are streamed slice by slice, so that memory holds one slice. */
import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { PerennialError } from '../../contracts/failures.ts';
import { MAX_XLSX_ROWS } from '../../contracts/reports/vocabulary.ts';
import type { ReportPeriod } from '../../contracts/reports/schema.ts';
import type { Database } from '../database/pool.ts';
import type { ReportRenderer, RowExporter, Sheet, SheetCell } from './port.ts';

/** Rows fetched at once. */
const SLICE = 2_000;

/** Columns of every format, in order, with their width in characters and their kind in a sheet. */
const COLUMNS = [
  { title: 'document_id', width: 38, kind: 'text' },
  { title: 'user_id', width: 20, kind: 'text' },
  { title: 'name', width: 40, kind: 'text' },
  { title: 'status', width: 12, kind: 'text' },
  { title: 'media_type', width: 18, kind: 'text' },
  { title: 'pages', width: 8, kind: 'number' },
  { title: 'confidence', width: 12, kind: 'share' },
  { title: 'engine', width: 14, kind: 'text' },
  { title: 'created_at', width: 24, kind: 'time' },
  { title: 'completed_at', width: 24, kind: 'time' },
  { title: 'failure', width: 24, kind: 'text' },
] as const satisfies Sheet['columns'];

type ExportRow = Readonly<Record<(typeof COLUMNS)[number]['title'], SheetCell>>;

/** Creates the exporter of a migrated database; the renderer's child process writes workbooks. */
export function createRowExporter(database: Database, renderer: Pick<ReportRenderer, 'sheet'>): RowExporter {
  return {
    open: async (period, userId, format, signal) => {
      let rows = 0;
      const source = countedRows(database, period, userId, signal, () => (rows += 1));
      const content = format === 'xlsx' ? await xlsxOf(source, renderer, signal) : textOf[format](source);
      return { content, rows: () => rows };
    },
  };
}

async function* countedRows(
  database: Database,
  period: ReportPeriod,
  userId: string | null,
  signal: AbortSignal,
  count: () => void,
): AsyncGenerator<ExportRow> {
  let after: readonly [createdAt: string, id: string] = [period.from, '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    signal.throwIfAborted();
    const slice = await fetchSlice(database, period, userId, after, signal);
    for (const row of slice) {
      count();
      yield row;
    }
    const last = slice.at(-1);
    if (last === undefined || slice.length < SLICE) return;
    after = [String(last.created_at), String(last.document_id)];
  }
}

/**
 * Fetches the rows after the last one rather than at an offset. Times are texts to keep their microseconds; rounded,
 * the last row would be fetched again.
 */
async function fetchSlice(
  database: Database,
  { until }: ReportPeriod,
  userId: string | null,
  [createdAt, id]: readonly [string, string],
  signal: AbortSignal,
): Promise<readonly ExportRow[]> {
  const { rows } = await database.query<ExportRow>(
    `select id as document_id, user_id, name, status, media_type, pages, ocr_confidence as confidence, engine,
       to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_at,
       to_char(processing_completed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as completed_at,
       error_type as failure
     from documents
     where (created_at, id) > ($1::timestamptz, $2::uuid) and created_at < $3 and ($4::text is null or user_id = $4)
     order by created_at, id limit ${SLICE}`,
    [createdAt, id, until, userId],
    { signal },
  );
  return rows;
}

/** Formats rows as CSV and puts a quote before cells that begin like a formula, because spreadsheets would run them. */
function csvOf(rows: AsyncIterable<ExportRow>): Readable {
  const columns = COLUMNS.map(({ title }) => title);
  const sheet = stringify({ header: true, columns, escape_formulas: true, record_delimiter: '\r\n' });
  // The reader of the result receives the errors of the source, so the callback ignores them.
  return pipeline(Readable.from(rows), sheet, () => undefined);
}

function jsonOf(rows: AsyncIterable<ExportRow>): Readable {
  const lines = async function* (): AsyncGenerator<string> {
    let lead = '[\n';
    for await (const row of rows) {
      yield `${lead}${JSON.stringify(row)}`;
      lead = ',\n';
    }
    yield lead === '[\n' ? '[]\n' : '\n]\n';
  };
  return Readable.from(lines(), { objectMode: false });
}

const textOf = { csv: csvOf, json: jsonOf } as const;

async function xlsxOf(
  source: AsyncIterable<ExportRow>,
  renderer: Pick<ReportRenderer, 'sheet'>,
  signal: AbortSignal,
): Promise<Readable> {
  const rows: (readonly SheetCell[])[] = [];
  for await (const row of source) {
    if (rows.length === MAX_XLSX_ROWS) throw tooManyRows();
    rows.push(COLUMNS.map(({ title }) => row[title]));
  }
  return Readable.from([await renderer.sheet({ name: 'Documents', columns: COLUMNS, rows }, signal)]);
}

function tooManyRows(): PerennialError {
  return new PerennialError(
    'ExportTooLarge',
    `format: expected at most ${MAX_XLSX_ROWS} rows in an XLSX file, got more. Export a shorter period, or choose csv or json.`,
  );
}
