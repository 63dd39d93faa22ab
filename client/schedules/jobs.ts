/** Adds, changes and reads schedules. */
import type { ScheduleDescription } from '@temporalio/client';
import { PerennialError } from '../../contracts/failures.ts';
import { queues } from '../../contracts/queues/names.ts';
import {
  createUserReportInputSchema,
  rangeSchema,
  recurrenceSchema,
  scheduleIdSchema,
  scheduleZoneSchema,
  type CreateUserReportOutput,
} from '../../contracts/schedules/schema.ts';
import {
  type NewSchedule,
  type ScheduleChanges,
  type Recurrence,
  type ScheduleDefinition,
  userReportScheduleId,
} from '../../contracts/schedules/vocabulary.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import { dueTimes, forecast, type Occurrence } from '../../schedules/next.ts';
import type { runTask } from '../../workflows/index.ts';
import { instantOf } from '../../contracts/values/instant.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import { instantSchema } from '../../contracts/values/instant.schema.ts';
import { indexedAs } from '../connection/search-attributes.ts';
import { jobHandle } from '../connection/handles.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { ClientContext } from '../domain.ts';
import { NotFound } from '../connection/errors.ts';
import { perhaps } from '../connection/similar.ts';
import { checkChanges, checkRecurrence, checkSchedule, isComing, requireComing } from './checks.ts';
import { pausesSince } from './pauses.ts';
import { definitionOf, foundBehaviour, originOf, overlapPolicy, summaryOf, toOptions } from './options.ts';
import { startOf, type TargetRules } from './targets.ts';
import { create, differencesBetween, rewrite, syncSchedules } from './sync.ts';
import type { BackfillReport, NextOptions, ScheduleJobs } from './types.ts';
import { listSchedules, runsSince, scheduleIds, viewOf } from './views.ts';
import { InvalidInput, validate } from '../connection/validate.ts';

/** Most times of one backfill; the server buffers no more, so a longer range needs several backfills. */
const MAX_BACKFILL = 1000;

/** Default number of future times. */
const NEXT = 10;

/** Most future times in one answer. */
const MAX_NEXT = 1000;

/** Binds schedules to a connection. */
export function createScheduleJobs({
  rpc,
  schedules: entries,
  priorityLevels,
}: Pick<ClientContext, 'rpc' | 'schedules' | 'priorityLevels'>): ScheduleJobs {
  const rules: TargetRules = { priorityLevels, sealKeys: rpc.sealKeys };
  return {
    sync: (options) => syncSchedules(rpc, entries, { ...rules, ...options }),
    add: (schedule) => add(rpc, schedule, rules),
    put: (schedule) => put(rpc, schedule, rules),
    update: (id, changes) => update(rpc, { id: checkId(id), changes }, rules),
    remove: async (id) => {
      await dynamicOnly(rpc, checkId(id));
      await rpc.call(id, (client) => client.schedule.getHandle(id).delete());
    },
    pause: async (id, note) => {
      await own(rpc, checkId(id));
      await rpc.call(id, (client) => client.schedule.getHandle(id).pause(note));
    },
    unpause: async (id, note) => {
      await own(rpc, checkId(id));
      await rpc.call(id, (client) => client.schedule.getHandle(id).unpause(note));
    },
    trigger: (id) => trigger(rpc, checkId(id), rules),
    backfill: (id, range) => backfill(rpc, checkId(id), range),
    list: () => listSchedules(rpc),
    runsSince: (time) => runsSince(rpc, time),
    pausesSince: (id, time) => pausesSince(rpc, checkId(id), time),
    describe: async (id) => viewOf(await describe(rpc, checkId(id))),
    next: async (id, options) => {
      const { definition, described } = await own(rpc, checkId(id));
      return times(definition, options, described.state.remainingActions);
    },
    preview: (timing, timeZone, { onceADay, start, end, oneOff, ...options } = {}) =>
      times({ timing, timeZone, onceADay, start, end, oneOff }, options, oneOff === true ? 1 : undefined),
    createUserReportTask: (userId) => createUserReportTask(rpc, userId),
  };
}

