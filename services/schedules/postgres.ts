import type { ScheduleRun } from '../../contracts/schedules/schema.ts';
import type { ScheduleDefinition } from '../../contracts/schedules/vocabulary.ts';
import type { Database, Queryable } from '../database/pool.ts';
import type { AuditMark, RunFilter, ScheduleLedger } from './port.ts';

interface RunRow {
  readonly schedule_id: string;
  readonly due_at: Date;
  readonly state: ScheduleRun['state'];
  readonly reason: ScheduleRun['reason'];
  readonly detail: string | null;
  readonly workflow_id: string | null;
  readonly started_at: Date | null;
}

interface MarkRow {
  readonly schedule_id: string;
  readonly audited_until: Date;
  readonly paused: boolean;
  readonly missed_catchup: string;
  readonly skipped_overlap: string;
  readonly buffer_dropped: string;
  readonly definition: ScheduleDefinition;
}

/** Creates the ledger of schedules in PostgreSQL. */
export function createScheduleLedger(database: Database): ScheduleLedger {
  return {
    record: (runs) => record(database, runs),
    list: (filter) => list(database, filter),
    marks: async () => {
      const { rows } = await database.query<MarkRow>('select * from schedule_audits');
      return rows.map(toMark);
    },
    settle: (mark, runs) =>
      database.transaction(async (transaction) => {
        await record(transaction, runs);
        await saveMark(transaction, mark);
      }),
    forget: async (ids) => {
      await database.query('delete from schedule_audits where schedule_id = any($1)', [ids]);
    },
  };
}

async function record(database: Queryable, runs: readonly ScheduleRun[]): Promise<void> {
  if (runs.length === 0) return;
  await database.query(
    `insert into schedule_runs (schedule_id, due_at, state, reason, detail, workflow_id, started_at)
     select distinct on (1, 2) r->>'scheduleId', (r->>'dueAt')::timestamptz, r->>'state', r->>'reason', r->>'detail',
       r->>'workflowId', (r->>'startedAt')::timestamptz
     from jsonb_array_elements($1::jsonb) r
     order by 1, 2, (r->>'state' = 'ran') desc
     on conflict (schedule_id, due_at) do update set state = excluded.state, reason = excluded.reason,
       detail = excluded.detail, workflow_id = excluded.workflow_id, started_at = excluded.started_at,
       recorded_at = now()
     where schedule_runs.state <> 'ran'`,
    [JSON.stringify(runs)],
  );
}

async function list(database: Queryable, filter: RunFilter): Promise<readonly ScheduleRun[]> {
  const { rows } = await database.query<RunRow>(
    `select schedule_id, due_at, state, reason, detail, workflow_id, started_at from schedule_runs
     where ($1::text is null or schedule_id = $1)
       and ($2::text[] is null or state = any($2))
       and ($3::timestamptz is null or due_at < $3 or (due_at = $3 and schedule_id > $4))
     order by due_at desc, schedule_id limit $5`,
    [
      filter.scheduleId ?? null,
      filter.states ?? null,
      filter.after?.dueAt ?? null,
      filter.after?.scheduleId ?? null,
      filter.limit,
    ],
  );
  return rows.map((row) => ({
    scheduleId: row.schedule_id,
    dueAt: row.due_at.toISOString(),
    state: row.state,
    reason: row.reason,
    detail: row.detail,
    workflowId: row.workflow_id,
    startedAt: row.started_at?.toISOString() ?? null,
  }));
}

async function saveMark(database: Queryable, mark: AuditMark): Promise<void> {
  const { missedCatchup, skippedOverlap, bufferDropped } = mark.counts;
  await database.query(
    `insert into schedule_audits
       (schedule_id, audited_until, paused, missed_catchup, skipped_overlap, buffer_dropped, definition)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb)
     on conflict (schedule_id) do update set
       audited_until = greatest(schedule_audits.audited_until, excluded.audited_until), paused = excluded.paused,
       missed_catchup = excluded.missed_catchup, skipped_overlap = excluded.skipped_overlap,
       buffer_dropped = excluded.buffer_dropped, definition = excluded.definition`,
    [
      mark.scheduleId,
      mark.auditedUntil,
      mark.paused,
      missedCatchup,
      skippedOverlap,
      bufferDropped,
      JSON.stringify(mark.definition),
    ],
  );
}

function toMark(row: MarkRow): AuditMark {
  return {
    scheduleId: row.schedule_id,
    auditedUntil: row.audited_until.toISOString(),
    paused: row.paused,
    counts: {
      missedCatchup: Number(row.missed_catchup),
      skippedOverlap: Number(row.skipped_overlap),
      bufferDropped: Number(row.buffer_dropped),
    },
    definition: row.definition,
  };
}
