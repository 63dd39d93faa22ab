/** Opens the connection to Perennial. */
import { Client, Connection, type TLSConfig } from '@temporalio/client';
import proto from '@temporalio/proto';
import { activityQueues } from '../contracts/catalogue.ts';
import { queues } from '../contracts/queues/names.ts';
import type { ScheduleDefinition } from '../contracts/schedules/vocabulary.ts';
import { scheduleEntries } from '../schedules/entries.ts';
import type { PriorityLevels } from '../contracts/queues/priorities.ts';
import { createCanvasJobs } from './canvas/jobs.ts';
import { createDocumentJobs } from './documents/jobs.ts';
import { createEmailJobs } from './email/jobs.ts';
import { Unavailable } from './connection/errors.ts';
import { createImportJobs } from './imports/jobs.ts';
import { createHousekeepingJobs } from './housekeeping/jobs.ts';
import type { ManifestStore } from './connection/manifest.ts';
import { payloadConverter, type PayloadStore } from '../payloads/converter.ts';
import { createQueueControls } from './queues/controls.ts';
import { createReportJobs } from './reports/jobs.ts';
import { createRpc, type Rpc } from './connection/rpc.ts';
import { createScheduleJobs } from './schedules/jobs.ts';
import { createTasks } from './tasks/jobs.ts';
import type { PerennialClient } from './types.ts';

/** Where the Temporal server is and how to speak to it. */
export interface ConnectOptions {
  /** Host and port, for example `localhost:7233`. */
  readonly address: string;
  /** Which of the server's namespaces. @defaultValue `default` */
  readonly namespace?: string | undefined;
  /** `true`, or certificates; switched on by itself when an API key is given. */
  readonly tls?: TLSConfig | boolean | undefined;
  readonly apiKey?: string | undefined;
  /** Longest time for one call, in milliseconds. @defaultValue 10,000 */
  readonly deadlineMs?: number | undefined;
  /**
   * The blob store of the workers. It takes lists of more than 5,000 entries, and
   * what canvases carry beyond 32 KiB. Without it long lists and canvases above
   * 1.5 million characters are refused, and large results cannot be read.
   */
  readonly blobs?: (ManifestStore & PayloadStore) | undefined;
  /** What a sync of schedules brings to the server. @defaultValue those of the folder `schedules/` */
  readonly schedules?: readonly ScheduleDefinition[] | undefined;
  /** Priorities that the server tells apart: 10 only where it runs with `matching.priorityLevels=10`. @defaultValue 5 */
  readonly priorityLevels?: PriorityLevels | undefined;
  /** Told what a call should know although it goes on, such as an unknown region. @defaultValue nobody */
  readonly warn?: ((message: string) => void) | undefined;
  /**
   * Connects with the first call instead of now, for processes that must come
   * up while the server is still away. @defaultValue false
   */
  readonly lazy?: boolean | undefined;
}

const DEFAULT_DEADLINE_MS = 10_000;

/**
 * A poller renews its long poll every minute; the server remembers it for
 * five. Counting only fresh ones notices a killed worker soon.
 */
const POLLER_FRESH_MS = 75_000;

const { TaskQueueType } = proto.temporal.api.enums.v1;

/**
 * Connects to the Temporal server.
 *
 * @throws Unavailable when it cannot be reached within the deadline (not with `lazy`)
 */
export async function connectPerennial(options: ConnectOptions): Promise<PerennialClient> {
  const { address, namespace = 'default', deadlineMs = DEFAULT_DEADLINE_MS } = options;
  const settings = {
    address,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
    connectTimeout: deadlineMs,
  };
  const connection = options.lazy ? Connection.lazy(settings) : await open(settings);
  const rpc = createRpc(
    new Client({ connection, namespace, dataConverter: payloadConverter(options.blobs) }),
    address,
    deadlineMs,
  );
  const { controls, gate } = createQueueControls(rpc);
  const { priorityLevels = 5, warn = () => undefined } = options;
  const tasks = createTasks(rpc, { priorityLevels, gate, warn });
  return {
    task: (name) => tasks.task(name),
    tasks: tasks.jobs,
    queues: controls,
    canvas: createCanvasJobs(rpc),
    documents: createDocumentJobs(rpc, options.blobs),
    housekeeping: createHousekeepingJobs(rpc),
    email: createEmailJobs(rpc, { blobs: options.blobs, priorityLevels }),
    imports: createImportJobs(rpc),
    reports: createReportJobs(rpc),
    schedules: createScheduleJobs(rpc, options.schedules ?? scheduleEntries),
    ping: async () => {
      await rpc.call('server', () => connection.workflowService.getSystemInfo({}));
    },
    countWorkers: () => countWorkers(rpc, connection, namespace),
    close: () => connection.close(),
  };
}

async function open(settings: { address: string; connectTimeout: number }): Promise<Connection> {
  try {
    return await Connection.connect(settings);
  } catch (error) {
    throw new Unavailable(`Temporal at ${settings.address} cannot be reached.`, error);
  }
}

async function countWorkers(rpc: Rpc, connection: Connection, namespace: string): Promise<number> {
  const perQueue = await Promise.all(
    [queues.workflows, ...activityQueues].map(async (name) => {
      const kind =
        name === queues.workflows ? TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW : TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY;
      const answer = await rpc.call(name, () =>
        connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType: kind }),
      );
      const oldest = Date.now() / 1000 - POLLER_FRESH_MS / 1000;
      return answer.pollers
        .filter((poller) => Number(poller.lastAccessTime?.seconds ?? 0) >= oldest)
        .map((poller) => poller.identity);
    }),
  );
  return perQueue.some((pollers) => pollers.length === 0) ? 0 : new Set(perQueue.flat()).size;
}