function checkId(id: string): string {
  return validate(scheduleIdSchema, id, 'id');
}

async function describe(rpc: Rpc, id: string): Promise<ScheduleDescription> {
  try {
    return await rpc.ask(id, (client) => client.schedule.getHandle(id).describe());
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    throw new NotFound(id, 'schedule', perhaps(id, await scheduleIds(rpc)));
  }
}

/** Reads a schedule of Perennial with its definition. @throws PerennialError `ScheduleForeign` */
async function own(rpc: Rpc, id: string): Promise<{ described: ScheduleDescription; definition: ScheduleDefinition }> {
  const described = await describe(rpc, id);
  const definition = definitionOf(described);
  if (originOf(described.memo) === undefined || definition === undefined)
    throw new PerennialError('ScheduleForeign', `expected a schedule of Perennial, got '${id}', which it did not make`);
  return { described, definition };
}

/** Reads the definition of a schedule that may be changed at run time. @throws PerennialError `ScheduleForeign`, `ScheduleFromCode` */
async function dynamicOnly(rpc: Rpc, id: string): Promise<ScheduleDefinition> {
  const { described, definition } = await own(rpc, id);
  if (originOf(described.memo) === 'code')
    throw new PerennialError('ScheduleFromCode', `expected a schedule added at run time, got '${id}' of schedules/`);
  return definition;
}

async function add(rpc: Rpc, schedule: NewSchedule, rules: TargetRules): Promise<{ created: boolean }> {
  const definition = checkSchedule(schedule, rules);
  const { id } = definition;
  if (isComing(definition)) {
    const options = toOptions(definition, 'dynamic', { ...rules, paused: schedule.paused });
    if (await create(rpc, definition, options)) return { created: true };
  } else await requireKnown(rpc, definition);
  await dynamicOnly(rpc, id);
  const described = await describe(rpc, id);
  const differences = differencesBetween(definitionOf(described), foundBehaviour(described), { to: definition, rules });
  if (differences.length === 0) return { created: false };
  const fields = differences.map(({ field, from, to }) => `${field}: has ${from}, got ${to}`).join('; ');
  throw new PerennialError('ScheduleConflict', `expected a new name, got '${id}', which exists with another ${fields}`);
}

/** Refuses a new schedule that will never be due; the same one again may be one that has run. @throws InvalidInput */
async function requireKnown(rpc: Rpc, definition: ScheduleDefinition): Promise<void> {
  try {
    await describe(rpc, definition.id);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    requireComing(definition);
  }
}

async function put(rpc: Rpc, schedule: NewSchedule, rules: TargetRules): Promise<void> {
  try {
    await add(rpc, schedule, rules);
  } catch (error) {
    if (!(error instanceof PerennialError && error.type === 'ScheduleConflict')) throw error;
    await rewrite(rpc, checkSchedule(schedule, rules), rules);
  }
}

async function update(
  rpc: Rpc,
  { id, changes }: { readonly id: string; readonly changes: ScheduleChanges },
  rules: TargetRules,
): Promise<void> {
  await rewrite(rpc, checkChanges(await dynamicOnly(rpc, id), changes, rules), rules);
}

/** Triggers a schedule. For a solar schedule it starts the target itself, because the scheduled workflow would wait for the sun. */
async function trigger(rpc: Rpc, id: string, rules: TargetRules): Promise<void> {
  const { definition } = await own(rpc, id);
  if (!('solar' in definition.timing)) {
    const overlap = definition.policy.overlap === 'allow-all' ? 'ALLOW_ALL' : 'BUFFER_ONE';
    await rpc.call(id, (client) => client.schedule.getHandle(id).trigger(overlap));
    return;
  }
  const { workflowType, workflowId, args, ...start } = startOf(definition, rules);
  const now = new Date().toISOString();
  const staticSummary = summaryOf(definition);
  const options = { ...start, staticSummary, workflowId: `${workflowId}-triggered-${now}`, args: [...args] };
  await rpc.call(id, (client) => client.workflow.start(workflowType, { ...options, taskQueue: queues.workflows }));
}

