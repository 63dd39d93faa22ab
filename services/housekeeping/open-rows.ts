/** Finds rows of running work whose workflow run has ended without closing them, and closes them. */
import { documentWorkflowId } from '../../contracts/documents/vocabulary.ts';
import type { Database, Queryable } from '../database/pool.ts';
import type { ClosedRow, LeftFiles, LookAtRun, OpenRows, RunEnd } from './port.ts';

/** Rows of one kind in one slice. */
const SLICE = 1_000;

/**
 * Age in seconds at which a document without a batch or a job of its own counts as abandoned: a task or a canvas may
 * read it under any id, for at most 30 minutes in each attempt.
 */
const READER_UNKNOWN_SECONDS = 7_200;

/** Creates the clean-up of open rows in a migrated database. */
export function createOpenRows(database: Database): OpenRows {
  return {
    close: async (look, { dryRun = false, signal } = {}) => {
      const all = async (table: Table, close: typeof closeBatch): Promise<readonly ClosedRow[]> => {
        const closed: ClosedRow[] = [];
        for (const id of await runningIds(database, table)) {
          signal?.throwIfAborted();
          const end = await close(database, id, look, dryRun);
          if (end !== undefined) closed.push({ id, end });
        }
        return closed;
      };
      return {
        batches: await all('batches', closeBatch),
        imports: await all('imports', closeImport),
        places: await freePlaces(database, look, dryRun, signal),
        documents: await freeDocuments(database, look, dryRun, signal),
      };
    },
    closeBatch: (id, look) => closeBatch(database, id, look, false),
    reopenBatch: (id, look) => reopenBatch(database, id, look),
    closeImport: (id, look) => closeImport(database, id, look, false),
    batchStatus: async (id) => {
      const { rows } = await database.query<{ status: string }>('select status from batches where id = $1', [id]);
      return rows[0]?.status;
    },
    leftFiles: async () => {
      const { rows } = await database.query<LeftFiles>(
        // The redrive of an import that failed reads its upload again. Uploads of equal bytes may share a file.
        `select id, run, case when status not in ('failed', 'timed-out') and not exists (
             select from imports other where other.run <> i.run and other.status in ('running', 'failed', 'timed-out')
               and other.input #> '{source,blob,key}' = i.input #> '{source,blob,key}'
           ) then input #> '{source,blob}' end as upload
         from imports i
         where (file is not null or parts <> '[]') and (status in ('terminated', 'timed-out', 'gone')
           or (status <> 'running' and finished_at < now() - interval '1 hour'))
         order by finished_at limit $1`,
        [SLICE],
      );
      return rows;
    },
    forgetFile: async (run) => {
      await database.query(
        `update imports set parts = '[]', validator = null, file = null, rewritten = null where run = $1`,
        [run],
      );
    },
  };
}

type Table = 'batches' | 'imports';

async function runningIds(database: Database, table: Table): Promise<readonly string[]> {
  const { rows } = await database.query<{ id: string }>(
    `select id from ${table} where status = 'running' order by created_at limit $1`,
    [SLICE],
  );
  return rows.map(({ id }) => id);
}

/**
 * Queries the run of a row while the row is locked, and closes the row when the run has ended. A new run of the same id
 * opens the row first, so it is either visible here or waits for the lock and opens the row again.
 */
async function closeBatch(
  database: Database,
  id: string,
  look: LookAtRun,
  dryRun: boolean,
): Promise<RunEnd | undefined> {
  return database.transaction(async (transaction) => {
    const { rows } = await transaction.query(
      `select from batches where id = $1 and status = 'running' for update skip locked`,
      [id],
    );
    const end = rows.length === 0 ? 'running' : await look(id);
    if (end === 'running') return undefined;
    if (dryRun) return end;
    await transaction.query('update batches set status = $2, finished_at = now() where id = $1', [id, statusOf(end)]);
    await transaction.query(
      // A run that was reset reads documents again that had failed before it.
      `update documents d set status = case when i.outcome is null then 'pending' else 'failed' end,
         error_type = i.failure->>'type', error_message = i.failure->>'message', processing_started_at = null
       from batch_items i where i.batch_id = $1 and (i.outcome is null or i.outcome = 'failed')
         and d.id = i.document_id and d.status = 'processing' and ${NO_OTHER_BATCH}`,
      [id],
    );
    return end;
  });
}

