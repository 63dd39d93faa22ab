/** Imports as they are shown: one, or a list by filter. */
import { PerennialError, type FailureRecord } from '../../../contracts/failures.ts';
import type { ImportCounts, ImportInput, ImportLayout } from '../../../contracts/imports/schema.ts';
import {
  type ImportFilter,
  importOptionsOf,
  type ImportPage,
  type ImportView,
} from '../../../contracts/imports/view.schema.ts';
import type { BlobRef } from '../../../contracts/values/blobs.ts';
import type { Database } from '../../database/pool.ts';

interface ViewRow extends ImportCounts {
  readonly id: string;
  readonly run: string;
  readonly status: ImportView['status'];
  readonly input: ImportInput;
  readonly schema: string;
  readonly dataset: string | null;
  readonly source: string;
  readonly dry_run: boolean;
  readonly bytes: number | null;
  readonly done_bytes: number;
  readonly layout: ImportLayout | null;
  readonly rejects: BlobRef | null;
  readonly failure: FailureRecord | null;
  readonly counts: ImportCounts | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

/** Returns an import; `undefined` without a row. */
export async function readView(database: Database, id: string): Promise<ImportView | undefined> {
  return (await views(database, 'where i.id = $1', [id]))[0];
}

/**
 * Lists imports, newest first. A page continues after an import rather than at an offset, so that new imports shift
 * nothing.
 * @throws PerennialError `InvalidInput` for an `after` that no import has
 */
export async function listViews(database: Database, filter: ImportFilter, limit: number): Promise<ImportPage> {
  const { status, schema, dataset, source, since, until, after } = filter;
  if (after !== undefined) await requireImport(database, after);
  const found = await views(
    database,
    `where ($1::text is null or i.status = $1) and ($2::text is null or i.schema = $2)
       and ($3::text is null or i.dataset = $3)
       and ($4::text is null or position(lower($4) in lower(i.source)) > 0)
       and ($5::timestamptz is null or i.created_at >= $5) and ($6::timestamptz is null or i.created_at < $6)
       and ($7::text is null or (i.created_at, i.id) < (select created_at, id from imports where id = $7))
     order by i.created_at desc, i.id desc limit $8`,
    [...[status, schema, dataset, source, since, until, after].map((value) => value ?? null), limit + 1],
  );
  const imports = found.slice(0, limit);
  return { imports, next: found.length > limit ? (imports.at(-1)?.id ?? null) : null };
}

async function requireImport(database: Database, id: string): Promise<void> {
  const { rowCount } = await database.query('select from imports where id = $1', [id]);
  if (rowCount > 0) return;
  throw new PerennialError(
    'InvalidInput',
    `after: expected the 'next' of the page before, got '${id.slice(0, 60)}', which is no import; begin again`,
  );
}

async function views(database: Database, which: string, values: readonly unknown[]): Promise<readonly ImportView[]> {
  const { rows } = await database.query<ViewRow>(
    `select i.id, i.run, i.status, i.input, i.schema, i.dataset, i.source, i.dry_run, i.layout, i.rejects, i.failure, i.counts,
       i.created_at, i.finished_at, (i.layout->>'bytes')::float8 as bytes, r.*
     from imports i cross join lateral (
       select coalesce(sum(done_to - start_at), 0)::float8 as done_bytes, coalesce(sum(read), 0)::float8 as read,
         coalesce(sum(saved), 0)::float8 as saved, coalesce(sum(rejected), 0)::float8 as rejected,
         coalesce(sum(skipped), 0)::float8 as skipped
       from import_ranges where run = i.run
     ) r ${which}`,
    values,
  );
  return rows.map(toView);
}

function toView(row: ViewRow): ImportView {
  const { read, saved, rejected, skipped } = row.counts ?? row;
  return {
    id: row.id,
    runId: row.run,
    status: row.status,
    schema: row.schema,
    dataset: row.dataset,
    source: row.source,
    dryRun: row.dry_run,
    options: importOptionsOf(row.input),
    read,
    saved,
    rejected,
    skipped,
    bytes: row.bytes,
    doneBytes: row.done_bytes,
    layout: row.layout,
    rejects: row.rejects,
    failure: row.failure,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