async function backfill(rpc: Rpc, id: string, range: Parameters<ScheduleJobs['backfill']>[1]): Promise<BackfillReport> {
  const { dryRun = false, overlap = 'buffer-all', ...bounds } = range;
  const { from, to } = validate(rangeSchema, bounds, 'range');
  const { definition } = await own(rpc, id);
  if ('solar' in definition.timing)
    throw new InvalidInput([{ field: 'id', expected: 'a schedule without the sun; trigger this one', got: id }]);
  const fromMs = instantOf(from);
  const toMs = instantOf(to);
  const due = dueTimes(checkRecurrence(definition), fromMs - 1, toMs, MAX_BACKFILL + 1);
  requireUnexpired(definition, due);
  if (due.length > MAX_BACKFILL)
    throw new InvalidInput([
      { field: 'range', expected: `at most ${MAX_BACKFILL} due times`, got: `more than ${MAX_BACKFILL}` },
    ]);
  if (!dryRun && due.length > 0) {
    const backfilled = { start: new Date(fromMs), end: new Date(toMs), overlap: overlapPolicy(overlap) };
    await rpc.call(id, (client) => client.schedule.getHandle(id).backfill(backfilled));
  }
  return { dryRun, times: due.map((ms) => new Date(ms).toISOString()) };
}

/** Refuses to make up for a due time whose task would expire at once. */
function requireUnexpired({ target }: ScheduleDefinition, [first]: readonly number[]): void {
  const expires = 'task' in target ? target.options?.expires : undefined;
  if (expires === undefined || first === undefined || first + expires * SECOND_MS > Date.now()) return;
  const expected = `due times of the last ${expires} s, after which the task expires; change options.expires first`;
  throw new InvalidInput([{ field: 'range.from', expected, got: new Date(first).toISOString() }]);
}

/**
 * Returns the times to come.
 *
 * @param left - starts that the schedule has left; `undefined` when they are not limited
 */
function times(recurrence: Recurrence, options: NextOptions = {}, left = Infinity): readonly Occurrence[] {
  const { after, showIn } = options;
  const count = Math.min(countOf(options), left);
  const afterMs = after === undefined ? Date.now() : instantOf(validate(instantSchema, after, 'after'));
  if (showIn !== undefined) validate(scheduleZoneSchema, showIn, 'showIn');
  const timing = checkRecurrence(validate(recurrenceSchema, recurrence));
  return count === 0 ? [] : forecast(timing, { afterMs, count, ...(showIn === undefined ? {} : { showIn }) });
}

function countOf({ count = NEXT }: NextOptions): number {
  if (Number.isInteger(count) && count >= 1 && count <= MAX_NEXT) return count;
  throw new InvalidInput([{ field: 'count', expected: `a whole number from 1 to ${MAX_NEXT}`, got: String(count) }]);
}

/** Runs the task on a worker, which can look up the user's time zone. */
async function createUserReportTask(rpc: Rpc, userId: string): Promise<CreateUserReportOutput> {
  const input = validate(createUserReportInputSchema, { userId });
  const workflowId = `create-${userReportScheduleId(userId)}`;
  await rpc.call(workflowId, (client) =>
    client.workflow.start<typeof runTask>(taskWorkflows.runTask, {
      workflowId,
      taskQueue: queues.workflows,
      args: ['schedules.createUserReportTask', input],
      typedSearchAttributes: indexedAs({ task: 'schedules.createUserReportTask', root: workflowId }),
      staticSummary: 'makes the schedule of a daily report to a user',
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    }),
  );
  return jobHandle<CreateUserReportOutput>(rpc, workflowId).result();
}