/** A batch writes `finished` and `cancelled` itself, just before its run ends; all else was written by {@link closeBatch}. */
async function reopenBatch(database: Database, id: string, look: LookAtRun): Promise<void> {
  await database.transaction(async (transaction) => {
    const { rows } = await transaction.query(
      `select from batches where id = $1 and status not in ('running', 'finished', 'cancelled') for update skip locked`,
      [id],
    );
    if (rows.length === 0 || (await look(id)) !== 'running') return;
    await transaction.query(`update batches set status = 'running', finished_at = null where id = $1`, [id]);
  });
}

/** True when no running batch has the document `d` among its open entries. */
const NO_OTHER_BATCH = `not exists (
  select from batches b join batch_items other on other.batch_id = b.id
  where b.status = 'running' and other.outcome is null and other.document_id = d.id)`;

/** Returns the status of rows, which differs from the server's for a run that succeeded. */
function statusOf(end: RunEnd): string {
  return end === 'completed' ? 'finished' : end;
}

async function closeImport(
  database: Database,
  id: string,
  look: LookAtRun,
  dryRun: boolean,
): Promise<RunEnd | undefined> {
  return database.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ run: string }>(
      `select run from imports where id = $1 and status = 'running' for update skip locked`,
      [id],
    );
    const [row] = rows;
    const end = row === undefined ? 'running' : await look(id);
    if (row === undefined || end === 'running') return undefined;
    if (!dryRun) await endImport(transaction, row.run, end);
    return end;
  });
}

async function endImport(transaction: Queryable, run: string, end: RunEnd): Promise<void> {
  await transaction.query(
    `update imports i set status = $2, finished_at = now(), counts = (
       select jsonb_build_object('read', coalesce(sum(read), 0), 'saved', coalesce(sum(saved), 0),
         'rejected', coalesce(sum(rejected), 0), 'skipped', coalesce(sum(skipped), 0))
       from import_ranges where run = i.run)
     where run = $1`,
    [run, statusOf(end)],
  );
  await transaction.query('delete from import_downloads where run = $1', [run]);
}

/** Frees the places under limits of runs that have ended. Waiting runs check again by themselves. */
async function freePlaces(
  database: Database,
  look: LookAtRun,
  dryRun: boolean,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { rows } = await database.query<{ holder: string }>(
    'select holder from limit_places group by holder order by min(checked_at) limit $1',
    [SLICE],
  );
  let freed = 0;
  for (const { holder } of rows) {
    signal?.throwIfAborted();
    const at = holder.lastIndexOf('#');
    if ((await look(holder.slice(0, at), holder.slice(at + 1))) === 'running') continue;
    const { rowCount } = await database.query(
      dryRun ? 'select from limit_places where holder = $1' : 'delete from limit_places where holder = $1',
      [holder],
    );
    freed += rowCount;
  }
  return freed;
}

/** Frees the documents whose reader has ended. */
async function freeDocuments(
  database: Database,
  look: LookAtRun,
  dryRun: boolean,
  signal: AbortSignal | undefined,
): Promise<number> {
  // The time is a text, because a JavaScript date has no microseconds.
  const { rows } = await database.query<{ id: string; old: boolean; started: string }>(
    `select d.id, d.processing_started_at::text as started,
       d.processing_started_at < now() - make_interval(secs => $2) as old
     from documents d where d.status = 'processing' and ${NO_OTHER_BATCH} order by d.processing_started_at limit $1`,
    [SLICE, READER_UNKNOWN_SECONDS],
  );
  let freed = 0;
  for (const { id, old, started } of rows) {
    signal?.throwIfAborted();
    const end = await look(documentWorkflowId('processDocumentOcr', id));
    // A document without a stopped run may be in the hands of a task or a canvas with any id.
    if (end === 'running' || ((end === 'gone' || end === 'completed') && !old)) continue;
    const { rowCount } = await database.query(
      dryRun
        ? `select from documents where id = $1 and status = 'processing' and processing_started_at::text = $2`
        : `update documents set status = 'pending', processing_started_at = null
           where id = $1 and status = 'processing' and processing_started_at::text = $2`,
      [id, started],
    );
    freed += rowCount;
  }
  return freed;
}
