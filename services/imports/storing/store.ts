/** Imports and their progress in PostgreSQL. */
import type { BlobRef } from '../../../contracts/values/blobs.ts';
import { PerennialError, type FailureRecord } from '../../../contracts/failures.ts';
import type { ImportCounts, ImportInput, ImportLayout, Reject, StoredFile } from '../../../contracts/imports/schema.ts';
import {
  DEFAULT_DATASET,
  DEFAULT_IMPORT_SCHEMA,
  findImportSchema,
  shownUrl,
} from '../../../contracts/imports/vocabulary.ts';
import type { Database, Queryable } from '../../database/pool.ts';
import { storableJson } from '../../database/text.ts';
import type { PlannedRange } from '../reading/plan.ts';
import type { ImportStore, RangeState, StoredImport } from '../port.ts';
import { createDownloadStore } from '../download/downloads.ts';
import { saveBatch } from './save-batch.ts';
import { RANGE_COLUMNS } from './store-columns.ts';
import { readView } from './views.ts';

/** Opens the store of a migrated database. Every method throws PerennialError `DatabaseUnavailable` or `StorageFull`. */
export function createImportStore(database: Database): ImportStore {
  return {
    open: (id, runId, input) => open(database, id, runId, input),
    get: (id, runId) => get(database, id, runId),
    addPart: async (runId, index, part, validator) => {
      // Parts are only appended after the existing ones, so that a late attempt of a lost worker changes nothing.
      await database.query(
        `update imports set parts = parts || $3::jsonb, validator = $4
         where run = $1 and jsonb_array_length(parts) = $2`,
        [runId, index, storableJson([part]), validator],
      );
    },
    dropParts: async (runId) => {
      await database.query(`update imports set parts = '[]', validator = null where run = $1`, [runId]);
    },
    setFile: async (runId, file) => {
      await database.query('update imports set file = $2::jsonb where run = $1', [runId, storableJson(file)]);
    },
    setPlan: (runId, plan) => setPlan(database, runId, plan),
    range: (runId, range) => readRange(database, runId, range),
    saveBatch: (save, signal) => saveBatch(database, save, signal),
    counts: (runId) => counts(database, runId),
    rejects: (runId, after, limit) => rejects(database, runId, after, limit),
    finish: (_id, runId, end) => finish(database, runId, end),
    ended: (runId) => ended(database, runId),
    isUploadNeeded: async (runId, { key }) => {
      const { rowCount } = await database.query(
        `select from imports where run <> $1 and input #>> '{source,blob,key}' = $2
           and status in ('running', 'failed', 'timed-out') limit 1`,
        [runId, key],
      );
      return rowCount > 0;
    },
    forgetFile: async (runId) => {
      await database.query(
        `update imports set parts = '[]', validator = null, file = null, rewritten = null where run = $1`,
        [runId],
      );
    },
    view: (id) => readView(database, id),
    ...createDownloadStore(database),
  };
}

interface ImportRow {
  readonly id: string;
  readonly run: string;
  readonly input: ImportInput;
  readonly schema: string;
  readonly dataset: string | null;
  readonly dry_run: boolean;
  readonly parts: readonly BlobRef[];
  readonly validator: string | null;
  readonly file: StoredFile | null;
  readonly layout: ImportLayout | null;
  readonly rewritten: StoredFile | null;
}

const COLUMNS = 'id, run, input, schema, dataset, dry_run, parts, validator, file, layout, rewritten';

function toStored(row: ImportRow): StoredImport {
  const { run, dry_run: dryRun, ...rest } = row;
  return { ...rest, runId: run, dryRun };
}

async function open(database: Database, id: string, runId: string, input: ImportInput): Promise<StoredImport> {
  const schema = input.schema ?? DEFAULT_IMPORT_SCHEMA;
  const row = await database.transaction(async (transaction) => {
    // Another run of the same id makes the plan of the earlier one void; the rows that it saved stay.
    await transaction.query('delete from imports where id = $1 and run <> $2::uuid', [id, runId]);
    await transaction.query(
      `insert into imports (id, run, input, source, schema, dataset, dry_run) values ($1, $2, $3::jsonb, $4, $5, $6, $7)
       on conflict (id) do nothing`,
      [
        id,
        runId,
        storableJson(withoutSecrets(input)),
        sourceOf(input),
        schema,
        datasetOf(input),
        input.dryRun === true,
      ],
    );
    return reopened(transaction, id, runId);
  });
  if (row === undefined) throw notFound(id);
  return toStored(row);
}

function datasetOf(input: ImportInput): string | null {
  const name = input.schema ?? DEFAULT_IMPORT_SCHEMA;
  if (findImportSchema(name)?.target !== 'records') return null;
  return input.dataset ?? (name === DEFAULT_IMPORT_SCHEMA ? DEFAULT_DATASET : name);
}

function sourceOf({ source }: ImportInput): string {
  if (source.url !== undefined) return shownUrl(source.url);
  return source.path ?? 'upload';
}

