/** Adds, changes and reads schedules. */
import { ScheduleAlreadyRunning, type ScheduleDescription } from '@temporalio/client';
import { PerennialError } from '../../contracts/failures.ts';
import { queues } from '../../contracts/queues/names.ts';
import {
  createUserReportInputSchema,
  rangeSchema,
  scheduleIdSchema,
  type CreateUserReportOutput,
} from '../../contracts/schedules/schema.ts';
import {
  type NewSchedule,
  type ScheduleChanges,
  type ScheduleDefinition,
  userReportScheduleId,
} from '../../contracts/schedules/vocabulary.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import { dueTimes, forecast, type Occurrence } from '../../schedules/next.ts';
import type { CompiledTiming } from '../../schedules/timing.ts';
import type { runTask } from '../../workflows/index.ts';
import { instantOf } from '../../contracts/values/instant.ts';
import { instantSchema } from '../../contracts/values/instant.schema.ts';
import { jobHandle } from '../connection/handles.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { ClientContext } from '../domain.ts';
import { checkChanges, checkSchedule, checkTiming } from './checks.ts';
import { setClock } from './once-a-day.ts';
import { pausesSince } from './pauses.ts';
import { definitionOf, foundBehaviour, originOf, overlapPolicy, targetStart, toOptions } from './options.ts';
import { differencesBetween, rewrite, syncSchedules } from './sync.ts';
import type { BackfillReport, NextOptions, ScheduleJobs } from './types.ts';
import { listSchedules, runsSince, viewOf } from './views.ts';
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
}: Pick<ClientContext, 'rpc' | 'schedules'>): ScheduleJobs {
  return {
    sync: (options) => syncSchedules(rpc, entries, options),
    add: (schedule) => add(rpc, schedule),
    put: (schedule) => put(rpc, schedule),
    update: (id, changes) => update(rpc, checkId(id), changes),
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
    trigger: (id) => trigger(rpc, checkId(id)),
    backfill: (id, range) => backfill(rpc, checkId(id), range),
    list: () => listSchedules(rpc),
    runsSince: (time) => runsSince(rpc, time),
    pausesSince: (id, time) => pausesSince(rpc, checkId(id), time),
    describe: async (id) => viewOf(await describe(rpc, checkId(id))),
    next: async (id, options) => {
      const { timing, timeZone, onceADay } = (await own(rpc, checkId(id))).definition;
      return times(checkTiming(timing, timeZone, onceADay), options);
    },
    preview: (timing, timeZone, options) => times(checkTiming(timing, timeZone), options),
    createUserReportTask: (userId) => createUserReportTask(rpc, userId),
  };
}

function checkId(id: string): string {
  return validate(scheduleIdSchema, id, 'id');
}

async function describe(rpc: Rpc, id: string): Promise<ScheduleDescription> {
  return rpc.call(id, (client) => client.schedule.getHandle(id).describe());
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

async function add(rpc: Rpc, schedule: NewSchedule): Promise<{ created: boolean }> {
  const definition = checkSchedule(schedule);
  const { id } = definition;
  try {
    await rpc.call(id, (client) => client.schedule.create(toOptions(definition, 'dynamic', schedule.paused)));
    await setClock(rpc, definition);
    return { created: true };
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  await dynamicOnly(rpc, id);
  const described = await describe(rpc, id);
  const differences = differencesBetween(definitionOf(described), foundBehaviour(described), definition);
  if (differences.length === 0) return { created: false };
  const fields = differences.map(({ field, from, to }) => `${field}: has ${from}, got ${to}`).join('; ');
  throw new PerennialError('ScheduleConflict', `expected a new name, got '${id}', which exists with another ${fields}`);
}

async function put(rpc: Rpc, schedule: NewSchedule): Promise<void> {
  try {
    await add(rpc, schedule);
  } catch (error) {
    if (!(error instanceof PerennialError && error.type === 'ScheduleConflict')) throw error;
    await rewrite(rpc, checkSchedule(schedule));
  }
}

async function update(rpc: Rpc, id: string, changes: ScheduleChanges): Promise<void> {
  await rewrite(rpc, checkChanges(await dynamicOnly(rpc, id), changes));
}

/** Triggers a schedule. For a solar schedule it starts the target itself, because the scheduled workflow would wait for the sun. */
async function trigger(rpc: Rpc, id: string): Promise<void> {
  const { timing, target, policy } = (await own(rpc, id)).definition;
  if (!('solar' in timing)) {
    const overlap = policy.overlap === 'allow-all' ? 'ALLOW_ALL' : 'BUFFER_ONE';
    await rpc.call(id, (client) => client.schedule.getHandle(id).trigger(overlap));
    return;
  }
  const { workflowType, args } = targetStart(target);
  const workflowId = `${id}-triggered-${new Date().toISOString()}`;
  await rpc.call(id, (client) =>
    client.workflow.start(workflowType, { workflowId, taskQueue: queues.workflows, args }),
  );
}

async function backfill(rpc: Rpc, id: string, range: Parameters<ScheduleJobs['backfill']>[1]): Promise<BackfillReport> {
  const { dryRun = false, overlap = 'buffer-all', ...bounds } = range;
  const { from, to } = validate(rangeSchema, bounds, 'range');
  const { timing, timeZone, onceADay } = (await own(rpc, id)).definition;
  if ('solar' in timing)
    throw new InvalidInput([{ field: 'id', expected: 'a schedule without the sun; trigger this one', got: id }]);
  const fromMs = instantOf(from);
  const toMs = instantOf(to);
  const due = dueTimes(checkTiming(timing, timeZone, onceADay), fromMs - 1, toMs, MAX_BACKFILL + 1);
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

function times(timing: CompiledTiming, options: NextOptions = {}): readonly Occurrence[] {
  const { count = NEXT, after, showIn } = options;
  if (!Number.isInteger(count) || count < 1 || count > MAX_NEXT)
    throw new InvalidInput([{ field: 'count', expected: `a whole number from 1 to ${MAX_NEXT}`, got: String(count) }]);
  const afterMs = after === undefined ? Date.now() : instantOf(validate(instantSchema, after, 'after'));
  if (showIn !== undefined) checkTiming({ every: { seconds: 1 } }, showIn);
  return forecast(timing, { afterMs, count, ...(showIn === undefined ? {} : { showIn }) });
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
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    }),
  );
  return jobHandle<CreateUserReportOutput>(rpc, workflowId).result();
}
