/** Converts between definitions and the types of Temporal's client. */
import {
  type CalendarSpec,
  DAYS_OF_WEEK,
  MONTHS,
  type ScheduleDescription,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
  type ScheduleOverlapPolicy,
  type ScheduleSpec,
  type Workflow,
} from '@temporalio/client';
import { z } from 'zod';
import { queues } from '../../contracts/queues/names.ts';
import { scheduleDefinitionSchema } from '../../contracts/schedules/schema.ts';
import {
  type Overlap,
  SCHEDULE_MEMO,
  type ScheduleDefinition,
  type ScheduleOrigin,
  type ScheduleTarget,
  scheduleWorkflows,
  type SolarRunInput,
} from '../../contracts/schedules/vocabulary.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import { type Calendar, span, toRanges } from '../../schedules/calendar.ts';
import { compileTiming } from '../../schedules/timing.ts';
import { clockHash, wantedClock } from './once-a-day.ts';

/** Options that create a schedule of Perennial. */
export type OwnScheduleOptions = ScheduleOptions<ScheduleOptionsStartWorkflowAction<Workflow>>;

const overlaps: Readonly<Record<Overlap, NonNullable<ScheduleOverlapPolicy>>> = {
  skip: 'SKIP',
  'buffer-one': 'BUFFER_ONE',
  'buffer-all': 'BUFFER_ALL',
  'cancel-other': 'CANCEL_OTHER',
  'terminate-other': 'TERMINATE_OTHER',
  'allow-all': 'ALLOW_ALL',
};

/** Returns the server's name of an overlap policy. */
export function overlapPolicy(overlap: Overlap): NonNullable<ScheduleOverlapPolicy> {
  return overlaps[overlap];
}

/**
 * Converts a definition to options of Temporal's client.
 *
 * The server compiles crontabs and drops their text, so the definition is stored in the memo of the action. That memo can be
 * updated, and each run shows which definition started it. The memo of the schedule cannot be updated and holds only the
 * origin.
 */
export function toOptions(definition: ScheduleDefinition, origin: ScheduleOrigin, paused = false): OwnScheduleOptions {
  const { id, policy } = definition;
  return {
    scheduleId: id,
    spec: toSpec(definition),
    action: {
      type: 'startWorkflow',
      ...startOf(definition),
      taskQueue: queues.workflows,
      workflowId: id,
      memo: { [SCHEDULE_MEMO]: { schedule: id, definition } },
    },
    policies: { overlap: overlaps[policy.overlap], catchupWindow: policy.catchupMs, pauseOnFailure: false },
    memo: { [SCHEDULE_MEMO]: { origin } },
    ...(paused ? { state: { paused, note: 'created paused' } } : {}),
  };
}

function startOf({ id, timing, target, policy }: ScheduleDefinition): { workflowType: string; args: unknown[] } {
  if (!('solar' in timing)) return targetStart(target);
  const input: SolarRunInput = { scheduleId: id, solar: timing.solar, target, catchupMs: policy.catchupMs };
  return { workflowType: scheduleWorkflows.runAtSolarEvent, args: [input] };
}

/** Returns the workflow of a target and its arguments. */
export function targetStart(target: ScheduleTarget): { workflowType: string; args: unknown[] } {
  return 'task' in target
    ? { workflowType: taskWorkflows.runTask, args: [target.task, target.input] }
    : { workflowType: target.workflow, args: [...target.args] };
}

function toSpec({ timing, timeZone, onceADay, policy }: ScheduleDefinition): ScheduleSpec {
  const compiled = compileTiming(timing, timeZone, onceADay);
  return {
    calendars: compiled.calendars.map(toCalendarSpec),
    intervals: compiled.intervals.map(({ seconds, offsetSeconds }) => ({
      every: seconds * 1000,
      offset: offsetSeconds * 1000,
    })),
    jitter: policy.jitterMs,
    timezone: compiled.timeZone,
  };
}

