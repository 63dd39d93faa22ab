import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ScheduleRun } from '../../../contracts/schedules/schema.ts';
import { scheduleWorkflows, type SolarRunInput } from '../../../contracts/schedules/vocabulary.ts';
import type { Activities } from '../../../activities/shell/activity.ts';
import { type Scenario, until, type World } from './scenario.ts';

/** What a solar schedule meets. */
export interface SolarWorld extends World {
  readonly recorded: ScheduleRun[];
  readonly computed: { count: number };
  readonly ran: unknown[];
}

interface SolarScript {
  /** When the sun rises: milliseconds from the moment it is computed; `null` for a polar day. */
  readonly inMs: number | null;
  readonly targetFails?: boolean;
}

/** The target is a task of this very domain whose activity is scripted here. */
const TARGET = { task: 'schedules.createUserReportTask', input: { userId: 'u1' } };

export const solarInput: SolarRunInput = {
  scheduleId: 'sunrise-task',
  solar: { event: 'sunrise', latitude: 40.7128, longitude: -74.006 },
  target: TARGET,
  catchupMs: 3_600_000,
};

export function solarWorld({ inMs, targetFails = false }: SolarScript): SolarWorld {
  const recorded: ScheduleRun[] = [];
  const computed = { count: 0 };
  const ran: unknown[] = [];
  const activities: Record<string, unknown> = {
    'schedules.findSolarEvent': () => {
      computed.count += 1;
      return Promise.resolve({ at: inMs === null ? null : new Date(Date.now() + inMs).toISOString() });
    },
    'schedules.recordRun': (run: ScheduleRun) => {
      recorded.push(run);
      return Promise.resolve({ recorded: true });
    },
    'schedules.createUserReportTask': (input: unknown) => {
      ran.push([input, Context.current().info.workflowExecution?.workflowId]);
      if (targetFails) throw ApplicationFailure.nonRetryable('scripted', 'UserNotFound');
      return Promise.resolve({ status: 'created', task_name: 'user_daily_report_u1' });
    },
  };
  return { recorded, computed, ran, activities: activities as Activities }; // each takes the one input of its task
}

const workflow = scheduleWorkflows.runAtSolarEvent;

/** Schedules start these once a day; each scenario has an id of its own, since a moment is served only once. */
const named = (scheduleId: string): SolarRunInput[] => [{ ...solarInput, scheduleId }];

export const scheduleScenarios = {
  'run-at-solar-event.success': {
    workflow,
    world: () => solarWorld({ inMs: 1_500 }),
    args: named('sunrise-success'),
  },
  'run-at-solar-event.late': {
    workflow,
    world: () => solarWorld({ inMs: -60_000 }),
    args: named('sunrise-late'),
  },
  'run-at-solar-event.too-late': {
    workflow,
    world: () => solarWorld({ inMs: -7_200_000 }),
    args: named('sunrise-too-late'),
  },
  'run-at-solar-event.polar': {
    workflow,
    world: () => solarWorld({ inMs: null }),
    args: named('sunrise-polar'),
  },
  'run-at-solar-event.cancelled': {
    workflow,
    world: () => solarWorld({ inMs: 3_600_000 }),
    args: named('sunrise-cancelled'),
    meanwhile: async (handle, { computed }) => {
      await until(() => computed.count > 0);
      await handle.cancel();
    },
  },
  'run-at-solar-event.failed': {
    workflow,
    world: () => solarWorld({ inMs: 200, targetFails: true }),
    args: named('sunrise-failed'),
  },
} as const satisfies Readonly<Record<string, Scenario<SolarWorld>>>;
