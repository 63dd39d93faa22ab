/** Heartbeats of worker processes in PostgreSQL, whose clock decides about their age. */
import type { Database } from '../database/pool.ts';
import { HEARTBEAT_LOST_MS, type WorkerHeartbeats } from './port.ts';

/** Creates the heartbeats. Each one also removes rows of processes that were killed long ago. */
export function createWorkerHeartbeats(database: Database): WorkerHeartbeats {
  return {
    beat: async ({ id, host, queues }) => {
      await database.query(
        `with lost as (delete from worker_heartbeats where seen_at < now() - interval '1 hour' and id <> $1)
         insert into worker_heartbeats (id, host, queues) values ($1, $2, $3)
         on conflict (id) do update set queues = excluded.queues, seen_at = now()`,
        [id, host, queues],
      );
    },
    stop: async (id) => {
      await database.query('delete from worker_heartbeats where id = $1', [id]);
    },
    running: async () => {
      const { rows } = await database.query<{ queues: string[]; host: string }>(
        `select queues, host from worker_heartbeats where seen_at > now() - make_interval(secs => $1) order by host`,
        [HEARTBEAT_LOST_MS / 1000],
      );
      return {
        count: rows.length,
        hosts: rows.map(({ host }) => host),
        queues: new Set(rows.flatMap(({ queues }) => queues)),
      };
    },
  };
}
