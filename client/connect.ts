/** Connects to the Temporal server and binds the domains to the connection. */
import { Client, Connection, type TLSConfig } from '@temporalio/client';
import { registerTasks } from '../contracts/register.schema.ts';
import { canvasesAmong, registerCanvases } from '../contracts/canvas/register.schema.ts';
import type { BreakerRecords } from '../contracts/breakers/view.ts';
import type { PriorityLevels } from '../contracts/queues/priorities.ts';
import type { NewSchedule } from '../contracts/schedules/vocabulary.ts';
import { scheduleEntries } from '../schedules/entries.ts';
import { Unavailable } from './connection/errors.ts';
import { payloadConverter, type PayloadStore } from '../payloads/converter.ts';
import { createKeyRing } from '../payloads/key-ring.ts';
import { createRpc } from './connection/rpc.ts';
import { startInTurns } from './connection/start-in-turns.ts';
import type { ClientContext, ClientDomain, ManifestStore } from './domain.ts';
import * as domains from './domains.ts';
import type { AuditRecords } from './audit/types.ts';
import type { DeadLetterRecords } from './dlq/types.ts';
import type { ImportRecords } from './imports/types.ts';
import { canvasStarter } from './canvas/starter.ts';
import { createGate } from './queues/gate.ts';
import { countWorkers } from './queues/workers.ts';
import { taskCaller } from './tasks/caller.ts';
import type { EmptyTasks, OwnTasks } from './tasks/own.ts';
import type { DomainJobs, PerennialClient } from './types.ts';

/**
 * Options of the connection to the Temporal server.
 *
 * @example
 * ```ts
 * import { connectPerennial, type ConnectOptions } from './client/index.ts';
 *
 * const options: ConnectOptions = { address: 'temporal.example.com:7233', namespace: 'production', tls: true };
 * const client = await connectPerennial(options);
 * ```
 */
export interface ConnectOptions<Own extends OwnTasks = EmptyTasks> {
  /** Host and port, for example `localhost:7233`. */
  readonly address: string;
  /** Namespace on the server. @defaultValue `default` */
  readonly namespace?: string | undefined;
  /** `true`, or certificates. @defaultValue `true` with an API key, else no TLS */
  readonly tls?: TLSConfig | boolean | undefined;
  readonly apiKey?: string | undefined;
  /** Deadline of one request, in milliseconds. @defaultValue 10,000 */
  readonly deadlineMs?: number | undefined;
  /**
   * The blob store of the workers, for lists of more than 5,000 entries and payloads of canvases above 32 KiB. Without it,
   * long lists and canvases above 1.5 million characters are refused, and large results cannot be read.
   */
  readonly blobs?: (ManifestStore & PayloadStore) | undefined;
  /** Imports and their rows in the database of the workers. Without them `imports` starts and follows, and shows none. */
  readonly importRecords?: ImportRecords | undefined;
  /** Breakers in the database of the workers, for `breakers`. */
  readonly breakerRecords?: BreakerRecords | undefined;
  /** Dead letters in the database of the workers. Without them `dlq` refuses every call. */
  readonly deadLetterRecords?: DeadLetterRecords | undefined;
  /** What the database of the workers says about work, for `audit`. */
  readonly auditRecords?: AuditRecords | undefined;
  /**
   * The keys of the workers (SEAL_KEYS; of a local stack, the file `seal.keys` in its state folder). They seal what must
   * not stand in a history in plain text: tokens, messages, addresses. Without them, calls that carry such fail with
   * `SealKeyMissing`.
   */
  readonly sealKeys?: string | undefined;
  /** Keys with which the workers encrypt whole payloads (PAYLOAD_KEYS). @defaultValue payloads are readable */
  readonly payloadKeys?: string | undefined;
  /** Schedules that a sync writes to the server. @defaultValue the folder `schedules/` */
  readonly schedules?: readonly NewSchedule[] | undefined;
  /**
   * Tasks and named canvases of the application: the exports of the modules that define them. They are known to this process from then on.
   * @defaultValue those of the product alone
   */
  readonly tasks?: Own | undefined;
  /** Number of priority levels of the server; 10 requires `matching.priorityLevels=10`. @defaultValue 5 */
  readonly priorityLevels?: PriorityLevels | undefined;
  /** Receives warnings about calls that proceed, such as an unknown region. @defaultValue warnings are dropped */
  readonly warn?: ((message: string) => void) | undefined;
  /**
   * Whether to connect with the first request, for processes that start before the server is reachable. @defaultValue false
   */
  readonly lazy?: boolean | undefined;
}

const DEFAULT_DEADLINE_MS = 10_000;

/**
 * Connects to the Temporal server.
 *
 * @throws Unavailable the server cannot be reached within the deadline; never with `lazy`
 *
 * @example
 * ```ts
 * import { connectPerennial } from './client/index.ts';
 *
 * const client = await connectPerennial({ address: 'localhost:7233' });
 * const sum = await client.task('samples.add').call({ a: 1, b: 2 });
 * console.log(await sum.result());
 * await client.close();
 * ```
 */
export async function connectPerennial<Own extends OwnTasks = EmptyTasks>(
  options: ConnectOptions<Own>,
): Promise<PerennialClient<Own>> {
  registerTasks(options.tasks);
  registerCanvases(canvasesAmong(options.tasks));
  const { address, namespace = 'default', deadlineMs = DEFAULT_DEADLINE_MS } = options;
  const settings = {
    address,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
    connectTimeout: deadlineMs,
  };
  const connection = options.lazy ? Connection.lazy(settings) : await open(settings);
  const sealKeys = options.sealKeys === undefined ? undefined : createKeyRing(options.sealKeys, 'sealKeys');
  const dataConverter = payloadConverter({ side: 'client', ...options });
  const rpc = createRpc(
    new Client({ connection, namespace, dataConverter, interceptors: { workflow: [startInTurns] } }),
    address,
    deadlineMs,
    sealKeys,
  );
  const { blobs, schedules = scheduleEntries, priorityLevels = 5, warn = () => undefined } = options;
  const { importRecords, breakerRecords, deadLetterRecords, auditRecords } = options;
  const records = { importRecords, breakerRecords, deadLetterRecords, auditRecords };
  const jobs = connectDomains({ rpc, blobs, ...records, schedules, priorityLevels, warn, gate: createGate(rpc) });
  return {
    ...jobs,
    task: (name) => taskCaller(jobs.tasks, name),
    namedCanvas: (canvas) => canvasStarter(jobs.canvas, canvas),
    ping: async () => {
      await rpc.call('server', () => connection.workflowService.getSystemInfo({}));
    },
    countWorkers: () => countWorkers(rpc),
    close: async () => {
      rpc.close();
      await connection.close();
    },
  };
}

/** Binds every domain to the connection. */
function connectDomains(context: ClientContext): DomainJobs {
  return Object.fromEntries(
    Object.entries<ClientDomain>(domains).map(([name, connect]) => [name, connect(context)]),
  ) as DomainJobs; // `fromEntries` loses the types
}

async function open(settings: { address: string; connectTimeout: number }): Promise<Connection> {
  try {
    return await Connection.connect(settings);
  } catch (error) {
    throw new Unavailable(`Temporal at ${settings.address} cannot be reached.`, error);
  }
}
