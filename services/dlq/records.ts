/** Looks at dead letters in PostgreSQL and closes them. */
import type { DeadCause, DeadLetterEvent, DeadLetterFilter } from '../../contracts/dlq/schema.ts';
import type { FailureClass } from '../../contracts/failures.ts';
import type { Database } from '../database/pool.ts';
import type { DeadLetterRecords, NextRuns, NextRunsOptions } from './port.ts';
import { historyOf } from './history.ts';
import { createKeptPieces } from './pieces.ts';
import { letterOf, type LetterRow, OPEN_AND_WANTED, valuesOf, WANTED } from './rows.ts';

/** Builds what `connectPerennial` takes as `deadLetterRecords`. */
export function createDeadLetterRecords(database: Database): DeadLetterRecords {
  return {
    ...looks(database),
    ...changes(database),
    history: (workflowId, taskId) => historyOf(database, workflowId, taskId),
    ...createKeptPieces(database),
    stepsOf: async (runId) => {
      const { rows } = await database.query<{ kept: number; again: number }>(
        'select steps_kept as kept, steps_again as again from dead_runs where run_id = $1',
        [runId],
      );
      return rows[0];
    },
  };
}

function looks(database: Database): Pick<DeadLetterRecords, 'list' | 'get' | 'causes' | 'nextRuns'> {
  return {
    list: async (filter, { limit, after, skip = 0 }) => {
      const values = valuesOf(filter);
      const [{ rows }, { rows: counted }] = await Promise.all([
        database.query<LetterRow>(
          `select * from dead_letters where ${OPEN_AND_WANTED} and id > coalesce($9::bigint, 0)
           order by id offset $10 limit $11`,
          [...values, after, skip, limit + 1],
        ),
        database.query<{ total: string }>(
          `select count(*) as total from dead_letters where ${OPEN_AND_WANTED}`,
          values,
        ),
      ]);
      const items = rows.slice(0, limit);
      return {
        total: Number(counted[0]?.total ?? 0),
        items: items.map(letterOf),
        next: rows.length > limit ? (items.at(-1)?.id ?? null) : null,
      };
    },
    get: async (taskId) => {
      const { rows } = await database.query<LetterRow>('select * from dead_letters where task_id = $1', [taskId]);
      return rows[0] === undefined ? undefined : letterOf(rows[0]);
    },
    causes: async (filter, limit) => {
      const { rows } = await database.query<CauseRow>(
        `select fingerprint, count(*)::int as letters, count(distinct run_id)::int as runs,
                min(failed_at) as first_at, max(failed_at) as last_at,
                max(task_name) as task_name, max(error_type) as error_type, max(failure_class) as failure_class,
                max(version) as version,
                (array_agg(step_path order by id desc))[1] as step_path,
                (array_agg(error_message order by id desc))[1] as error_message
         from dead_letters where ${OPEN_AND_WANTED}
         group by fingerprint order by letters desc, last_at desc limit $9`,
        [...valuesOf(filter), limit],
      );
      return rows.map(causeOf);
    },
    nextRuns: (filter, options) => nextRuns(database, filter, options),
  };
}

/** What the redrive has closed itself is among them, so that an attempt that died is repeated with the same runs. */
async function nextRuns(
  database: Database,
  filter: DeadLetterFilter,
  { redrive, quarantined, after, most }: NextRunsOptions,
): Promise<NextRuns> {
  const values = valuesOf(filter);
  const [{ rows }, { rows: counted }] = await Promise.all([
    database.query<LetterRow & { left: string }>(
      `with runs as (
         select min(id) as first from dead_letters
         where (not resolved or redrive = $9) and ${WANTED} and ($10 or not quarantined)
         group by run_id having min(id) > coalesce($11::bigint, 0)
       )
       select l.*, count(*) over () as left from runs join dead_letters l on l.id = runs.first order by l.id limit $12`,
      [...values, redrive, quarantined, after, most],
    ),
    database.query<{ left_out: number }>(
      `select count(*)::int as left_out from dead_letters where ${OPEN_AND_WANTED} and quarantined and not $9`,
      [...values, quarantined],
    ),
  ]);
  return {
    runs: rows.map((row) => ({ letter: letterOf(row), position: row.id })),
    left: Number(rows[0]?.left ?? 0),
    quarantined: counted[0]?.left_out ?? 0,
  };
}

interface CauseRow {
  readonly fingerprint: string;
  readonly letters: number;
  readonly runs: number;
  readonly task_name: string;
  readonly step_path: string;
  readonly error_type: string;
  readonly failure_class: FailureClass;
  readonly error_message: string;
  readonly version: string;
  readonly first_at: Date;
  readonly last_at: Date;
}

function causeOf(row: CauseRow): DeadCause {
  return {
    fingerprint: row.fingerprint,
    letters: row.letters,
    runs: row.runs,
    taskName: row.task_name,
    stepPath: row.step_path,
    errorType: row.error_type,
    failureClass: row.failure_class,
    errorMessage: row.error_message,
    version: row.version,
    firstAt: row.first_at.toISOString(),
    lastAt: row.last_at.toISOString(),
  };
}

function changes(database: Database): Pick<DeadLetterRecords, 'claim' | 'redriven' | 'release' | 'close'> {
  return {
    claim: async (runId, { by, redrive }) => {
      const { rowCount } = await database.query(
        `update dead_letters set requeued_at = now(), resolved_by = $2, reason = null, redrive = $3
         where run_id = $1 and not resolved
           and (requeued_at is null or requeued_at < now() - interval '1 minute' or redrive = $3)`,
        [runId, by, redrive],
      );
      return rowCount > 0;
    },
    redriven: async (runId, { workflowId, runId: toRun }, { by, reason, redrive }) => {
      await database.query(
        `with closed as (
           update dead_letters
           set resolved = true, resolution = 'redriven', redriven_as = $2, resolved_by = $3, reason = $4,
               resolved_at = now(), requeued_at = now()
           where run_id = $1 and not resolved returning workflow_id
         )
         ${noteOnce('redriven', { to: '$2, $5', redrive: '$6' })}`,
        [runId, workflowId, by, reason, toRun, redrive],
      );
    },
    release: async (runId, why, { by, redrive }) => {
      await database.query(
        `with closed as (
           update dead_letters set requeued_at = null, resolved_by = null, reason = $4
           where run_id = $1 and not resolved returning workflow_id
         )
         ${noteOnce('refused', { to: '$2, null', redrive: '$5' })}`,
        [runId, null, by, why, redrive],
      );
    },
    close: async (taskId, resolution, { by, reason }) => {
      const { rowCount } = await database.query(
        `with closed as (
           update dead_letters
           set resolved = true, resolution = $2, resolved_by = $3, reason = $4, resolved_at = now()
           where task_id = $1 and not resolved returning workflow_id, run_id
         )
         insert into dead_letter_history (what, done_by, reason, from_id, from_run, task_id)
         select $2, $3, $4, workflow_id, run_id, $1 from closed`,
        [taskId, resolution, by, reason],
      );
      return rowCount > 0;
    },
  };
}

/** Notes what was done about a run, however many letters it has; nothing where none of them was open. */
function noteOnce(what: DeadLetterEvent['what'], { to, redrive }: { readonly to: string; readonly redrive: string }) {
  return `insert into dead_letter_history (what, done_by, reason, from_id, from_run, to_id, to_run, redrive)
    select '${what}', $3, $4, min(workflow_id), $1, ${to}, ${redrive}::text from closed having count(*) > 0`;
}
