import type { AuditRunsOutput, ScheduleRun } from '../../contracts/schedules/schema.ts';
import type { StartedRun } from '../../services/schedules/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import { type Evidence, explain, pausesMatter, startOf, type Verdict } from './explain.ts';
import type { SchedulePorts } from './ports.ts';

/** Milliseconds before the last audit in which runs are examined again, because late starts correct earlier rows. */
const LOOK_BACK_MS = 3_600_000;

/** Records the outcome of each due time since the last audit. Two concurrent audits write the same rows. */
export async function auditRuns(
  ports: SchedulePorts,
  { signal }: Pick<TaskContext, 'signal'>,
): Promise<AuditRunsOutput> {
  const nowMs = (ports.now ?? Date.now)();
  const marks = new Map((await ports.ledger.marks()).map((mark) => [mark.scheduleId, mark]));
  const schedules = await ports.server.watch();
  const since = Math.min(
    nowMs,
    ...schedules.map(({ id, createdAt }) => Date.parse(marks.get(id)?.auditedUntil ?? createdAt)),
  );
  const runs = bySchedule(await ports.server.runsSince(new Date(since - LOOK_BACK_MS).toISOString()));
  const written: ScheduleRun[] = [];
  for (const schedule of schedules) {
    signal.throwIfAborted();
    const verdict = await judge(ports, {
      schedule,
      mark: marks.get(schedule.id),
      runs: runs.get(schedule.id) ?? [],
      nowMs,
    });
    await ports.ledger.settle(verdict.mark, verdict.rows);
    written.push(...verdict.rows);
  }
  const present = new Set(schedules.map(({ id }) => id));
  await ports.ledger.forget([...marks.keys()].filter((id) => !present.has(id)));
  const count = (state: ScheduleRun['state']): number => written.filter((row) => row.state === state).length;
  return { schedules: schedules.length, ran: count('ran'), skipped: count('skipped'), missed: count('missed') };
}

/** Queries the pauses of the schedule only when a due time without a run might be explained by one. */
async function judge({ server }: SchedulePorts, evidence: Evidence): Promise<Verdict> {
  if (!pausesMatter(evidence)) return explain(evidence);
  const since = new Date(startOf(evidence) - LOOK_BACK_MS).toISOString();
  return explain({ ...evidence, pauses: await server.pausesSince(evidence.schedule.id, since) });
}

function bySchedule(runs: readonly StartedRun[]): ReadonlyMap<string, readonly StartedRun[]> {
  const groups = new Map<string, StartedRun[]>();
  for (const run of runs) groups.set(run.scheduleId, [...(groups.get(run.scheduleId) ?? []), run]);
  return groups;
}
