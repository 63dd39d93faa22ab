/** Builds the Temporal workers of one process from its fleet. */
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities, Activity } from '../activities/shell/activity.ts';
import { createPack, PACK_BEAT_MS } from '../activities/shell/pack.ts';
import { payloadConverter, type PayloadStore } from '../payloads/converter.ts';
import { allTasks } from '../contracts/register.schema.ts';
import { PACK_ACTIVITY } from '../contracts/tasks/packs.ts';
import { queues } from '../contracts/queues/names.ts';
import { regionOf } from '../contracts/queues/regions.ts';
import { bundleWorkflows } from './bundle.ts';
import type { Fleet } from './fleets.ts';
import { sealFailures } from './seal-failures.ts';

/** What {@link createWorkers} needs. */
export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly fleet: Fleet;
  readonly activities: Activities;
  /** Stores large payloads; without it they stay in histories. */
  readonly blobs?: PayloadStore;
  /** Keys of sealed values: those of the clients. */
  readonly sealKeys: string;
  /** Keys of encrypted payloads; without them payloads are readable. */
  readonly payloadKeys?: string | undefined;
  readonly maxCachedWorkflows: number;
  /** Time that running activities may take after a stop was requested, in milliseconds. */
  readonly shutdownGraceMs: number;
  /** Workflows bundled ahead. @defaultValue built here */
  readonly workflowBundle?: NonNullable<WorkerOptions['workflowBundle']> | undefined;
}

/**
 * How long the server reserves a workflow task for the process that has the workflow in its cache. When that process
 * was killed, the workflow waits this long; a living one answers within milliseconds, and a slow one only costs another
 * process a replay. The SDK's default is 10 s.
 */
const KEPT_FOR_CACHE = '3s';

/** Creates one worker for each queue of the fleet; none of them runs yet. */
export async function createWorkers(options: WorkersOptions): Promise<readonly Worker[]> {
  const { fleet, maxCachedWorkflows } = options;
  const common = {
    connection: options.connection,
    namespace: options.namespace,
    dataConverter: payloadConverter({ side: 'worker', ...options }),
    shutdownGraceTime: options.shutdownGraceMs,
  } satisfies Partial<WorkerOptions>;
  const workers: Worker[] = [];
  if (fleet.workflows) {
    const workflowBundle = options.workflowBundle ?? (await bundleWorkflows());
    workers.push(
      await Worker.create({
        ...common,
        taskQueue: queues.workflows,
        workflowBundle,
        maxCachedWorkflows,
        stickyQueueScheduleToStartTimeout: KEPT_FOR_CACHE,
      }),
    );
  }
  for (const { queue, slots, perSecond } of fleet.activities) {
    const activities = activitiesOf(queue, options.activities);
    workers.push(
      await Worker.create({
        ...common,
        taskQueue: queue,
        activities,
        maxConcurrentActivityTaskExecutions: slots,
        interceptors: { activity: [sealFailures] },
        // The details of heartbeats are all that survives a kill, and the SDK would hold them back for seconds.
        maxHeartbeatThrottleInterval: PACK_BEAT_MS,
        ...(perSecond === undefined ? {} : { maxTaskQueueActivitiesPerSecond: perSecond }),
      }),
    );
  }
  return workers;
}

/**
 * Returns the activities to register for one queue: every task, because a call may name a queue other than the task's
 * own. A task whose data must not leave a region is registered in that region only.
 */
function activitiesOf(queue: string, activities: Activities): object {
  const registered: Record<string, Activity> = {};
  const region = regionOf(queue);
  for (const { name, residency } of allTasks()) {
    if (residency !== undefined && residency !== region) continue;
    const activity = activities[name];
    if (activity === undefined)
      throw new TypeError(`expected an activity for each task of ${queue}, got none for ${name}`);
    registered[name] = activity;
  }
  return { ...registered, [PACK_ACTIVITY]: createPack(registered) };
}
