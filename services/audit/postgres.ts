/** Reads from the database what it says about work, page by page. */
import type { Database } from '../database/pool.ts';
import type { AuditedLetter, AuditRecords, RunningRow } from './port.ts';

const PAGE = 500;

/** Creates the records in a migrated database. */
export function createAuditRecords(database: Database): AuditRecords {
  return {
    runningRows: (before) => runningRows(database, before),
    letters: (redrivenSince) => letters(database, redrivenSince),
    noted: async (runIds) => {
      const { rows } = await database.query<{ run: string }>(
        'select run_id as run from dead_runs where run_id = any($1::text[])',
        [runIds],
      );
      return new Set(rows.map(({ run }) => run));
    },
    isRunning: async ({ table, id }) => {
      const { rowCount } = await database.query(`select from ${table} where id = $1 and status = 'running'`, [id]);
      return rowCount > 0;
    },
    isStill: async ({ taskId, redrivenAs }) => {
      const { rowCount } = await database.query(
        `select from dead_letters where task_id = $1 and (case when $2::text is null then not resolved else redriven_as = $2 end)`,
        [taskId, redrivenAs],
      );
      return rowCount > 0;
    },
  };
}

async function* runningRows(database: Database, before: Date): AsyncGenerator<RunningRow> {
  for (const table of ['batches', 'imports'] as const) {
    let after = '';
    for (;;) {
      const { rows } = await database.query<{ id: string }>(
        `select id from ${table} where status = 'running' and created_at < $1 and id > $2 order by id limit $3`,
        [before, after, PAGE],
      );
      for (const { id } of rows) yield { table, id };
      after = rows.at(-1)?.id ?? after;
      if (rows.length < PAGE) break;
    }
  }
}

interface LetterRow extends AuditedLetter {
  readonly id: string;
}

async function* letters(database: Database, redrivenSince: Date): AsyncGenerator<AuditedLetter> {
  let after = '0';
  for (;;) {
    const { rows } = await database.query<LetterRow>(
      `select id::text, task_id as "taskId", workflow_id as "workflowId", run_id as "runId",
         case when resolved then redriven_as end as "redrivenAs"
       from dead_letters
       where id > $1 and (not resolved or (resolution = 'redriven' and redriven_as is not null and requeued_at > $2))
       order by id limit $3`,
      [after, redrivenSince, PAGE],
    );
    for (const { taskId, workflowId, runId, redrivenAs } of rows) yield { taskId, workflowId, runId, redrivenAs };
    after = rows.at(-1)?.id ?? after;
    if (rows.length < PAGE) return;
  }
}