function toCalendarSpec(calendar: Calendar): CalendarSpec {
  const named = <Name extends string>(values: readonly number[], names: readonly Name[], first: number) =>
    toRanges(values).map(({ start, end, step }) => ({
      start: nameOf(names, start - first),
      end: nameOf(names, end - first),
      step,
    }));
  return {
    second: 0,
    minute: [...toRanges(calendar.minutes)],
    hour: [...toRanges(calendar.hours)],
    dayOfMonth: [...toRanges(calendar.daysOfMonth)],
    month: named(calendar.months, MONTHS, 1),
    dayOfWeek: named(calendar.daysOfWeek, DAYS_OF_WEEK, 0),
  };
}

function nameOf<Name extends string>(names: readonly Name[], index: number): Name {
  const name = names[index];
  if (name === undefined) throw new RangeError(`expected an index below ${names.length}, got ${index}`);
  return name;
}

const scheduleMemoSchema = z.object({ [SCHEDULE_MEMO]: z.object({ origin: z.enum(['code', 'dynamic']) }) });
const actionMemoSchema = z.object({
  [SCHEDULE_MEMO]: z.object({ definition: scheduleDefinitionSchema }),
});

/** Returns the origin of a schedule; `undefined` when Perennial did not make it. */
export function originOf(memo: Readonly<Record<string, unknown>> | undefined): ScheduleOrigin | undefined {
  const parsed = scheduleMemoSchema.safeParse(memo);
  return parsed.success ? parsed.data[SCHEDULE_MEMO].origin : undefined;
}

/** Returns the definition of a schedule of Perennial; `undefined` when it is unreadable. */
export function definitionOf({ action }: Pick<ScheduleDescription, 'action'>): ScheduleDefinition | undefined {
  const parsed = actionMemoSchema.safeParse(action.memo);
  return parsed.success ? parsed.data[SCHEDULE_MEMO].definition : undefined;
}

/** The behaviour of a schedule in a form that compares definitions with the server, which reveals edits by other tools. */
export interface Behaviour {
  readonly times: string;
  readonly policies: string;
  readonly action: string;
}

/** Returns the behaviour that a definition asks for. */
export function wantedBehaviour(definition: ScheduleDefinition): Behaviour {
  const { timing, timeZone, onceADay, policy } = definition;
  const compiled = compileTiming(timing, timeZone, onceADay);
  const calendars = compiled.calendars.map((it) =>
    [it.minutes, it.hours, it.daysOfMonth, it.months, it.daysOfWeek].map((field) => field.join()),
  );
  const intervals = compiled.intervals.map(({ seconds, offsetSeconds }) => [seconds * 1000, offsetSeconds * 1000]);
  return {
    times: JSON.stringify([calendars, intervals, compiled.timeZone, policy.jitterMs, wantedClock(definition)]),
    policies: JSON.stringify([overlaps[policy.overlap], policy.catchupMs]),
    action: JSON.stringify([startOf(definition).workflowType, startOf(definition).args, queues.workflows]),
  };
}

/** Returns the behaviour that the server has. */
export function foundBehaviour({ spec, policies, action, raw }: ScheduleDescription): Behaviour {
  const calendars = (spec.calendars ?? []).map((it) => [
    ...[it.minute, it.hour, it.dayOfMonth].map((ranges) => values(ranges).join()),
    values(it.month.map((range) => numbered(range, MONTHS, 1))).join(),
    values(it.dayOfWeek.map((range) => numbered(range, DAYS_OF_WEEK, 0))).join(),
  ]);
  const intervals = (spec.intervals ?? []).map(({ every, offset }) => [every, offset]);
  const clock = clockHash(raw.schedule?.spec?.timezoneData);
  return {
    times: JSON.stringify([calendars, intervals, spec.timezone || 'UTC', spec.jitter ?? 0, clock]),
    policies: JSON.stringify([policies.overlap, policies.catchupWindow]),
    action: JSON.stringify([action.workflowType, action.args, action.taskQueue]),
  };
}

interface Stretch<Unit> {
  readonly start: Unit;
  readonly end: Unit;
  readonly step: number;
}

function numbered<Name extends string>(
  { start, end, step }: Stretch<Name>,
  names: readonly Name[],
  first: number,
): Stretch<number> {
  return { start: names.indexOf(start) + first, end: names.indexOf(end) + first, step };
}

function values(ranges: readonly Stretch<number>[]): readonly number[] {
  return ranges.flatMap(({ start, end, step }) => span(start, end, step));
}
