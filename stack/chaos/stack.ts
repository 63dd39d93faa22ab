/** The stack of a run of chaos: two workers, every server behind a proxy, nothing of it shared with anybody. */
import { fileURLToPath } from 'node:url';
import { connectPerennial, type PerennialClient } from '../../client/index.ts';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/types.ts';
import { configVariables } from '../../config/table.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import { createAuditRecords } from '../../services/audit/postgres.ts';
import { createDatabase } from '../../services/database/pool.ts';
import { createDeadLetterRecords } from '../../services/dlq/records.ts';
import type { ReachedServer, StackOptions, WorkerSpec } from '../context.ts';
import { sealKeysOf } from '../seal-keys.ts';
import { startStack, type Stack } from '../supervisor.ts';
import type { Doors } from './asking.ts';
import type { FarEndPlaces } from './far-end.ts';
import type { Target } from './strike.ts';
import { openWire, splitAddress, type Wire } from './wire.ts';

/** A running stack with what chaos does to it and how it looks at it. */
export interface ChaosStack {
  readonly target: Target;
  readonly doors: Doors;
  readonly farEnd: FarEndPlaces;
  readonly client: PerennialClient;
  stop(): Promise<void>;
}

/** Any free port, for each part. */
const FREE_PORTS = {
  TEMPORAL_PORT: '0',
  UI_PORT: '0',
  API_PORT: '0',
  HEALTH_PORT: '0',
  METRICS_PORT: '0',
  INBOX_PORT: '0',
  INBOX_SMTP_PORT: '0',
} as const;

const SETTINGS = {
  ...FREE_PORTS,
  // A run of minutes must see the end of retries whose delays are minutes.
  RETRY_DELAY_SCALE: '0.02',
  SCHEDULES_SYNC: 'false',
  SHUTDOWN_GRACE_MS: '2000',
  INBOX_MAX_MESSAGES: '1000000',
  OCR_PROCESSES: '1',
} as const;

/** The supervisor's pause before a restart; the same process is killed again and again. */
const LONGEST_PAUSE_MS = SECOND_MS;

/** Either may be killed: the other goes on. */
const WORKERS: readonly WorkerSpec[] = [
  { name: 'worker-1', fleet: 'all' },
  { name: 'worker-2', fleet: 'all' },
];

/** Starts the stack in a folder. @throws Error when a part does not start; what had started is stopped */
export async function startChaosStack({
  folder,
  env,
  ...options
}: Pick<StackOptions, 'log'> & {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}): Promise<ChaosStack> {
  const own = Object.entries(env).filter(([name]) => !configVariables.has(name) || name === 'WORKFLOW_BUNDLE');
  const config = loadConfig({ ...Object.fromEntries(own), ...SETTINGS, STATE_DIR: folder });
  const wires: Partial<Record<ReachedServer, Wire>> = {};
  const closeWires = async (): Promise<void> => {
    await Promise.all(Object.values(wires).map((wire) => wire.close()));
  };
  const stack = await startStack({
    ...options,
    config,
    longestPauseMs: LONGEST_PAUSE_MS,
    workers: WORKERS,
    reach: async (server, address) => {
      const { port, withPort } = splitAddress(address);
      const wire = await openWire(port);
      wires[server] = wire;
      return withPort(wire.port);
    },
  }).catch(async (error: unknown) => {
    await closeWires();
    throw error;
  });
  return connected(stack, config, { wires: present(wires), closeWires });
}

/** Refuses a stack without one of its servers. */
function present(wires: Partial<Record<ReachedServer, Wire>>): Target['wires'] {
  const { postgres, temporal, inbox } = wires;
  if (postgres === undefined || temporal === undefined || inbox === undefined)
    throw new Error(`expected a stack with all of its servers, got ${Object.keys(wires).join(', ')}`);
  return { postgres, temporal, inbox };
}

/** Connects past the proxies: who counts must see what is there. */
async function connected(
  stack: Stack,
  config: Config,
  { wires, closeWires }: { readonly wires: Target['wires']; readonly closeWires: () => Promise<void> },
): Promise<ChaosStack> {
  const { temporal: address, namespace, database: url, api = '', inbox = '' } = stack.addresses;
  const database = createDatabase({ url });
  const client = await connectPerennial({
    address,
    namespace,
    sealKeys: sealKeysOf(config),
    deadLetterRecords: createDeadLetterRecords(database),
    auditRecords: createAuditRecords(database),
  });
  return {
    target: { processes: stack.processes, wires, blobs: fileURLToPath(config.blobs.url) },
    doors: { client, api },
    farEnd: { database, inbox },
    client,
    stop: async () => {
      await client.close();
      await database.close();
      await stack.stop();
      await closeWires();
    },
  };
}
