/** Reads the saved rows of an import, page by page. */
import { PerennialError } from '../../../contracts/failures.ts';
import type { ImportedRow, ImportedRowPage } from '../../../contracts/imports/view.schema.ts';
import { findImportSchema, type ImportSchema } from '../../../contracts/imports/vocabulary.ts';
import { BYTES_PER_MB } from '../../../contracts/values/units.ts';
import type { Database } from '../../database/pool.ts';

/** Largest total of the rows of one page, in bytes; the first row of a page may be larger. */
const MAX_PAGE_BYTES = 4 * BYTES_PER_MB;

interface RowSource {
  /**
   * Selects `key`, `line` and `data` of the rows after `$3`, at most `$4` of them. `$1` is the run, `$2` the dataset. The
   * rows are found by the key of their table, because a further index would slow every import.
   */
  readonly select: string;
  /** Order of the rows, which `after` is a value of. */
  readonly order: 'key' | 'line';
}

const sources: Readonly<Record<ImportSchema['target'], RowSource>> = {
  users: {
    select: `select id as key, import_line as line,
        json_build_object('id', id, 'email', email, 'name', name, 'time_zone', time_zone)::text as data
      from users where import_run = $1 and $2::text is null and id > $3 order by id limit $4`,
    order: 'key',
  },
  records: {
    select: `select key, import_line as line, data::text as data
      from records where import_run = $1 and dataset = $2 and key > $3 order by key limit $4`,
    order: 'key',
  },
  documents: {
    select: `select id::text as key, import_line as line,
        json_build_object('document_id', id, 'name', name, 'path', file_path, 'user', user_id)::text as data
      from documents where import_run = $1 and $2::text is null and import_line > $3::bigint
      order by import_line limit $4`,
    order: 'line',
  },
};

interface FoundRow {
  readonly key: string;
  readonly line: number;
  readonly data: string;
  /** Number of rows that were there, up to one more than the limit. */
  readonly found: number;
}

interface Imported {
  readonly run: string;
  readonly schema: string;
  readonly dataset: string | null;
}

/**
 * Returns one page of the rows of an import; an empty one when it has no row.
 * @throws PerennialError `InvalidInput` for an `after` that no page gives
 */
export async function readRows(
  database: Database,
  id: string,
  {
    after,
    limit,
    signal,
  }: { readonly after?: string | undefined; readonly limit: number; readonly signal?: AbortSignal },
): Promise<ImportedRowPage> {
  const { rows: imports } = await database.query<Imported>('select run, schema, dataset from imports where id = $1', [
    id,
  ]);
  const [found] = imports;
  const schema = found === undefined ? undefined : findImportSchema(found.schema);
  if (found === undefined || schema === undefined) return { rows: [], next: null };
  const { select, order } = sources[schema.target];
  const { rows } = await database.query<FoundRow>(
    `select key, line::float8 as line, data, found::int as found from (
       select *, row_number() over sorted as place, count(*) over () as found,
         sum(octet_length(data)) over (sorted rows between unbounded preceding and 1 preceding) as before
       from (${select}) r window sorted as (order by ${order})
     ) p where place < $4 and (before is null or before < ${MAX_PAGE_BYTES}) order by place`,
    [found.run, found.dataset, startOf(order, after), limit + 1],
    signal === undefined ? {} : { signal },
  );
  const last = rows.at(-1);
  return {
    rows: rows.map(toRow),
    next: last === undefined || last.found === rows.length ? null : String(last[order]),
  };
}

/** Returns the place before the first row of a page. Keys are never empty, and lines count from 1. */
function startOf(order: RowSource['order'], after: string | undefined): string {
  if (after === undefined) return order === 'key' ? '' : '0';
  if (order === 'key' || /^\d{1,15}$/.test(after)) return after;
  throw new PerennialError(
    'InvalidInput',
    `after: expected the 'next' of the page before, got '${after.slice(0, 60)}'`,
  );
}

function toRow({ key, line, data }: FoundRow): ImportedRow {
  return { line, key, values: JSON.parse(data) as ImportedRow['values'] }; // written by this project as an object of plain values
}
