/** Reads what was done about failed runs. */
import type { DeadLetterEvent } from '../../contracts/dlq/schema.ts';
import type { Database } from '../database/pool.ts';

interface EventRow {
  readonly what: DeadLetterEvent['what'];
  readonly happened_at: Date;
  readonly done_by: string;
  readonly reason: string | null;
  readonly from_id: string;
  readonly from_run: string;
  readonly to_id: string | null;
  readonly to_run: string | null;
  readonly redrive: string | null;
}

/** Most that is told of one run. */
const MOST_EVENTS = 1_000;

/** Returns what was done about a run and about those that it repeats; of the closings of single letters those of one. */
export async function historyOf(
  database: Database,
  workflowId: string,
  taskId: string,
): Promise<readonly DeadLetterEvent[]> {
  const { rows } = await database.query<EventRow>(
    `with recursive line (id) as (
       select $1::text union select h.from_id from dead_letter_history h join line on h.to_id = line.id
     )
     select what, happened_at, done_by, reason, from_id, from_run, to_id, to_run, redrive from dead_letter_history
     where from_id in (select id from line) and (task_id is null or task_id = $2) order by id desc limit $3`,
    [workflowId, taskId, MOST_EVENTS],
  );
  return rows.toReversed().map(eventOf);
}

function eventOf(row: EventRow): DeadLetterEvent {
  return {
    what: row.what,
    at: row.happened_at.toISOString(),
    by: row.done_by,
    reason: row.reason,
    from: { workflowId: row.from_id, runId: row.from_run },
    to: row.to_id === null ? null : { workflowId: row.to_id, runId: row.to_run },
    redrive: row.redrive,
  };
}
