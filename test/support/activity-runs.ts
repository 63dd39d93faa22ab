/** Runs activities as a worker would, without one, and keeps what they log as text. */
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Activities } from '../../activities/shell/activity.ts';
import type { ShellOptions } from '../../activities/shell/shell.ts';
import { silentLog, silentTemporal } from './silent-log.ts';

/** What a caller says besides the input. */
export interface CallFacts {
  readonly tenant?: string | undefined;
  readonly signal?: AbortSignal;
}

export interface ActivityRuns {
  /** What a worker serves. */
  readonly activities: Activities;
  /** What the activities logged, as text. */
  readonly logged: string[];
  /**
   * Runs the activity of a task as a worker would.
   *
   * @param task - its name
   * @param input - what it is given
   * @param attempt - number of the attempt, from 1
   * @param workflowId - tells calls of the same task apart @defaultValue that of all calls that say nothing
   * @param facts - what the caller says besides the input
   */
  run(task: string, input: unknown, attempt?: number, workflowId?: string, facts?: CallFacts): Promise<unknown>;
}

/** Creates activities whose logs are kept. */
export function activityRuns(create: (shell: ShellOptions) => Activities): ActivityRuns {
  const logged: string[] = [];
  const note = (...fields: unknown[]): void => void logged.push(fields.map(textOf).join(' '));
  const activities: Readonly<Record<string, (input: unknown, facts?: object) => Promise<unknown>>> = create({
    log: (task) => ({
      started: () => note('started', task),
      succeeded: () => note('succeeded'),
      failed: (error) => note('failed', error),
      revoked: (reason) => note('revoked', reason),
      body: silentLog.body,
    }),
  });
  return {
    activities,
    logged,
    run: async (task, input, attempt = 1, workflowId, { tenant, signal } = {}) => {
      const activity = activities[task];
      if (activity === undefined) throw new TypeError(`expected an activity for ${task}`);
      const call = workflowId === undefined ? {} : { workflowExecution: { workflowId, runId: 'run' } };
      const environment = new MockActivityEnvironment({ attempt, ...call }, { logger: silentTemporal });
      signal?.addEventListener('abort', () => environment.cancel('CANCELLED'), { once: true });
      return environment.run(activity, input, tenant === undefined ? undefined : { tenant });
    },
  };
}

function textOf(value: unknown): string {
  return value instanceof Error ? `${value.name} ${value.message} ${value.stack ?? ''}` : JSON.stringify(value);
}
