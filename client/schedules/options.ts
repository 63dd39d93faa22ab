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
import { type Priority, TypedSearchAttributes } from '@temporalio/common';
import { z } from 'zod';
import { queues } from '../../contracts/queues/names.ts';
import { scheduleDefinitionSchema } from '../../contracts/schedules/schema.ts';
import {
  type Overlap,
  SCHEDULE_MEMO,
  type ScheduleDefinition,
  type ScheduleOrigin,
  scheduleWorkflows,
  type SolarRunInput,
} from '../../contracts/schedules/vocabulary.ts';
import { SYSTEM_TAG } from '../../contracts/tasks/calls.ts';
import { type Calendar, span, toRanges } from '../../schedules/calendar.ts';
import { type CompiledTiming, compileRecurrence } from '../../schedules/timing.ts';
import { indexedAs } from '../connection/search-attributes.ts';
import { clockHash, wantedClock } from './once-a-day.ts';
import { type ScheduledStart, solarTarget, startOf, type TargetRules } from './targets.ts';

/** The SDK sends the priority of an action, but its type lacks the field. */
type Action = ScheduleOptionsStartWorkflowAction<Workflow> & { readonly priority?: Priority };

/** Options that create a schedule of Perennial. */
export type OwnScheduleOptions = ScheduleOptions<Action>;

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
export function toOptions(
  definition: ScheduleDefinition,
  origin: ScheduleOrigin,
  { paused = false, ...rules }: TargetRules & { readonly paused?: boolean | undefined },
): OwnScheduleOptions {
  const { id, policy, oneOff } = definition;
  const { args, ...start } = actionOf(definition, rules);
  return {
    scheduleId: id,
    spec: toSpec(definition),
    action: {
      type: 'startWorkflow',
      ...start,
      staticSummary: summaryOf(definition),
      args: [...args],
      taskQueue: queues.workflows,
      memo: { [SCHEDULE_MEMO]: { schedule: id, definition } },
    },
    policies: { overlap: overlaps[policy.overlap], catchupWindow: policy.catchupMs, pauseOnFailure: false },
    memo: { [SCHEDULE_MEMO]: { origin } },
    state: {
      ...(paused ? { paused, note: 'created paused' } : {}),
      ...(oneOff === true ? { remainingActions: 1 } : {}),
    },
  };
}

/** What the runs of a schedule are for, for the screens of the server. */
export function summaryOf({ id, purpose }: Pick<ScheduleDefinition, 'id' | 'purpose'>): string {
  return (purpose === '' ? `schedule ${id}` : `${id}: ${purpose}`).slice(0, 200);
}

/** Returns what the server starts: the target, or the workflow that waits for the sun and then starts it. */
function actionOf(definition: ScheduleDefinition, rules: TargetRules): ScheduledStart {
  const { id, timing, target, policy } = definition;
  const start = startOf(definition, rules);
  if (!('solar' in timing)) return start;
  const input: SolarRunInput = {
    scheduleId: id,
    solar: timing.solar,
    target: solarTarget(target, rules),
    catchupMs: policy.catchupMs,
  };
  return {
    workflowType: scheduleWorkflows.runAtSolarEvent,
    workflowId: id,
    args: [input],
    // People look for the target, and not for what waits for the sun.
    typedSearchAttributes: indexedAs({ task: scheduleWorkflows.runAtSolarEvent, tags: [SYSTEM_TAG] }),
    // The target is a child of this workflow and inherits its priority.
    ...(start.priority === undefined ? {} : { priority: start.priority }),
  };
}

function toSpec(definition: ScheduleDefinition): ScheduleSpec {
  const compiled = compileRecurrence(definition);
  const { startMs, endMs } = compiled;
  return {
    calendars: [...compiled.calendars.map(toCalendarSpec), ...compiled.instants.map(toInstantSpec)],
    intervals: compiled.intervals.map(({ seconds, offsetSeconds }) => ({
      every: seconds * 1000,
      offset: offsetSeconds * 1000,
    })),
    jitter: definition.policy.jitterMs,
    timezone: zoneOf(compiled),
    ...(Number.isFinite(startMs) ? { startAt: new Date(startMs) } : {}),
    ...(Number.isFinite(endMs) ? { endAt: new Date(endMs) } : {}),
  };
}

