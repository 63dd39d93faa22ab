/** Hands out the runs that wait for a breaker that somebody has set. */
import type { Database } from '../database/pool.ts';
import type { ParkedRun, ParkedRuns } from './port.ts';

/** Most calls that are handed out at once; a run may have several. */
const AT_ONCE = 100;

/** A run that was handed out and is not told woken by then is handed out again. */
const LEASE = '10 seconds';

/** Creates the hand-out. */
export function createParkedRuns(database: Database): ParkedRuns {
  return {
    due: async () => {
      const { rows } = await database.query<ParkedRun>(TAKE);
      return [...new Map(rows.map((row) => [`${row.workflowId} ${row.key}`, row])).values()];
    },
    woken: async ({ key, workflowId, lease }) => {
      await database.query(
        'update breaker_parked set wake_at = null where key = $1 and workflow_id = $2 and wake_at = $3::timestamptz',
        [key, workflowId, lease],
      );
    },
  };
}

/** A call that is being written is left for the next time. All rows of a run get the same lease; it is text, because
 * a date of JavaScript is less exact.
 */
const TAKE = `
  update breaker_parked p set wake_at = now() + interval '${LEASE}'
   where (key, holder) in (
     select key, holder from breaker_parked where wake_at <= clock_timestamp()
     order by wake_at limit ${AT_ONCE} for update skip locked)
  returning key, workflow_id as "workflowId", wake_at::text as lease`;
