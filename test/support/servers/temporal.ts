/**
 * Where a test file finds Temporal: a namespace of its own on the server of the
 * run, which the first file that asks starts and `global-setup.ts` stops, or a
 * server of its own.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, ScheduleNotFoundError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { RESULTS_KEPT_SECONDS, searchAttributeTypes } from '../../../contracts/tasks/calls.ts';
import { writeJson } from '../../../stack/state.ts';
import { findTemporal } from '../../../stack/temporal/binary.ts';
import { startTemporalServer, type TemporalServer } from '../../../stack/temporal/server.ts';
import { runFolder } from './run-folder.ts';

/** A namespace that nobody else uses. */
export interface Endpoint {
  /** `host:port`. */
  readonly address: string;
  readonly namespace: string;
  /** Keys of sealed values, for clients and workers. */
  readonly sealKeys: string;
}

/** What a file that is done gives back. */
export interface OpenedEndpoint {
  readonly endpoint: Endpoint;
  release(): Promise<void>;
}

/** File in the run's folder with the process id of its server. */
export const TEMPORAL_NOTE = 'temporal-server.json';

/** The same for all files: histories that are recorded can be opened again. */
export const TEST_SEAL_KEYS = `test:${Buffer.alloc(32, 'perennial').toString('base64')}`;

/** Servers look for new namespaces and their attributes every two seconds unless they are told otherwise. */
const LEARN_EVERY_MS = 100;

/** Opens a namespace on the server of this run; without a run, on a server of its own. */
export async function openNamespace(): Promise<OpenedEndpoint> {
  const folder = runFolder();
  if (folder === undefined) return openServer();
  const server = await launch(path.join(folder, 'temporal'), {
    'system.namespaceCacheRefreshInterval': `"${LEARN_EVERY_MS}ms"`,
  });
  writeJson(path.join(folder, TEMPORAL_NOTE), { pid: server.pid });
  const connection = await Connection.connect({ address: server.address });
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  await createNamespace(connection, namespace);
  return {
    endpoint: { address: server.address, namespace, sealKeys: TEST_SEAL_KEYS },
    release: async () => {
      await removeSchedules(new Client({ connection, namespace }));
      await connection.close();
    },
  };
}

/** Starts a server for one file, with settings that concern all namespaces of a server. */
export async function openServer(dynamicConfig: Readonly<Record<string, string>> = {}): Promise<OpenedEndpoint> {
  const stateDir = await mkdtemp(path.join(tmpdir(), 'perennial-test-temporal-'));
  const server = await launch(stateDir, dynamicConfig);
  return {
    endpoint: { address: server.address, namespace: 'default', sealKeys: TEST_SEAL_KEYS },
    release: async () => {
      await server.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

async function launch(stateDir: string, dynamicConfig: Readonly<Record<string, string>>): Promise<TemporalServer> {
  const binary = await findTemporal({ log: (line) => process.stderr.write(`${line}\n`) });
  return startTemporalServer({
    binary: binary.path,
    stateDir,
    port: 0,
    uiPort: 0,
    dynamicConfig,
    searchAttributes: searchAttributeTypes,
  });
}

const { IndexedValueType } = proto.temporal.api.enums.v1;
const TYPES = {
  Keyword: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  KeywordList: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
} as const;

async function createNamespace(connection: Connection, namespace: string): Promise<void> {
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: RESULTS_KEPT_SECONDS as never }, // the generated type wants a Long
  });
  await learned(() =>
    connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(
        Object.entries(searchAttributeTypes).map(([name, type]) => [name, TYPES[type]]),
      ),
    }),
  );
  const query = Object.keys(searchAttributeTypes)
    .map((name) => `${name} = 'x'`)
    .join(' or ');
  await learned(() => connection.workflowService.countWorkflowExecutions({ namespace, query }));
  // The part of the server that answered has learned it; the others look as often.
  await sleep(2 * LEARN_EVERY_MS);
}

/** Asks until the server knows what it was told; fails with its own words. */
async function learned(ask: () => Promise<unknown>): Promise<void> {
  for (let waited = 0; ; waited += LEARN_EVERY_MS / 4) {
    try {
      await ask();
      return;
    } catch (error) {
      if (waited > 20_000) throw error;
      await sleep(LEARN_EVERY_MS / 4);
    }
  }
}

/** They would start runs for as long as the server lives. */
async function removeSchedules(client: Client): Promise<void> {
  for await (const { scheduleId } of client.schedule.list())
    await client.schedule
      .getHandle(scheduleId)
      .delete()
      .catch((error: unknown) => {
        // The server still lists a schedule that has just run for the last time.
        if (!(error instanceof ScheduleNotFoundError)) throw error;
      });
}
