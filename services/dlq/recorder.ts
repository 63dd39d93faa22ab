/** Records the failures of runs in PostgreSQL, and hands out their notices. */
import { QUARANTINED_AFTER } from '../../contracts/dlq/vocabulary.ts';
import type { Database, Transaction } from '../database/pool.ts';
import { storableJson } from '../database/text.ts';
import type { DeadLetterRecorder, NewDeadLetter } from './port.ts';
import { createKeptPieces, insertPieces } from './pieces.ts';
import { letterOf, type LetterRow } from './rows.ts';

/** Attempts at a notice before it is given up. */
const MOST_TRIES = 10;

/** Creates the recorder. */
export function createDeadLetterRecorder(database: Database): DeadLetterRecorder {
  return {
    keep: async (keeper) => {
      const { rowCount } = await database.query(
        `insert into dead_letter_mark as mark (keeper, kept_until) values ($1, now() + interval '10 seconds')
         on conflict (only_row) do update set keeper = excluded.keeper, kept_until = excluded.kept_until
         where mark.keeper = $1 or mark.kept_until < now()`,
        [keeper],
      );
      return rowCount > 0;
    },
    leave: async (keeper) => {
      await database.query(`update dead_letter_mark set keeper = null, kept_until = '-infinity' where keeper = $1`, [
        keeper,
      ]);
    },
    lookedUntil: async () => {
      const { rows } = await database.query<{ at: Date }>('select looked_until as at from dead_letter_mark');
      return rows[0]?.at ?? new Date(0);
    },
    lookedTo: async (time) => {
      await database.query('update dead_letter_mark set looked_until = greatest(looked_until, $1::timestamptz)', [
        time.toISOString(),
      ]);
    },
    unrecorded: async (runIds) => {
      const { rows } = await database.query<{ id: string }>(
        `select id from unnest($1::text[]) as id where not exists (select from dead_runs where run_id = id)`,
        [runIds],
      );
      return new Set(rows.map(({ id }) => id));
    },
    ...createKeptPieces(database),
    record: (runId, letters, notices, kept) =>
      database.transaction(async (transaction) => {
        const { rowCount } = await transaction.query(
          'insert into dead_runs (run_id, steps_kept, steps_again) values ($1, $2, $3) on conflict do nothing',
          [runId, kept?.stepsKept ?? 0, kept?.stepsAgain ?? 1],
        );
        if (rowCount === 0) return false;
        if (kept !== undefined) await insertPieces(transaction, runId, kept);
        for (const letter of letters) await insert(transaction, letter, notices);
        return true;
      }),
    takeNotice: (work) => takeNotice(database, work),
  };
}

/**
 * A call of a canvas and a pipeline keep their id when they are redriven: when they fail again, the letter is opened again
 * with the new failure, and counts once more.
 */
async function insert(transaction: Transaction, letter: NewDeadLetter, notices: readonly string[]): Promise<void> {
  const names = Object.keys(COLUMNS) as readonly (keyof NewDeadLetter)[]; // the keys of the table
  const values = names.map((name) => {
    const value = letter[name];
    return typeof value === 'object' && value !== null ? storableJson(value) : value;
  });
  const columns = names.map((name) => COLUMNS[name]);
  const { rows } = await transaction.query<{ id: string }>(
    `insert into dead_letters (${columns.join(', ')}, quarantined)
     values (${columns.map((_column, index) => `$${index + 1}`).join(', ')},
       $${columns.length + 1} or 1 + (select coalesce(sum(times), 0) from dead_letters
         where input_hash = $${place('inputHash')} and fingerprint = $${place('fingerprint')}) >= ${QUARANTINED_AFTER})
     on conflict (task_id) do update set
       ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}, quarantined = excluded.quarantined,
       times = case when (dead_letters.input_hash, dead_letters.fingerprint) = (excluded.input_hash, excluded.fingerprint)
               then dead_letters.times + 1 else 1 end,
       requeued_at = null, resolved = false, resolution = null, redriven_as = null, redrive = null,
       resolved_by = null, resolved_at = null, reason = null
     returning id`,
    [...values, letter.failureClass === 'poison'],
  );
  await transaction.query(
    `insert into dead_letter_notices (letter, kind) select $1, unnest($2::text[]) on conflict do nothing`,
    [rows[0]?.id, notices],
  );
}

const COLUMNS: Readonly<Record<keyof NewDeadLetter, string>> = {
  taskId: 'task_id',
  taskName: 'task_name',
  args: 'args',
  kwargs: 'kwargs',
  errorType: 'error_type',
  errorMessage: 'error_message',
  traceback: 'traceback',
  retryCount: 'retry_count',
  failedAt: 'failed_at',
  failureClass: 'failure_class',
  workflow: 'workflow',
  workflowId: 'workflow_id',
  runId: 'run_id',
  stepPath: 'step_path',
  queue: 'queue',
  priority: 'priority',
  tenant: 'tenant',
  fingerprint: 'fingerprint',
  version: 'version',
  inputHash: 'input_hash',
};

/** Position of a column among the parameters, from 1. */
function place(name: keyof NewDeadLetter): number {
  return Object.keys(COLUMNS).indexOf(name) + 1;
}

/** The row stays locked while the work goes on, so that a process that dies gives it back. */
async function takeNotice(database: Database, work: Parameters<DeadLetterRecorder['takeNotice']>[0]): Promise<boolean> {
  return database.transaction(async (transaction) => {
    const { rows } = await transaction.query<LetterRow & { kind: string; tries: number }>(
      `select l.*, e.kind, e.tries
       from dead_letter_notices e join dead_letters l on l.id = e.letter
       where e.due_at <= now() order by e.due_at limit 1 for update of e skip locked`,
    );
    const [row] = rows;
    if (row === undefined) return false;
    const { id, kind, tries } = row;
    const done = await work({ kind, tries, letter: letterOf(row) }).then(
      () => true,
      () => false,
    );
    if (done || tries + 1 >= MOST_TRIES)
      await transaction.query('delete from dead_letter_notices where letter = $1 and kind = $2', [id, kind]);
    else
      await transaction.query(
        `update dead_letter_notices set tries = tries + 1, due_at = now() + make_interval(secs => 2 ^ tries)
         where letter = $1 and kind = $2`,
        [id, kind],
      );
    return true;
  });
}
