/** Checks of schedules before they are sent: the timing is possible, and the target exists and accepts the arguments. */
import { findTask } from '../../contracts/catalogue.ts';
import { taskSchemas } from '../../contracts/catalogue.schema.ts';
import { newScheduleSchema, scheduleChangesSchema } from '../../contracts/schedules/schema.ts';
import {
  DEFAULT_SCHEDULE_POLICY,
  type NewSchedule,
  type ScheduleChanges,
  type ScheduleDefinition,
  type ScheduleTarget,
  type Timing,
} from '../../contracts/schedules/vocabulary.ts';
import { workflowArguments } from '../../contracts/catalogue.schema.ts';
import { InvalidTiming } from '../../schedules/invalid-timing.ts';
import { withWishes } from '../../schedules/policies.ts';
import { compileTiming, type CompiledTiming } from '../../schedules/timing.ts';
import { InvalidInput, validate } from '../connection/validate.ts';

/**
 * Completes and checks a new schedule.
 *
 * @throws InvalidInput with each wrong field, the expected and the actual value
 */
export function checkSchedule(schedule: NewSchedule): ScheduleDefinition {
  const { policy, paused: _state, ...rest } = validate(newScheduleSchema, schedule, 'schedule');
  checkTiming(rest.timing, rest.timeZone, rest.onceADay);
  checkTarget(rest.target);
  return { ...rest, policy: withWishes(DEFAULT_SCHEDULE_POLICY, policy) };
}

/**
 * Replaces parts of a definition and checks the result.
 *
 * @throws InvalidInput as {@link checkSchedule}
 */
export function checkChanges(before: ScheduleDefinition, changes: ScheduleChanges): ScheduleDefinition {
  const checked = validate(scheduleChangesSchema, changes, 'changes');
  return checkSchedule({
    id: before.id,
    purpose: checked.purpose ?? before.purpose,
    timing: checked.timing ?? before.timing,
    timeZone: checked.timeZone ?? before.timeZone,
    onceADay: checked.onceADay ?? before.onceADay,
    target: checked.target ?? before.target,
    policy: withWishes(before.policy, checked.policy ?? {}),
  });
}

/** Compiles a timing. @throws InvalidInput */
export function checkTiming(timing: Timing, timeZone: string, onceADay?: boolean): CompiledTiming {
  try {
    return compileTiming(timing, timeZone, onceADay);
  } catch (error) {
    if (!(error instanceof InvalidTiming)) throw error;
    throw new InvalidInput([{ field: error.field, expected: error.expected, got: error.got }]);
  }
}

/** Checks that the target exists and accepts its arguments. @throws InvalidInput */
export function checkTarget(target: ScheduleTarget): void {
  if ('workflow' in target) {
    const schema = workflowArguments[target.workflow];
    if (schema === undefined)
      throw unknown('target.workflow', 'workflow', target.workflow, Object.keys(workflowArguments));
    validate(schema, target.args, 'target.args');
    return;
  }
  const task = findTask(target.task);
  if (task === undefined) throw unknown('target.task', 'task', target.task, Object.keys(taskSchemas));
  validate(taskSchemas[task.name].input, target.input, 'target.input');
}

function unknown(field: string, kind: string, got: string, known: readonly string[]): InvalidInput {
  const near = known.filter((name) => name.split('.').at(-1) === got.split('.').at(-1));
  const hint = near.length > 0 ? ` (perhaps ${near.join(' or ')})` : '';
  return new InvalidInput([{ field, expected: `the name of a ${kind}${hint}`, got: JSON.stringify(got) }]);
}
