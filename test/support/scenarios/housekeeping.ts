import { ApplicationFailure } from '@temporalio/activity';
import { housekeepingWorkflows } from '../../../contracts/housekeeping/vocabulary.ts';
import type { HealthChange, HealthReport, RecordHealthInput } from '../../../contracts/housekeeping/schema.ts';
import type { SendEmailInput } from '../../../contracts/email/schema.ts';
import type { FailureType } from '../../../contracts/failures.ts';
import type { Activities } from '../../../activities/shell/activity.ts';
import { type Scenario, until, type World } from './scenario.ts';
import { work } from '../work.ts';

/** What happens to the house, and what its administrator hears. */
export interface ScriptedHouse extends World {
  readonly records: RecordHealthInput[];
  readonly emails: SendEmailInput[];
  readonly told: string[];
  looks: number;
}

interface Script {
  readonly status?: HealthReport['status'];
  /** Changes that wait to be told. */
  readonly changes?: readonly HealthChange[];
  /** Attempts of a task that fail before one succeeds. */
  readonly looksFail?: number;
  /** What sending fails with. */
  readonly emailFails?: FailureType;
  readonly recordTakesMs?: number;
}

export function report(status: HealthReport['status']): HealthReport {
  const database = status === 'unhealthy' ? 'error: connection refused' : 'ok';
  return { timestamp: '2026-01-01T00:00:00.000Z', status, checks: { database, disk_space: 'ok: 61.2% free' } };
}

export function change(key: string, from: HealthReport['status'], to: HealthReport['status']): HealthChange {
  return { key, from, report: report(to) };
}

export function scriptHouse(script: Script = {}): ScriptedHouse {
  const world = { records: [] as RecordHealthInput[], emails: [] as SendEmailInput[], told: [] as string[], looks: 0 };
  const activities: Record<string, unknown> = {
    'housekeeping.checkHealth': () => {
      world.looks += 1;
      if (world.looks <= (script.looksFail ?? 0))
        throw ApplicationFailure.create({ type: 'BackendUnavailable', message: 'scripted', nextRetryDelay: 5 });
      return Promise.resolve(report(script.status ?? 'healthy'));
    },
    'housekeeping.recordHealth': async (input: RecordHealthInput) => {
      world.records.push(input);
      await work(script.recordTakesMs ?? 0);
      return { changes: script.changes ?? [] };
    },
    'email.send': (input: SendEmailInput) => {
      if (script.emailFails !== undefined) throw ApplicationFailure.nonRetryable('scripted', script.emailFails);
      world.emails.push(input);
      return Promise.resolve({ status: 'sent', recipient: 'admin@example.com', messageId: `<${input.messageKey}>` });
    },
    'housekeeping.healthTold': ({ key }: { key: string }) => {
      world.told.push(key);
      return Promise.resolve({ key });
    },
    'housekeeping.cleanupTempFiles': (input: unknown) =>
      Promise.resolve({ input, deleted_files: 1, freed_space_mb: 0.5 }),
  };
  return Object.assign(world, { activities: activities as Activities }); // each takes the one input of its task
}

const health = housekeepingWorkflows.healthCheck;

export const housekeepingScenarios = {
  'ping.completed': { workflow: housekeepingWorkflows.ping, args: [], world: () => scriptHouse() },
  'health-check.healthy': { workflow: health, args: [], world: () => scriptHouse() },
  'health-check.unhealthy': {
    workflow: health,
    args: [],
    world: () => scriptHouse({ status: 'unhealthy', changes: [change('health-1', 'healthy', 'unhealthy')] }),
  },
  'health-check.recovered': {
    workflow: health,
    args: [],
    world: () =>
      scriptHouse({
        changes: [change('health-1', 'healthy', 'unhealthy'), change('health-2', 'unhealthy', 'healthy')],
      }),
  },
  'health-check.retried': { workflow: health, args: [], world: () => scriptHouse({ looksFail: 2 }) },
  'health-check.failed': { workflow: health, args: [], world: () => scriptHouse({ looksFail: 9 }) },
  'health-check.email-refused': {
    workflow: health,
    args: [],
    world: () =>
      scriptHouse({
        status: 'unhealthy',
        changes: [change('health-1', 'healthy', 'unhealthy')],
        emailFails: 'BackendRejected',
      }),
  },
  'health-check.cancelled': {
    workflow: health,
    args: [],
    world: () => scriptHouse({ recordTakesMs: 60_000 }),
    meanwhile: async (handle, { records }) => {
      await until(() => records.length > 0);
      await handle.cancel();
    },
  },
  'run-task.cleanup-temp-files': {
    workflow: 'runTask',
    args: ['housekeeping.cleanupTempFiles', { dryRun: true }],
    world: () => scriptHouse(),
  },
} as const satisfies Readonly<Record<string, Scenario<ScriptedHouse>>>;
