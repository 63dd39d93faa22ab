/** Deletes records of work that ended long ago, in slices, so that no statement locks many rows for long. */
import type { Database } from '../database/pool.ts';
import type { OldRecords } from './port.ts';

/** A table whose rows are useless after a time. */
interface Rule {
  readonly table: string;
  /** Condition for a row that ended before `$1`. */
  readonly old: string;
  /** Rows in one slice; one when deleting a row cascades to many others. */
  readonly slice: number;
}

const SLICE = 5_000;

/** Only ended work is listed, because an unfinished batch can still be resumed. */
const RULES: readonly Rule[] = [
  { table: 'batches', old: 'finished_at < $1', slice: 1 },
  { table: 'imports', old: 'finished_at < $1', slice: 1 },
  { table: 'email_messages', old: `created_at < $1 and state in ('sent', 'failed', 'duplicate')`, slice: SLICE },
  { table: 'text_messages', old: `created_at < $1 and state in ('accepted', 'failed')`, slice: SLICE },
  { table: 'communication_metrics', old: 'created_at < $1', slice: SLICE },
  { table: 'communication_log', old: 'created_at < $1', slice: SLICE },
  { table: 'communication_engagement', old: 'happened_at < $1', slice: SLICE },
  { table: 'text_answers', old: 'received_at < $1', slice: SLICE },
  { table: 'billing_events', old: `received_at < $1 and state <> 'pending'`, slice: SLICE },
  // Sums of months stay.
  { table: 'ai_usage', old: 'made_at < $1 and settled_at is not null', slice: SLICE },
  { table: 'schedule_runs', old: 'due_at < $1', slice: SLICE },
  { table: 'health_changes', old: 'told_at < $1', slice: SLICE },
  { table: 'request_answers', old: 'created_at < $1', slice: SLICE },
  // An effect that is under way, or that was begun and may still go on, keeps its name.
  { table: 'effect_answers', old: 'created_at < $1 and held_until < $1', slice: SLICE },
  // Open letters stay until somebody closes them.
  { table: 'dead_letters', old: 'resolved_at < $1', slice: SLICE },
  {
    table: 'dead_letter_history',
    old: `happened_at < $1
      and not exists (select from dead_letters l where l.workflow_id = dead_letter_history.from_id)`,
    slice: SLICE,
  },
  // A letter that is open is redriven from what is kept of its run.
  { table: 'dead_runs', old: `recorded_at < $1 and ${withoutLetter('dead_runs.run_id')}`, slice: SLICE },
  { table: 'dead_run_pieces', old: `kept_at < $1 and ${withoutLetter('root_run_id')}`, slice: SLICE },
  { table: 'limit_rates', old: 'next_at < $1', slice: SLICE },
  { table: 'operations_effects', old: 'at < $1', slice: SLICE },
  { table: 'sunrise_runs', old: 'ran_at < $1', slice: SLICE },
];

function withoutLetter(runId: string): string {
  return `not exists (select from dead_letters where dead_letters.run_id = ${runId})`;
}

/** Creates the clean-up of records in a migrated database. */
export function createOldRecords(database: Database): OldRecords {
  return {
    purge: async ({ before, dryRun, signal }) => {
      const counts: Record<string, number> = {};
      for (const rule of RULES) {
        counts[rule.table] = dryRun
          ? await countRows(database, rule, before)
          : await deleteRows(database, rule, before, signal);
      }
      return counts;
    },
  };
}

async function countRows(database: Database, { table, old }: Rule, before: Date): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `select count(*)::integer as count from ${table} where ${old}`,
    [before],
  );
  return rows[0]?.count ?? 0;
}

async function deleteRows(database: Database, rule: Rule, before: Date, signal: AbortSignal): Promise<number> {
  const { table, old, slice } = rule;
  let total = 0;
  for (;;) {
    signal.throwIfAborted();
    const { rowCount } = await database.query(
      // Rows are selected by `ctid`, which every table has; the lock keeps each row at its place.
      `delete from ${table} where ctid = any(array(select ctid from ${table} where ${old} limit $2 for update skip locked))`,
      [before, slice],
      { signal },
    );
    total += rowCount;
    if (rowCount < slice) return total;
  }
}
