/** Checks of schedules before they are sent: the timing is possible, and the target exists and accepts the arguments. */
import { newScheduleSchema, scheduleChangesSchema } from '../../contracts/schedules/schema.ts';
import {
  DEFAULT_SCHEDULE_POLICY,
  type NewSchedule,
  type Recurrence,
  type ScheduleChanges,
  type ScheduleDefinition,
} from '../../contracts/schedules/vocabulary.ts';
import { InvalidTiming } from '../../schedules/invalid-timing.ts';
import { dueTimes } from '../../schedules/next.ts';
import { withOptions } from '../../schedules/policies.ts';
import { type CompiledTiming, compileRecurrence, describeTiming } from '../../schedules/timing.ts';
import { InvalidInput, validate } from '../connection/validate.ts';
import { checkTarget, type TargetRules } from './targets.ts';

/**
 * Completes and checks a new schedule.
 *
 * @throws InvalidInput with each wrong field, the expected and the actual value
 */
export function checkSchedule(schedule: NewSchedule, rules: TargetRules): ScheduleDefinition {
  const { policy, target, paused: _state, ...rest } = validate(newScheduleSchema, schedule, 'schedule');
  checkRecurrence(rest);
  return { ...rest, target: checkTarget(target, rules), policy: withOptions(DEFAULT_SCHEDULE_POLICY, policy) };
}

/**
 * Replaces parts of a definition and checks the result.
 *
 * @throws InvalidInput as {@link checkSchedule}; also when the new times are all past
 */
export function checkChanges(
  before: ScheduleDefinition,
  changes: ScheduleChanges,
  rules: TargetRules,
): ScheduleDefinition {
  const {
    policy,
    start = before.start,
    end = before.end,
    ...rest
  } = validate(scheduleChangesSchema, changes, 'changes');
  const kept = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const after = checkSchedule(
    {
      ...before,
      ...kept,
      start: start ?? undefined,
      end: end ?? undefined,
      policy: withOptions(before.policy, policy ?? {}),
    },
    rules,
  );
  if (timesOf(before) !== timesOf(after)) requireComing(after);
  return after;
}

/** Returns everything that says when a schedule is due, in a form that can be compared. */
export function timesOf({ timing, timeZone, onceADay, start, end, oneOff }: ScheduleDefinition): string {
  return JSON.stringify([timing, timeZone, onceADay === true, start ?? null, end ?? null, oneOff === true]);
}

/** Refuses a schedule that will never be due. @throws InvalidInput */
export function requireComing(definition: ScheduleDefinition): void {
  if (isComing(definition)) return;
  const { timing, start, end } = definition;
  const window = [start === undefined ? '' : ` from ${start}`, end === undefined ? '' : ` to ${end}`].join('');
  throw new InvalidInput([
    {
      field: 'schedule.timing',
      expected: `a time after ${new Date().toISOString()}`,
      got: `${describeTiming(timing)}${window}`,
    },
  ]);
}

/** Tells whether a schedule has a due time to come. */
export function isComing(recurrence: Recurrence): boolean {
  return dueTimes(checkRecurrence(recurrence), Date.now(), Infinity, 1).length > 0;
}

/** Compiles a timing with its window. @throws InvalidInput */
export function checkRecurrence(recurrence: Recurrence): CompiledTiming {
  try {
    return compileRecurrence(recurrence);
  } catch (error) {
    if (!(error instanceof InvalidTiming)) throw error;
    throw new InvalidInput([{ field: error.field, expected: error.expected, got: error.got }]);
  }
}