/** Removes the query of an address, which may hold keys; the workflow gives the download the whole address. */
function withoutSecrets(input: ImportInput): ImportInput {
  const { url } = input.source;
  return url === undefined ? input : { ...input, source: { url: shownUrl(url) } };
}

async function get(database: Database, id: string, runId: string): Promise<StoredImport> {
  const row = await reopened(database, id, runId);
  if (row === undefined) throw notFound(id);
  return toStored(row);
}

/** Returns the row of an import that runs. One that was closed is opened again, because somebody has reset its run. */
async function reopened(database: Queryable, id: string, runId: string): Promise<ImportRow | undefined> {
  await database.query(
    `update imports set status = 'running', finished_at = null, counts = null, failure = null
     where id = $1 and run = $2::uuid and status <> 'running'`,
    [id, runId],
  );
  const { rows } = await database.query<ImportRow>(`select ${COLUMNS} from imports where id = $1 and run = $2::uuid`, [
    id,
    runId,
  ]);
  return rows[0];
}

function notFound(id: string): PerennialError {
  return new PerennialError('ImportNotFound', `Expected the id of an import that runs, got '${id.slice(0, 200)}'.`);
}

async function setPlan(
  database: Database,
  runId: string,
  {
    layout,
    rewritten,
    ranges,
  }: { layout: ImportLayout; rewritten: StoredFile | null; ranges: readonly PlannedRange[] },
): Promise<number> {
  return database.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ planned: boolean }>(
      'select layout is not null as planned from imports where run = $1 for update',
      [runId],
    );
    // A repeated plan changes nothing, because ranges may already be running.
    if (rows[0]?.planned === false) {
      await transaction.query('update imports set layout = $2::jsonb, rewritten = $3::jsonb where run = $1', [
        runId,
        storableJson(layout),
        rewritten === null ? null : storableJson(rewritten),
      ]);
      await transaction.query(
        `insert into import_ranges (run, range, start_at, end_at, done_to, line)
         select $1::uuid, n - 1, f, t, f, l from unnest($2::bigint[], $3::bigint[], $4::bigint[]) with ordinality as r (f, t, l, n)`,
        [runId, ranges.map(({ from }) => from), ranges.map(({ to }) => to), ranges.map(({ line }) => line)],
      );
    }
    const { rows: found } = await transaction.query<{ count: number }>(
      'select count(*)::int as count from import_ranges where run = $1',
      [runId],
    );
    return found[0]?.count ?? 0;
  });
}

async function readRange(database: Database, runId: string, range: number): Promise<RangeState> {
  const { rows } = await database.query<RangeState>(
    `select ${RANGE_COLUMNS} from import_ranges where run = $1 and range = $2`,
    [runId, range],
  );
  if (rows[0] === undefined)
    throw new PerennialError('ImportNotFound', `Expected range ${range} of an import that runs, got none.`);
  return rows[0];
}

async function counts(database: Database, runId: string): Promise<ImportCounts> {
  const { rows } = await database.query<ImportCounts>(
    `select coalesce(sum(read), 0)::float8 as read, coalesce(sum(saved), 0)::float8 as saved,
       coalesce(sum(rejected), 0)::float8 as rejected, coalesce(sum(skipped), 0)::float8 as skipped
     from import_ranges where run = $1`,
    [runId],
  );
  return rows[0] ?? { read: 0, saved: 0, rejected: 0, skipped: 0 };
}

async function rejects(
  database: Database,
  runId: string,
  after: { line: number; position: number },
  limit: number,
): Promise<readonly (Reject & { position: number })[]> {
  const { rows } = await database.query<Reject & { position: number }>(
    `select line::float8 as line, position, "column", value, reason from import_rejects
     where run = $1 and (line, position) > ($2, $3) order by line, position limit $4`,
    [runId, after.line, after.position, limit],
  );
  return rows;
}

async function finish(
  database: Database,
  runId: string,
  end: { status: string; counts: ImportCounts; rejects: BlobRef | null; failure: FailureRecord | null },
): Promise<void> {
  await database.transaction(async (transaction) => {
    const { rowCount } = await transaction.query(
      `update imports set status = $2, counts = $3::jsonb, rejects = $4::jsonb, failure = $5::jsonb, finished_at = now()
       where run = $1 and finished_at is null`,
      [
        runId,
        end.status,
        storableJson(end.counts),
        end.rejects === null ? null : storableJson(end.rejects),
        end.failure === null ? null : storableJson(end.failure),
      ],
    );
    // The rejects are in the file now. A repetition finds the import closed and must not store an empty file.
    if (rowCount > 0) await transaction.query('delete from import_rejects where run = $1', [runId]);
  });
}

async function ended(
  database: Database,
  runId: string,
): Promise<{ counts: ImportCounts; rejects: BlobRef | null } | undefined> {
  const { rows } = await database.query<{ counts: ImportCounts; rejects: BlobRef | null }>(
    'select counts, rejects from imports where run = $1 and finished_at is not null',
    [runId],
  );
  return rows[0];
}
