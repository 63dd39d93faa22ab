/** The stack of a run of chaos: two workers, every server behind a proxy, nothing of it shared with anybody. */
import { fileURLToPath } from 'node:url';
import { connectPerennial, type PerennialClient } from '../../client/index.ts';
import { loadConfig } from '../../config/load.ts';
import { configVariables } from '../../config/table.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import { createAuditRecords } from '../../services/audit/postgres.ts';
import { createDatabase } from '../../services/database/pool.ts';
import { createDeadLetterRecords } from '../../services/dlq/records.ts';
import type { ReachedServer, StackOptions } from '../context.ts';
import { sealKeysOf } from '../seal-keys.ts';
import { startStack } from '../supervisor.ts';
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
  const closeWires = (): Promise<unknown> => Promise.all(Object.values(wires).map((wire) => wire.close()));
  const stack = await startStack({
    ...options,
    config,
    longestPauseMs: LONGEST_PAUSE_MS,
    workers: [
      { name: 'worker-1', fleet: 'all' },
      { name: 'worker-2', fleet: 'all' },
    ],
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
  const { temporal: address, namespace, database: url, api, inbox } = stack.addresses;
  const { postgres, temporal, inbox: mail } = wires;
  if (
    postgres === undefined ||
    temporal === undefined ||
    mail === undefined ||
    api === undefined ||
    inbox === undefined
  )
    throw new Error('expected a stack with all of its parts');
  const database = createDatabase({ url });
  const client = await connectPerennial({
    address,
    namespace,
    sealKeys: sealKeysOf(config),
    deadLetterRecords: createDeadLetterRecords(database),
    auditRecords: createAuditRecords(database),
  });
  return {
    target: {
      processes: stack.processes,
      wires: { postgres, temporal, inbox: mail },
      blobs: fileURLToPath(config.blobs.url),
    },
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
