/** The redrive of many letters as a script in memory: so many runs, of which one cannot be started. */
import type { RedriveRunsInput, RedriveRunsOutput } from '../../../contracts/dlq/task-schemas.schema.ts';
import type { Activities } from '../../../activities/shell/activity.ts';

export interface ScriptedRedrives {
  readonly activities: Activities;
  /** What was asked for. */
  readonly asked: RedriveRunsInput[];
}

export function scriptRedrives(runs: number): ScriptedRedrives {
  const asked: RedriveRunsInput[] = [];
  const redriveRuns = (input: RedriveRunsInput): Promise<RedriveRunsOutput> => {
    asked.push(input);
    const first = Number(input.after ?? 0);
    const count = Math.min(input.most, runs - first);
    const failed = first === 0 && count > 0 ? [{ workflowId: 'order-1', reason: 'no such task' }] : [];
    const after = count > 0 ? String(first + count) : null;
    const left = runs - first - count;
    return Promise.resolve({ done: count - failed.length, taken: 0, failed, left, quarantined: 2, after });
  };
  return { asked, activities: { 'dlq.redriveRuns': redriveRuns } as unknown as Activities };
}