/** The calendar of an instant is in UTC. */
function zoneOf({ instants, timeZone }: CompiledTiming): string {
  return instants.length > 0 ? 'UTC' : timeZone;
}

function toInstantSpec(atMs: number): CalendarSpec {
  const at = new Date(atMs);
  return {
    second: at.getUTCSeconds(),
    minute: at.getUTCMinutes(),
    hour: at.getUTCHours(),
    dayOfMonth: at.getUTCDate(),
    month: nameOf(MONTHS, at.getUTCMonth()),
    year: at.getUTCFullYear(),
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
export function wantedBehaviour(definition: ScheduleDefinition, rules: TargetRules): Behaviour {
  const { policy } = definition;
  const compiled = compileRecurrence(definition);
  const calendars = compiled.calendars.map((it) =>
    [[0], it.minutes, it.hours, it.daysOfMonth, it.months, it.daysOfWeek, []].map((field) => field.join()),
  );
  const intervals = compiled.intervals.map(({ seconds, offsetSeconds }) => [seconds * 1000, offsetSeconds * 1000]);
  const window = [compiled.startMs, compiled.endMs].map((ms) => (Number.isFinite(ms) ? ms : null));
  const clock = wantedClock(definition);
  return {
    times: JSON.stringify([
      [...calendars, ...compiled.instants.map(instantFields)],
      ...[intervals, zoneOf(compiled), policy.jitterMs, clock, window],
    ]),
    policies: JSON.stringify([overlaps[policy.overlap], policy.catchupMs]),
    action: actionText(actionOf(definition, rules), queues.workflows),
  };
}

function instantFields(atMs: number): readonly string[] {
  const at = new Date(atMs);
  const time = [at.getUTCSeconds(), at.getUTCMinutes(), at.getUTCHours(), at.getUTCDate(), at.getUTCMonth() + 1];
  return [...time.map(String), span(0, 6).join(), String(at.getUTCFullYear())];
}

/** Returns the behaviour that the server has. */
export function foundBehaviour({ spec, policies, action, raw }: ScheduleDescription): Behaviour {
  const calendars = (spec.calendars ?? []).map((it) => [
    ...[it.second, it.minute, it.hour, it.dayOfMonth].map((ranges) => values(ranges).join()),
    values(it.month.map((range) => numbered(range, MONTHS, 1))).join(),
    values(it.dayOfWeek.map((range) => numbered(range, DAYS_OF_WEEK, 0))).join(),
    values(it.year).join(),
  ]);
  const intervals = (spec.intervals ?? []).map(({ every, offset }) => [every, offset]);
  const window = [spec.startAt, spec.endAt].map((time) => time?.getTime() ?? null);
  const clock = clockHash(raw.schedule?.spec?.timezoneData);
  return {
    times: JSON.stringify([calendars, intervals, spec.timezone || 'UTC', spec.jitter ?? 0, clock, window]),
    policies: JSON.stringify([policies.overlap, policies.catchupWindow]),
    action: actionText(action, action.taskQueue),
  };
}

function actionText(
  {
    workflowType,
    workflowId,
    args,
    priority,
    typedSearchAttributes,
  }: Pick<ScheduleDescription['action'], 'workflowType' | 'workflowId' | 'priority' | 'typedSearchAttributes'> & {
    readonly args?: unknown;
  },
  taskQueue: string,
): string {
  // The server returns 0 or an empty string for a field that was not set.
  return JSON.stringify([
    ...[workflowType, workflowId, args, taskQueue],
    ...[priority?.priorityKey || null, priority?.fairnessKey || null],
    foundBy(typedSearchAttributes),
  ]);
}

/** The attributes in an order of their own, because the server has none. */
function foundBy(given: ScheduleDescription['action']['typedSearchAttributes']): readonly unknown[] {
  const pairs = given instanceof TypedSearchAttributes ? given.getAll() : (given ?? []);
  return pairs.map(({ key, value }) => [key.name, value]).sort(([a], [b]) => String(a).localeCompare(String(b)));
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
